"""Thousands of damaged and of crafted files: each is read as it should be, or refused with reasons.

Half of the mutations are of a file as it lies on the disk, half are of what it says, with the
checksum made right again, as somebody would who wants to do harm.
"""

import json
import os
import re
import struct
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
import torch
from safetensors.torch import load_file, save

from infogan_lite import InfoGAN, LatentCode, Settings, train
from infogan_lite.history import start
from infogan_lite.running import checkpoints, checks, runs

FILES = 2000
FIRST = int(os.environ.get("INFOGAN_FUZZ", "0"))  # other files: INFOGAN_FUZZ=2000, 4000, ...
ODD = [None, True, -1, 0, 1, 3, 2**31, 2**63, 10**400, 0.5, -1e308, float("nan"), float("inf")]
ODD += [
    "",
    "x" * 99_999,
    "\x00",
    10**4200,
    -(10**4200),
    [],
    [[]],
    [0],
    [10**9],
    [2] * 500,
    {},
    {"a": 1},
    {"code": {}},
]
TINY = Settings(
    code=LatentCode((3,), 1), z_dim=2, channels=(4,), hidden=6, q_hidden=4, batch_size=4, steps=4
)
IMAGES = torch.rand(8, 1, 4, 4, generator=torch.Generator().manual_seed(0))


def whole_file(kind: str, path: Path) -> None:
    """A small model or a run in the middle."""
    run = start(replace(TINY, log_every=1), (1, 4, 4))

    def press(model, history):
        if run.step == 3:
            raise KeyboardInterrupt

    train(IMAGES, run.model.settings, [press], run=run)
    if kind == "run":
        runs.save_run(run, path)
    else:
        checkpoints.save(run.model, path, half=kind == "half", data="x", error=0.1)


def metadata(content: bytes) -> dict[str, str]:
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length])["__metadata__"]


# --- Damage: bytes of the file --------------------------------------------------------


def damage(content: bytes, random: Random) -> bytes:
    """Bits flipped, parts cut out, doubled, or set to zero."""
    content = bytearray(content)
    (length,) = struct.unpack("<Q", content[:8])
    parts = [(0, 8), (8, 8 + length), (8 + length, len(content)), (0, len(content))]
    first, last = random.choice(parts)
    for _ in range(random.choice([1, 1, 2, 20])):
        at, n = random.randrange(first, last), random.choice([1, 1, 2, 8, 100])
        match random.randrange(5):
            case 0:
                content[at] ^= 1 << random.randrange(8)
            case 1:
                del content[at : at + n]
            case 2:
                content[at:at] = content[at : at + n]
            case 3:
                content[at : at + n] = bytes(len(content[at : at + n]))
            case 4:
                content[at] = random.randrange(256)
        last = max(min(last, len(content)), first + 1)
        if last > len(content):
            break
    return bytes(content)


# --- Craft: a whole file that says something else -------------------------------------


def craft(path: Path, random: Random) -> bytes:
    """Another value somewhere, and the checksum made right again."""
    tensors, texts = dict(read_whole(path)), metadata(path.read_bytes())
    for _ in range(random.choice([1, 1, 2])):
        if random.random() < 0.5:
            change_text(texts, random)
        else:
            change_tensor(tensors, random)
    texts["sha256"] = checks.checksum(tensors, texts)
    return save(tensors, texts)


@cache
def read_whole(path: Path) -> dict[str, torch.Tensor]:
    return load_file(path)


def change_text(texts: dict[str, str], random: Random) -> None:
    name = random.choice(sorted(texts))
    match random.randrange(6):
        case 0:
            del texts[name]
        case 1:
            texts[random.choice(["run", "notes", "author"])] = "{}"
        case 2:
            texts[name] = random.choice(
                ["", "null", "[" * 10**5, "{", '"', "1e999", "NaN", "9" * 5000]
            )
        case _ if texts[name][:1] in ("{", "[") and len(texts[name]) < 9999:
            texts[name] = json.dumps(change_value(json.loads(texts[name]), random))
        case _:
            texts[name] = texts[name][::-1]


def change_value(value: object, random: Random) -> object:
    """Go down somewhere, and there add, take away, or put something odd."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        name = random.choice(sorted(value))
        match random.randrange(10):
            case 0:
                return {k: v for k, v in value.items() if k != name}
            case 1:
                return value | {"other": 1}
            case _:
                return value | {name: change_value(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.6:
        at = random.randrange(len(value))
        return [*value[:at], change_value(value[at], random), *value[at + 1 :]]
    if isinstance(value, int) and random.random() < 0.3:
        return value + random.choice([-1, 1, 2, 100])
    return random.choice(ODD)


def change_tensor(tensors: dict[str, torch.Tensor], random: Random) -> None:
    name = random.choice(sorted(tensors))
    tensor = tensors[name].contiguous().clone()
    match random.randrange(7):
        case 0:
            del tensors[name]
            return
        case 1:
            tensors[random.choice(["other", f"{name}:scale", "adam_g.99.step"])] = tensor
            return
        case 2:
            tensor = torch.cat([tensor.reshape(-1)] * 2)[: random.randrange(1, 9)]
        case 3:
            kind = random.choice([torch.float16, torch.float64, torch.int8, torch.bool])
            tensor = tensor.to(kind)
        case 4:
            tensor = tensor.unsqueeze(random.randrange(tensor.ndim + 1))
        case _:
            flat = tensor.reshape(-1).view(torch.uint8) if tensor.ndim else tensor.reshape(1)
            for _ in range(random.choice([1, 4, 4000])):
                if tensor.ndim:
                    flat[random.randrange(len(flat))] = random.randrange(256)
                else:
                    flat[0] = random.choice([-1, 0, 7, 2**30])
    tensors[name] = tensor


# --- What must hold -------------------------------------------------------------------


def check_named(error: Exception) -> str:
    """Which check refused a file: the field that the sentence names, without its details."""
    said = str(error)
    for known in ("not a whole safetensors file", "holds no run", "was on the device"):
        if known in said:
            return known
    field = re.search(r"damaged: (the \w+ of )?([\w.:]+)", said)
    assert field, said
    return (field[1] or "") + re.sub(r"\d+", "i", ".".join(field[2].split(".")[:3]))


def use(kind: str, path: Path) -> None:
    """Whatever is read must also work."""
    if kind == "run":
        run = runs.load_run(path, "cpu")
        run.generator.get_state()
        torch.randn(700, generator=run.generator)
        return
    model = checkpoints.load(path)
    assert isinstance(model, InfoGAN)
    assert all(t.isfinite().all() for t in model.state_dict().values())
    checkpoints.read_notes(path)
    model.sample(2)


def read_or_refuse(kind: str, whole: Path, seed: int) -> tuple[str, str]:
    """Where a changed file comes from, and what came of it."""
    random, content, changed = Random(seed), whole.read_bytes(), whole.with_name("damaged")
    crafted = random.random() < 0.5
    other = craft(whole, random) if crafted else damage(content, random)
    changed.write_bytes(other)
    origin = "crafted" if crafted else "damaged"
    try:
        use(kind, changed)
    except (ValueError, OSError) as error:
        assert "\n" not in str(error) and len(str(error)) < 1000, str(error)
        return origin, check_named(error)
    assert crafted or other == content, "damage that nobody notices"
    return origin, "read: the same" if other == content else "read: another, and good"


@pytest.mark.unix  # which says how much memory a process took
@pytest.mark.filterwarnings("ignore:the run in")  # of another version of torch, it says
@pytest.mark.parametrize("kind", ["model", "half", "run"])
def test_no_file_does_more_than_be_refused(tmp_path, kind, record_property):
    import resource

    path, counts = tmp_path / "whole", Counter()
    whole_file(kind, path)
    use(kind, path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(FIRST, FIRST + FILES):
        try:
            counts[read_or_refuse(kind, path, seed)] += 1
        except Exception as error:
            error.add_note(f"{kind}, seed {seed}")
            raise
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kB on Linux
    print(kind, sum(counts.values()), "files;", grown, "kB more")
    for (origin, check), n in sorted(counts.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"  {origin:8} {n:5} {check}")
    record_property("refusals", str(counts))
    crafted = sum(n for (origin, _), n in counts.items() if origin == "crafted")
    assert 0.4 * FILES < crafted < 0.6 * FILES
    assert grown < 100_000
