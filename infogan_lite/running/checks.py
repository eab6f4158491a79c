"""What a file says is checked before it is used: one ValueError names the file and the field."""

import hashlib
import json
import math
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from infogan_lite.running.sizes import in_short, largest, least_weights
from infogan_lite.settings import Settings

KEYS = {"settings", "image_shape", "notes", "run", "version", "sha256", "format"}
NAMES = {  # of dtypes, in safetensors
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float32: "F32",
    torch.float64: "F64",
    torch.int64: "I64",
    torch.int8: "I8",
    torch.uint8: "U8",
}
NEVER_NEGATIVE = ("running_var", "num_batches_tracked", "exp_avg_sq", "scale")
SIDE = 2**16  # pixels; a longer side of a picture is a mistake

Layout = dict[str, tuple[str, tuple[int, ...]]]  # dtype and shape of each tensor by its name


def need(good: bool, path: str | Path, field: str, found: object, wanted: str) -> None:
    """One sentence for all that can be wrong with a file.

    Raises:
        ValueError: unless ``good``.
    """
    if not good:
        found = found if isinstance(found, Kind) else reprlib.repr(found)
        raise ValueError(f"{path}: {field} is {found}, must be {wanted}")


class Kind(str):
    """A word such as *missing* in the place of a value that was found."""


@contextmanager
def opened(path: str | Path) -> Iterator[safe_open]:
    """A file of tensors, whose header safetensors has found to be whole."""
    if not Path(path).expanduser().is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}: train one and save it there")
    try:
        with safe_open(Path(path).expanduser(), "pt") as file:
            yield file
    except SafetensorError as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}): copy or save it again"
        ) from error


def about(path: str | Path, file: safe_open) -> dict[str, str]:
    """The texts in the header of a file."""
    metadata = file.metadata() or {}
    other = sorted(metadata.keys() - KEYS)
    need(not other, path, "header", other, f"of the fields {', '.join(sorted(KEYS))}")
    why = "there: what version 0.2.0 or another program wrote cannot be read, so train again"
    for field in ("version", "sha256"):
        need(field in metadata, path, field, Kind("missing"), why)
    return metadata


def read_json(path: str | Path, metadata: Mapping[str, str], field: str) -> object:
    """The value of a field that is written as JSON."""
    need(field in metadata, path, field, Kind("missing"), "there: is this file of infogan_lite?")
    try:
        return json.loads(metadata[field])
    except (ValueError, RecursionError):
        need(False, path, field, metadata[field], "JSON")


# --- Settings -------------------------------------------------------------------------


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def is_number(value: object) -> bool:
    return is_whole(value) or isinstance(value, float)


def are_whole(values: object) -> bool:
    return isinstance(values, list) and all(map(is_whole, values))


KINDS = {
    bool: (lambda value: isinstance(value, bool), "true or false"),
    int: (is_whole, "a whole number"),
    float: (is_number, "a number"),
    str: (lambda value: isinstance(value, str), "a text"),
    dict: (lambda value: isinstance(value, dict), "a table of names and values"),
}


def need_kind(path: str | Path, field: str, value: object, kind: type) -> None:
    good, wanted = KINDS[kind]
    need(good(value), path, field, value, wanted)


def read_image_shape(path: str | Path, metadata: Mapping[str, str]) -> tuple[int, int, int]:
    """Channels, height and width of the pictures that the model in a file makes."""
    shape = read_json(path, metadata, "image_shape")
    good = are_whole(shape) and len(shape) == 3 and min(shape) >= 1 and max(shape) <= SIDE
    need(good, path, "image_shape", shape, f"channels, height and width, each 1 to {SIDE}")
    return tuple(shape)


def need_room(
    path: str | Path, file: safe_open, settings: Settings, image_shape: tuple[int, int, int]
) -> None:
    """Nets that are larger than the file are not built: it cannot hold their weights."""
    found = sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
    wanted = least_weights(settings, image_shape)
    need(
        wanted <= found,
        *(path, "settings", Kind(f"for {in_short(wanted)} weights or more ({largest(settings)})")),
        f"for at most the {found} that are in the file",
    )


# --- Tensors --------------------------------------------------------------------------


def layout(tensors: Mapping[str, Tensor]) -> Layout:
    """Names, dtypes and shapes."""
    return {name: (NAMES[t.dtype], tuple(t.shape)) for name, t in tensors.items()}


def read_tensors(
    path: str | Path, file: safe_open, metadata: Mapping[str, str], wanted: Layout
) -> dict[str, Tensor]:
    """All tensors of a file, if they are the wanted ones, finite, and as they were written."""
    names = list(file.keys())
    need_names(path, names, wanted)
    for name, (dtype, shape) in wanted.items():
        stored = file.get_slice(name)
        found = (stored.get_dtype(), tuple(stored.get_shape()))
        need(found[1] == shape, path, f"the shape of {name}", found[1], f"{shape}")
        need(found[0] == dtype, path, f"the dtype of {name}", found[0], dtype)
    tensors = {name: file.get_tensor(name) for name in names}
    found, written = checksum(tensors, metadata), metadata["sha256"]
    need(found == written, path, "sha256", written, f"{found}: the file is damaged")
    for name, tensor in tensors.items():
        bad = tensor[~torch.isfinite(tensor)]
        need(not len(bad), path, name, bad[:1].tolist(), "finite")
        if name.endswith(NEVER_NEGATIVE):
            low = tensor.min().item() if tensor.numel() else 0  # no uniform factors, no weights
            need(low >= 0, path, name, low, "nowhere below 0")
    return tensors


def need_names(path: str | Path, names: Iterable[str], wanted: Layout) -> None:
    missing = sorted(wanted.keys() - names)
    need(not missing, path, ", ".join(missing[:3]), Kind("missing"), "there")
    other = sorted(set(names) - wanted.keys())
    need(not other, path, ", ".join(other[:3]), Kind("there"), "left out: the nets have no such")


def checksum(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> str:
    """SHA-256 of all that is in a file, in the order of the names."""
    sha = hashlib.sha256()
    for name in sorted(metadata.keys() - {"sha256"}):
        sha.update(f"{name} {len(metadata[name])} {metadata[name]}".encode())
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        sha.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        sha.update(tensor.reshape(-1).view(torch.uint8).numpy())  # of any dtype
    return sha.hexdigest()
