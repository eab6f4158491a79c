"""A training run on disk, to go on with as if it had never stopped."""

import dataclasses
import json
import reprlib
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from infogan_lite.history import History, Run
from infogan_lite.running import checks, stored_settings
from infogan_lite.running.checkpoints import as_json, describe, fresh_run, write
from infogan_lite.running.distributed import together
from infogan_lite.settings import Settings
from infogan_lite.training import pick_device


def save_run(run: Run, path: str | Path, **notes) -> None:
    """Write all that a run needs to go on as if it had never stopped, to one file.

    The file is written beside the old one and then takes its place, so an interruption
    leaves the one or the other, whole.  ``notes`` are text or numbers, for ``read_notes``.

    Raises:
        OSError: if the folder is missing, not writable, or the disk is full.
        TypeError: for a note that is neither text nor numbers.
        ValueError: for weights or averages that are NaN or infinite.
    """
    tensors = {f"model.{name}": tensor for name, tensor in run.model.state_dict().items()}
    if run.average:
        tensors |= {f"average.{name}": mean for name, mean in run.average.named_parameters()}
    for name in ("adam_dq", "adam_g"):
        for i, state in getattr(run, name).state_dict()["state"].items():
            tensors |= {f"{name}.{i}.{key}": value for key, value in state.items()}
    tensors["generator"] = run.generator.get_state()
    progress = {
        "step": run.step,
        "device": run.model.device.type,
        "threads": run.threads,
        "processes": run.processes.world,
        "data": run.data,
        "torch": torch.__version__,
        "history": dataclasses.asdict(run.history),
    }
    texts = {"run": json.dumps(progress)} | ({"notes": as_json(notes)} if notes else {})
    write(tensors, path, describe(run.model) | texts)


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
        settings = stored_settings.read_settings(path, metadata)
        progress, where = _read_progress(path, metadata, settings), pick_device(device)
        if progress["device"] != where.type:
            found = reprlib.repr(progress["device"])
            raise ValueError(
                f"the run in {path} was on the device {found}: go on with it there, "
                f"not on {where.type!r}, whose random numbers are others"
            )
        run = fresh_run(path, file, metadata, where)
        wanted = _layout(run, progress["step"])
        tensors = checks.read_tensors(path, file, metadata, wanted)
    run.step, run.history = progress["step"], History(**progress["history"])
    run.data, run.threads = progress["data"], progress["threads"]
    _fill(run, tensors, path)
    before, now = progress["processes"], together().world
    if before != now and together().rank == 0:
        warnings.warn(
            f"the run in {path} was of {before} processes, now of {now}: last digits differ",
            stacklevel=2,
        )
    if progress["torch"] != torch.__version__:
        found = reprlib.repr(progress["torch"])
        warnings.warn(
            f"the run in {path} was with torch {found}, this is {torch.__version__}: "
            "last digits may differ from those of a run without interruption",
            stacklevel=2,
        )
    return run


def settings_of(path: str | Path) -> Settings:
    """The settings of a run on disk; errors as ``load_run``."""
    with checks.opened(path) as file:
        return stored_settings.read_settings(path, checks.about(path, file))


# --- What a file of a run holds -------------------------------------------------------


def _layout(run: Run, step: int) -> checks.Layout:
    """The tensors of a run; before its first step the optimizers have none."""
    wanted = {f"model.{name}": tensor for name, tensor in run.model.state_dict().items()}
    if run.average:
        wanted |= {f"average.{name}": mean for name, mean in run.average.named_parameters()}
    for name in ("adam_dq", "adam_g") if step else ():
        for i, weight in enumerate(getattr(run, name).param_groups[0]["params"]):
            state = {"step": torch.tensor(0.0, dtype=torch.float32)}
            state |= {"exp_avg": weight, "exp_avg_sq": weight}
            wanted |= {f"{name}.{i}.{key}": value for key, value in state.items()}
    return checks.layout(wanted | {"generator": run.generator.get_state()})


def _fill(run: Run, tensors: Mapping[str, Tensor], path: str | Path) -> None:
    run.model.load_state_dict(_under(tensors, "model"))
    if run.average:
        run.average.load_state_dict(_under(tensors, "average"), strict=False)  # weights alone
    for name in ("adam_dq", "adam_g"):
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _under(tensors, name).items():
            number, entry = key.split(".")
            state.setdefault(int(number), {})[entry] = value.clone()  # else in the file
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


def _read_progress(path: str | Path, metadata: Mapping[str, str], settings: Settings) -> dict:
    """What a run wrote down besides tensors: step, device, threads, data, history."""
    run = checks.read_json(path, metadata, "run")
    checks.need_kind(path, "run", run, dict)
    kinds = {"step": int, "device": str, "threads": int, "processes": int}
    kinds |= {"data": str, "torch": str}
    for name in sorted({*kinds, "history"} - run.keys()):
        checks.need(
            False,
            path,
            f"run.{name}",
            checks.Kind("missing"),
            "there: does a newer version read it?",
        )
    for name, kind in kinds.items():
        checks.need_kind(path, f"run.{name}", run[name], kind)
    step = run["step"]
    checks.need(0 <= step <= settings.steps, path, "run.step", step, f"from 0 to {settings.steps}")
    for name in ("threads", "processes"):
        checks.need(1 <= run[name] <= 4096, path, f"run.{name}", run[name], "from 1 to 4096")
    _check_history(path, run["history"], step, settings)
    return run


def _check_history(path: str | Path, history: object, step: int, settings: Settings) -> None:
    checks.need_kind(path, "run.history", history, dict)
    lists = ["step", "seconds", "loss_d", "loss_g"]
    names = {*lists, "bound", "interrupted"}
    checks.need(history.keys() == names, path, "run.history", sorted(history), f"{sorted(names)}")
    checks.need_kind(path, "run.history.bound", history["bound"], dict)
    checks.need_kind(path, "run.history.interrupted", history["interrupted"], bool)
    every = settings.log_every
    steps = [s for s in range(every, step + 1, every)] if every <= step else []
    if step == settings.steps and step % every:
        steps.append(step)
    checks.need(
        history["step"] == steps, path, "run.history.step", history["step"], f"every {every} steps"
    )
    rows = {name: history[name] for name in lists}
    factors = set(settings.code.names) if steps else set()
    bound = history["bound"]
    checks.need(
        bound.keys() == factors, path, "run.history.bound", sorted(bound), f"{sorted(factors)}"
    )
    for name, values in (rows | bound).items():
        good = isinstance(values, list) and all(map(checks.is_number, values))
        checks.need(good, path, f"run.history.{name}", values, "a list of numbers")
        checks.need(
            len(values) == len(steps),
            *(path, f"the length of run.history.{name}", len(values), f"{len(steps)}"),
        )
