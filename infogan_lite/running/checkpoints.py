"""Save a model or a whole training run, and load it again: safetensors, never pickle."""

import dataclasses
import json
import reprlib
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

import infogan_lite
from infogan_lite.history import History, Run, start
from infogan_lite.networks import InfoGAN
from infogan_lite.running import checks
from infogan_lite.running.files import write_whole
from infogan_lite.training import pick_device

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
    """
    weights = dict(model.state_dict())
    if half:
        weights = halved(weights)
    _write(weights, path, {**_about(model), "notes": json.dumps(notes, default=_plain)})


def halved(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights as float16; counts as they are."""
    return {name: t.half() if t.is_floating_point() else t for name, t in weights.items()}


def load(path: str | Path) -> InfoGAN:
    """Read a model that ``save`` wrote; it comes back in eval mode on the CPU.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is truncated, or not a checkpoint of this package, or its
            weights do not fit its settings.
    """
    with checks.opened(path) as file:
        metadata = checks.about(path, file)
        packed = any(name.endswith(":scale") for name in file.keys())  # noqa: SIM118
        found = checks.Kind("in 8 bits, as version 0.2.0 could write them")
        checks.need(not packed, path, "weights", found, "saved there without compact=True")
        checks.need("run" not in metadata, path, "content", checks.Kind("a run"), "a model")
        model = _start(path, file, metadata).model
        wanted = dict(model.state_dict())
        if any(file.get_slice(name).get_dtype() == "F16" for name in file.keys()):  # noqa: SIM118
            wanted = halved(wanted)
        weights = checks.read_tensors(path, file, metadata, checks.layout(wanted))
    model.load_state_dict(weights)
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
    progress = {
        "step": run.step,
        "device": run.model.device.type,
        "threads": run.threads,
        "data": run.data,
        "torch": torch.__version__,
        "history": dataclasses.asdict(run.history),
    }
    _write(tensors, path, _about(run.model) | {"run": json.dumps(progress)})


def load_run(path: str | Path, device: str | None = None) -> Run:
    """Read a run that ``save_run`` wrote, for ``train(images, settings, run=run)``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not a whole run, or the run was on another kind of
            device, whose random numbers are others.
    """
    with checks.opened(path) as file:
        metadata = checks.about(path, file)
        if "run" not in metadata:
            raise ValueError(f"{path} holds no run to go on with (a model alone, perhaps)")
        settings = checks.read_settings(path, metadata)
        progress, where = checks.read_progress(path, metadata, settings), pick_device(device)
        if progress["device"] != where.type:
            found = reprlib.repr(progress["device"])
            raise ValueError(
                f"the run in {path} was on the device {found}: go on with it there, "
                f"not on {where.type!r}, whose random numbers are others"
            )
        run = _start(path, file, metadata, where)
        wanted = _layout(run, progress["step"])
        tensors = checks.read_tensors(path, file, metadata, wanted)
    run.step, run.history = progress["step"], History(**progress["history"])
    run.data, run.threads = progress["data"], progress["threads"]
    _fill(run, tensors, path)
    if progress["torch"] != torch.__version__:
        found = reprlib.repr(progress["torch"])
        warnings.warn(
            f"the run in {path} was with torch {found}, this is {torch.__version__}: "
            "last digits may differ from those of a run without interruption",
            stacklevel=2,
        )
    return run


class SaveEvery:
    """A callback that keeps a run on disk, each time ``steps`` more steps are done.

    It is asked after entries of the history, so it acts at the first one that is due::

        run = start(settings, image_shape)
        train(images, settings, [SaveEvery(run, "run.safetensors", 500)], run=run)

    A full disk does not end training: it warns, and the older file stays.

    Raises:
        ValueError: for less than one step.
    """

    def __init__(self, run: Run, path: str | Path, steps: int) -> None:
        if steps < 1:
            raise ValueError(f"steps between two saves must be at least 1, got {steps}")
        self.run, self.path, self.steps = run, path, steps
        self.due = run.step + steps
        self.saved: int | None = None  # the step of the last save that went well
        self.failed: list[int] = []  # steps of those that did not

    def __call__(self, model: InfoGAN, history: History) -> None:
        if self.run.step >= self.due or self.run.step == model.settings.steps:
            self.due = self.run.step + self.steps
            self.save()

    def save(self) -> None:
        """Keep the run as it is now."""
        try:
            save_run(self.run, self.path)
            self.saved = self.run.step
        except OSError as error:
            self.failed.append(self.run.step)
            warnings.warn(f"step {self.run.step} is not saved: {error}", stacklevel=2)


# --- Files ----------------------------------------------------------------------------


def _about(model: InfoGAN) -> dict[str, str]:
    return {
        "settings": json.dumps(dataclasses.asdict(model.settings)),
        "image_shape": json.dumps(model.image_shape),
    }


def _start(
    path: str | Path,
    file: safe_open,
    metadata: Mapping[str, str],
    device: str | torch.device = "cpu",
) -> Run:
    """Nets as a file describes them, if it is large enough to hold their weights."""
    settings = checks.read_settings(path, metadata)
    image_shape = checks.read_image_shape(path, metadata)
    checks.need_room(path, file, settings, image_shape)
    try:
        return start(settings, image_shape, device)
    except ValueError as error:
        raise ValueError(f"{path}: image_shape: {error}") from error


def _layout(run: Run, step: int) -> checks.Layout:
    """The tensors of a run; before its first step the optimizers have none."""
    wanted = {f"model.{name}": tensor for name, tensor in run.model.state_dict().items()}
    for name in ("adam_dq", "adam_g") if step else ():
        for i, weight in enumerate(getattr(run, name).param_groups[0]["params"]):
            state = {"step": torch.tensor(0.0, dtype=torch.float32)}
            state |= {"exp_avg": weight, "exp_avg_sq": weight}
            wanted |= {f"{name}.{i}.{key}": value for key, value in state.items()}
    return checks.layout(wanted | {"generator": run.generator.get_state()})


def _fill(run: Run, tensors: Mapping[str, Tensor], path: str | Path) -> None:
    run.model.load_state_dict(_under(tensors, "model"))
    for name in ("adam_dq", "adam_g"):
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _under(tensors, name).items():
            number, entry = key.split(".")
            state.setdefault(int(number), {})[entry] = value
            if entry == "step":
                found, good = value.item(), value.item() == run.step
                checks.need(good, path, f"{name}.{key}", found, f"{run.step}, as run.step")
        adam = getattr(run, name)
        adam.load_state_dict(adam.state_dict() | {"state": state})
        for entries in adam.state.values():  # averages in the memory layout of the weights
            for key, value in entries.items():
                if value.ndim == 4:
                    entries[key] = value.to(memory_format=torch.channels_last)
    try:
        run.generator.set_state(tensors["generator"])
    except RuntimeError as error:
        raise ValueError(f"{path}: generator is no state of a generator: {error}") from error


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    start = f"{prefix}."
    return {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}


def _write(tensors: Mapping[str, Tensor], path: str | Path, metadata: dict[str, str]) -> None:
    """All or nothing, with the version and a checksum."""
    plain = {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}
    metadata = metadata | {"version": infogan_lite.__version__}
    metadata["sha256"] = checks.checksum(plain, metadata)
    write_whole(path, to_bytes(plain, metadata))


def _plain(value: object) -> object:
    """Numbers of numpy and torch as Python has them."""
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    raise TypeError(f"a note must be text or numbers, got {value!r:.200}")
