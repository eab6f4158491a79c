"""Save a model with its settings, and load it again: safetensors, never pickle."""

import dataclasses
import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from infogan_lite.codes import LatentCode
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings


def save(model: InfoGAN, path: str | Path, **notes: str) -> None:
    """Write weights, settings and notes (all text) to one .safetensors file.

    Raises:
        OSError: if the folder is missing, not writable, or the disk is full.
    """
    metadata = {
        "settings": json.dumps(dataclasses.asdict(model.settings)),
        "image_shape": json.dumps(model.image_shape),
        "notes": json.dumps(notes),
    }
    weights = {name: tensor.contiguous().cpu() for name, tensor in model.state_dict().items()}
    try:
        save_file(weights, path, metadata)
    except (SafetensorError, OSError) as error:
        raise OSError(f"could not write {path}: {error}. Is there a folder, and room?") from error


def load(path: str | Path) -> InfoGAN:
    """Read a model that ``save`` wrote; it comes back in eval mode on the CPU.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is truncated, or not a checkpoint of this package, or its
            weights do not fit its settings.
    """
    weights, metadata = _read(path)
    try:
        image_shape = tuple(json.loads(metadata["image_shape"]))
        model = InfoGAN(_settings(metadata["settings"]), image_shape)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} was not written by this version of infogan_lite: "
            f"its settings cannot be read ({error!r})"
        ) from error
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"the weights in {path} do not fit its settings: {error}") from error
    return model.eval()


def read_notes(path: str | Path) -> dict[str, str]:
    """The notes that were saved with a model: data, seed, result, versions."""
    return json.loads(_read(path)[1].get("notes", "{}"))


def _read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the metadata of a file, or one clear error."""
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}: train first, then save(model)")
    try:
        with safe_open(path, "pt") as file:
            names = list(file.keys())
            return {name: file.get_tensor(name) for name in names}, file.metadata() or {}
    except SafetensorError as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}): copy or save it again"
        ) from error


def _settings(text: str) -> Settings:
    values = json.loads(text)
    values["code"] = LatentCode(**values["code"])
    values["channels"] = tuple(values["channels"])
    return Settings(**values)
