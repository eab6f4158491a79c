"""Save a model with its settings, and load it again: safetensors, never pickle."""

import dataclasses
import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

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
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}: train first, then save(model)")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
        weights = load_file(path)
    except SafetensorError as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}): copy or save it again"
        ) from error
    if "settings" not in metadata:
        raise ValueError(f"{path} has no settings: it was not written by infogan_lite")
    model = InfoGAN(_settings(metadata["settings"]), tuple(json.loads(metadata["image_shape"])))
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"the weights in {path} do not fit its settings: {error}") from error
    return model.eval()


def read_notes(path: str | Path) -> dict[str, str]:
    """The notes that were saved with a model: data, seed, result, versions."""
    with safe_open(path, "pt") as file:
        return json.loads((file.metadata() or {}).get("notes", "{}"))


def _settings(text: str) -> Settings:
    values = json.loads(text)
    values["code"] = LatentCode(**values["code"])
    values["channels"] = tuple(values["channels"])
    return Settings(**values)
