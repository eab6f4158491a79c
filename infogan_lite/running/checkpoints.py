"""Save a model or a whole training run, and load it again: safetensors, never pickle."""

import dataclasses
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from infogan_lite.codes import LatentCode
from infogan_lite.history import History, Run, start
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings
from infogan_lite.training import pick_device

WEIGHTS = Path(__file__).parent / "weights"
RETIRED = {"leak": 0.1, "beta1": 0.5}  # settings of version 0.2.0 that are constants now


def save(model: InfoGAN, path: str | Path, half: bool = False, **notes) -> None:
    """Write weights, settings and notes (text or numbers) to one .safetensors file.

    Args:
        model, path: what, and where to.
        half: keep the numbers as float16: half of the size.
        notes: what a reader should know: data, seed, result, versions.

    Raises:
        OSError: if the folder is missing, not writable, or the disk is full.
    """
    weights = dict(model.state_dict())
    if half:
        weights = {name: t.half() if t.is_floating_point() else t for name, t in weights.items()}
    _write(weights, path, {**_about(model), "notes": json.dumps(notes)})


def load(path: str | Path) -> InfoGAN:
    """Read a model that ``save`` wrote; it comes back in eval mode on the CPU.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is truncated, or not a checkpoint of this package, or its
            weights do not fit its settings.
    """
    weights, metadata = _read(path)
    model = start(*_origin(path, metadata)).model
    _fill(model, weights, path)
    return model.eval()


def read_notes(path: str | Path) -> dict:
    """The notes that were saved with a model: data, seed, result, versions."""
    return json.loads(_read(path)[1].get("notes", "{}"))


def pretrained(name: str = "infogan") -> InfoGAN:
    """A model that comes with the package: ``infogan``, or ``gan`` (lambda = 0) beside it.

    ``read_notes(checkpoints.WEIGHTS / "infogan.safetensors")`` tells how it was made.

    Raises:
        ValueError: for an unknown name.
    """
    names = sorted(path.stem for path in WEIGHTS.glob("*.safetensors"))
    if name not in names:
        raise ValueError(f"no weights {name!r}; there are: {', '.join(names) or 'none'}")
    return load(WEIGHTS / f"{name}.safetensors")


# --- A run, to go on with -------------------------------------------------------------


def save_run(run: Run, path: str | Path) -> None:
    """Write all that a run needs to go on as if it had never stopped, to one file.

    The file is written beside the old one and then takes its place, so an interruption
    leaves the one or the other, whole.

    Raises:
        OSError: if the folder is missing, not writable, or the disk is full.
    """
    tensors = {f"model.{name}": tensor for name, tensor in run.model.state_dict().items()}
    for name in ("adam_dq", "adam_g"):
        for i, state in getattr(run, name).state_dict()["state"].items():
            tensors |= {f"{name}.{i}.{key}": value for key, value in state.items()}
    tensors["generator"] = run.generator.get_state()
    history = dataclasses.asdict(run.history)
    metadata = {"step": run.step, "device": run.model.device.type, "history": history}
    _write(tensors, path, _about(run.model) | {"run": json.dumps(metadata)})


def load_run(path: str | Path, device: str | None = None) -> Run:
    """Read a run that ``save_run`` wrote, for ``train(images, settings, run=run)``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not a whole run, or the run was on another kind of
            device, whose random numbers are others.
    """
    tensors, metadata = _read(path)
    if "run" not in metadata:
        raise ValueError(f"{path} holds no run to go on with (a model alone, perhaps)")
    about, where = json.loads(metadata["run"]), pick_device(device)
    if about["device"] != where.type:
        raise ValueError(
            f"the run in {path} was on the device {about['device']!r}: go on with it there, "
            f"not on {where.type!r}, whose random numbers are others"
        )
    run = start(*_origin(path, metadata), where)
    _fill(run.model, _under(tensors, "model"), path)
    for name in ("adam_dq", "adam_g"):
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _under(tensors, name).items():
            number, entry = key.split(".")
            state.setdefault(int(number), {})[entry] = value
        adam = getattr(run, name)
        adam.load_state_dict(adam.state_dict() | {"state": state})
        for entries in adam.state.values():  # averages in the memory layout of the weights
            for key, value in entries.items():
                if value.ndim == 4:
                    entries[key] = value.to(memory_format=torch.channels_last)
    run.generator.set_state(tensors["generator"])
    run.step, run.history = about["step"], History(**about["history"])
    return run


class SaveEvery:
    """A callback that keeps a run on disk, each time ``steps`` more steps are done.

    It is asked after entries of the history, so it acts at the first one that is due::

        run = start(settings, image_shape)
        train(images, settings, [SaveEvery(run, "run.safetensors", 500)], run=run)
    """

    def __init__(self, run: Run, path: str | Path, steps: int) -> None:
        self.run, self.path, self.steps = run, path, steps
        self.saved = run.step

    def __call__(self, model: InfoGAN, history: History) -> None:
        if self.run.step - self.saved >= self.steps or self.run.step == model.settings.steps:
            save_run(self.run, self.path)
            self.saved = self.run.step


# --- Files ----------------------------------------------------------------------------


def _about(model: InfoGAN) -> dict[str, str]:
    return {
        "settings": json.dumps(dataclasses.asdict(model.settings)),
        "image_shape": json.dumps(model.image_shape),
    }


def _origin(path: str | Path, metadata: Mapping[str, str]) -> tuple[Settings, tuple]:
    """Settings and image shape of the model in a file."""
    try:
        values = json.loads(metadata["settings"])
        for name, constant in RETIRED.items():
            if values.pop(name, constant) != constant:
                raise ValueError(f"{name} is always {constant} now")
        values["code"] = LatentCode(**values["code"])
        values["channels"] = tuple(values["channels"])
        channels, height, width = json.loads(metadata["image_shape"])
        return Settings(**values), (channels, height, width)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} was not written by this version of infogan_lite: "
            f"its settings cannot be read ({error!r})"
        ) from error


def _fill(model: InfoGAN, weights: Mapping[str, Tensor], path: str | Path) -> None:
    if any(name.endswith(":scale") for name in weights):
        raise ValueError(
            f"{path} holds weights in 8 bits, as version 0.2.0 could write them: load it with that "
            "version and save it without compact=True"
        )
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"the weights in {path} do not fit its settings: {error}") from error


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(f"{prefix}."): v for k, v in tensors.items() if k.startswith(prefix)}


def _write(tensors: Mapping[str, Tensor], path: str | Path, metadata: dict[str, str]) -> None:
    """Write a temporary file in the same folder, then move it into place: all or nothing."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        save_file({k: t.contiguous().cpu() for k, t in tensors.items()}, temporary, metadata)
        os.replace(temporary, path)
    except (SafetensorError, OSError) as error:
        with suppress(OSError):
            temporary.unlink()
        raise OSError(f"could not write {path}: {error}. Is there a folder, and room?") from error


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
