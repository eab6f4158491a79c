"""Save a model and load it again: safetensors, never pickle."""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

import infogan_lite
from infogan_lite.history import Run, start
from infogan_lite.networks import InfoGAN
from infogan_lite.running import checks, stored_settings
from infogan_lite.running.files import write_whole

WEIGHTS = Path(__file__).parent / "weights"


def save(model: InfoGAN, path: str | Path, half: bool = False, **notes) -> None:
    """Write weights, settings and notes (text or numbers) to one .safetensors file.

    Args:
        model, path: what, and where to.
        half: keep the numbers as float16: half of the size.
        notes: what a reader should know: data, seed, result, versions.

    Raises:
        OSError: if the folder is missing, not writable, or the disk is full.
        TypeError: for a note that is neither text nor numbers.
        ValueError: for weights that are NaN or infinite, or beyond float16.
    """
    weights = dict(model.state_dict())
    if half:
        weights = kept_as(torch.float16, weights)
    write(weights, path, {**describe(model), "notes": as_json(notes)})


def kept_as(kind: torch.dtype, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights in another kind of floats; counts as they are."""
    return {name: t.to(kind) if t.is_floating_point() else t for name, t in weights.items()}


def load(path: str | Path) -> InfoGAN:
    """Read a model that ``save`` wrote; it comes back in eval mode on the CPU.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is truncated, or not a checkpoint of this package, or its
            weights do not fit its settings.
    """
    with checks.opened(path) as file:
        metadata = checks.about(path, file)
        checks.need("run" not in metadata, path, "content", checks.Kind("a run"), "a model")
        model = fresh_run(path, file, metadata).model
        wanted = dict(model.state_dict())
        found = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
        for kind in (torch.float16, torch.bfloat16, torch.float64):
            if checks.NAMES[kind] in found:
                wanted = kept_as(kind, wanted)
        weights = checks.read_tensors(path, file, metadata, checks.layout(wanted))
    model.load_state_dict(weights)
    for name, weight in model.state_dict().items():
        good, kind = bool(weight.isfinite().all()), checks.NAMES[weight.dtype]
        checks.need(good, path, name, checks.Kind("too large"), f"within the range of {kind}")
    return model.eval()


def read_notes(path: str | Path) -> dict:
    """The notes that were saved with a model: data, seed, result, versions."""
    with checks.opened(path) as file:
        notes = checks.read_json(path, {"notes": "{}"} | checks.about(path, file), "notes")
    checks.need_kind(path, "notes", notes, dict)
    return notes


def pretrained(name: str = "infogan") -> InfoGAN:
    """A model that comes with the package: ``infogan``, or ``gan`` (lambda = 0) beside it.

    ``read_notes(checkpoints.WEIGHTS / "infogan.safetensors")`` tells how it was made.

    Raises:
        ValueError: for an unknown name.
    """
    names = sorted(path.stem for path in WEIGHTS.glob("*.safetensors"))
    if name not in names:
        raise ValueError(f"no weights {name!r:.200}; there are: {', '.join(names) or 'none'}")
    return load(WEIGHTS / f"{name}.safetensors")


# --- Files ----------------------------------------------------------------------------


def describe(model: InfoGAN) -> dict[str, str]:
    """The header's account of the nets: settings and the shape of a picture, as JSON."""
    return {
        "settings": json.dumps(stored_settings.as_table(model.settings)),
        "image_shape": json.dumps(model.image_shape),
    }


def fresh_run(
    path: str | Path,
    file: safe_open,
    metadata: Mapping[str, str],
    device: str | torch.device = "cpu",
) -> Run:
    """Nets as a file describes them, if it is large enough to hold their weights."""
    settings = stored_settings.read_settings(path, metadata)
    image_shape = checks.read_image_shape(path, metadata)
    checks.need_room(path, file, settings, image_shape)
    try:
        return start(settings, image_shape, device)
    except ValueError as error:
        raise ValueError(f"{path}: image_shape: {error}") from error


def write(tensors: Mapping[str, Tensor], path: str | Path, metadata: dict[str, str]) -> None:
    """Write tensors and texts to a file, all or nothing, with the version and a checksum.

    Raises:
        ValueError: for NaN or infinity among them, as nothing would read the file again.
    """
    plain = {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}
    for name, tensor in plain.items():
        if not tensor.isfinite().all():
            kind = str(tensor.dtype).removeprefix("torch.")
            raise ValueError(f"could not write {path}: {name} holds NaN or infinity as {kind}")
    metadata = metadata | {"version": infogan_lite.__version__}
    metadata["sha256"] = checks.checksum(plain, metadata)
    write_whole(path, to_bytes(plain, metadata))


def as_json(notes: Mapping[str, object]) -> str:
    """Notes as they stand in the header of a file; errors as ``save``."""
    return json.dumps(notes, default=_plain)


def _plain(value: object) -> object:
    """Numbers of numpy and torch as Python has them."""
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    raise TypeError(f"a note must be text or numbers, got {value!r:.200}")
