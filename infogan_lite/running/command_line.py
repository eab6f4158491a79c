"""The command line: python -m infogan_lite train | evaluate | sweep | traverse.

The options of ``train`` and ``sweep`` are the fields of ``Settings``; ``--help`` lists them.
"""

import csv
import io
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Annotated, NoReturn, Union

import torch
import tyro

import infogan_lite
from infogan_lite.datasets import loading
from infogan_lite.digits import Dataset
from infogan_lite.figures.grids import show_grid
from infogan_lite.history import Run, TrainingDiverged, start
from infogan_lite.running import checkpoints, sweep
from infogan_lite.running.distributed import LostProcess, join, processes, together
from infogan_lite.running.files import only_writer, try_place, write_whole
from infogan_lite.running.progress import ProgressBar
from infogan_lite.running.signals import no_more_signals, stoppable
from infogan_lite.running.sizes import need_memory
from infogan_lite.settings import Settings, preset
from infogan_lite.training import pick_device
from infogan_lite.traversals import traverse

Flat = Annotated[Settings, tyro.conf.arg(name="")]  # --lam, not --settings.lam


@dataclass
class Preset:
    """Which settings the others start from."""

    preset: str = "lite"  # lite or paper


@dataclass
class Train(Preset):
    """Train a model and save it.  With torchrun, in several processes."""

    data: str = "digits"  # digits, mnist or fashion-mnist
    device: str | None = None  # cpu, cuda or mps; by itself the fastest
    out: Path = Path("model.safetensors")  # the model goes here, and the run beside it
    save_every: int = 500  # steps between two saves of the run
    resume: bool = False  # go on with the run that was saved beside `out`
    overwrite: bool = False  # start anew, and let go of a run that was saved beside `out`
    threads: int | None = None  # of torch; by default as many as torch takes
    settings: Flat = field(default_factory=Settings)

    def __call__(self) -> None:
        need_at_least(1, save_every=self.save_every)
        if self.resume and self.overwrite:
            raise ValueError("--resume goes on and --overwrite starts anew: choose one")
        if self.threads is not None:
            need_at_least(1, threads=self.threads)
            torch.set_num_threads(self.threads)
        with ExitStack() as stack:
            device = stack.enter_context(processes(self.device))
            first = together().rank == 0
            if first:
                stack.enter_context(only_writer(self.out))
                try_place(run_beside(self.out))
            data = loading.load(self.data)
            run = self.begin(data, device, first)
            keep = checkpoints.SaveEvery(run, run_beside(self.out), self.save_every)
            callbacks = [keep] if first else []
            run = join(run)
            if first:
                callbacks.append(ProgressBar(self.settings))
                stack.callback(callbacks[-1].bar.close)  # what is said then has its own line
            try:
                model, history = infogan_lite.train(data.x_train, self.settings, callbacks, run=run)
                interrupted = history.interrupted
            except KeyboardInterrupt:  # before the first step, or a second one
                interrupted = True
            if interrupted:
                if first:
                    stop(run, keep)
                raise SystemExit(130)
            if first:
                checkpoints.save(model, self.out, data=self.data)
                print(f"{history.seconds[-1]:.1f} s; saved {self.out}", flush=True)
                keep.path.unlink(missing_ok=True)  # nothing is left to go on with
        if first:
            if keep.failed:
                print(f"the run could not be saved after the steps {keep.failed}", file=sys.stderr)
            numbers = sweep.score(model, data)
            checkpoints.save(model, self.out, data=self.data, **numbers)
            print("  ".join(f"{name} {value:.3f}" for name, value in numbers.items()))

    def begin(self, data: Dataset, device: str | None, first: bool) -> Run:
        """The run before its first step, or as it was saved."""
        saved = run_beside(self.out)
        if self.resume:
            run = checkpoints.load_run(saved, device)
            if self.threads is None:  # as before: so are the results, to the last bit
                torch.set_num_threads(run.threads)
            return run
        if first and self.overwrite:
            saved.unlink(missing_ok=True)
        if first and os.path.lexists(saved):
            raise ValueError(
                f"{saved} holds a run that was interrupted: go on with it by --resume, "
                "or start anew with --overwrite"
            )
        image_shape = tuple(data.x_train.shape[1:])
        need_memory(self.settings, image_shape)
        return start(self.settings, image_shape, pick_device(device))


def run_beside(out: Path) -> Path:
    """Where the unfinished run of a model is kept: its own name, whatever dots are in it."""
    out = out.expanduser()
    return out.with_name(f"{out.name}.run")


def stop(run: Run, keep: checkpoints.SaveEvery) -> None:
    """Keep the finished steps of an interrupted training, and say what was kept."""
    no_more_signals()
    if run.step > 0:
        keep.save()
    done = f"\ninterrupted after step {run.step}"
    if run.step == 0:
        print(f"{done}: there is nothing to keep")
    elif keep.saved is None:
        print(f"{done}, which could not be saved")
    else:
        print(f"{done}; {keep.path} holds step {keep.saved}: go on with --resume")
    sys.stdout.flush()


def need_at_least(least: int, **options: int) -> None:
    for name, value in options.items():
        if value < least:
            raise ValueError(f"--{name.replace('_', '-')} must be at least {least}, got {value}")


@dataclass
class Evaluate:
    """Measure a saved model: error, NMI and ARI of c1 on held-out images, L_I in nats."""

    file: tyro.conf.Positional[Path]
    data: str = "digits"  # digits, mnist or fashion-mnist

    def __call__(self) -> None:
        numbers = sweep.score(checkpoints.load(self.file), loading.load(self.data))
        for name, value in numbers.items():
            print(f"{name:8} {value:.4f}")


@dataclass
class Sweep(Preset):
    """Train each combination of settings with each seed, in several processes."""

    data: str = "digits"  # digits, mnist or fashion-mnist
    seeds: tuple[int, ...] = (0, 1, 2)
    vary: tuple[str, ...] = ()  # lists of values: lam=0,1 info_to_trunk=true,false
    jobs: int = 2  # processes
    out: Path | None = None  # a .csv or .json file for all runs
    settings: Flat = field(default_factory=Settings)

    def __call__(self) -> None:
        need_at_least(1, jobs=self.jobs)
        if self.out and self.out.suffix not in (".csv", ".json"):
            raise ValueError(f"{self.out} must end with .csv or .json")
        if not self.seeds:
            raise ValueError("--seeds must name at least one seed")
        if self.out:
            try_place(self.out)
        choices = sweep.grid(self.vary)
        plan = [(choice, seed) for choice in choices for seed in self.seeds]
        names = [f.name for f in fields(Settings) if f.name not in ("seed", "code")]
        for name in {name for choice in choices for name in choice}.difference(names):
            raise ValueError(f"--vary {name} is not one of: {', '.join(names)}")
        runs = [replace(self.settings, **choice, seed=seed) for choice, seed in plan]
        data, rows = loading.load(self.data), []
        try:
            found = sweep.each_result(data, runs, self.jobs)
            rows.extend(c | {"seed": s} | r for (c, s), r in zip(plan, found, strict=True))
        except KeyboardInterrupt:
            no_more_signals()
            print(f"\ninterrupted after {len(rows)} of {len(plan)} runs", flush=True)
        self.show(choices, rows)
        if self.out and rows:
            write_rows(self.out, rows)
        if len(rows) < len(plan):
            raise SystemExit(130)

    def show(self, choices: list[dict], rows: list[dict]) -> None:
        """Each run, and a summary for each combination of settings."""
        for choice in choices:
            mine = [row for row in rows if row.items() >= choice.items()]
            if not mine:
                continue
            names = [name for name in mine[0] if name not in (*choice, "seed")]
            print(" ".join(f"{k}={json.dumps(v)}" for k, v in choice.items()) or self.preset)
            for row in mine:
                print(f"  seed {row['seed']}: ", end="")
                print("  ".join(f"{name} {row[name]:.3f}" for name in names))
            for name in names:
                print(f"  {name}: {sweep.summary([row[name] for row in mine])}")


@dataclass
class Traverse:
    """Draw what one factor of the code does: it varies along a row, all else stands still."""

    file: tyro.conf.Positional[Path]
    factor: str = "c1"
    rows: int = 10
    seed: int = 0
    output: Path = Path("traversal.png")

    def __call__(self) -> None:
        need_at_least(1, rows=self.rows)
        if self.rows > 1000:
            raise ValueError(f"--rows must be at most 1000, got {self.rows}")
        if abs(self.seed) >= 2**63:
            raise ValueError(f"--seed must have at most 63 bits, got {self.seed}")
        try_place(self.output)
        images = traverse(checkpoints.load(self.file), self.factor, rows=self.rows, seed=self.seed)
        picture, kind = io.BytesIO(), self.output.suffix[1:] or "png"
        show_grid(images, xlabel=self.factor).savefig(picture, dpi=150, format=kind)
        write_whole(self.output, picture.getvalue())
        print(f"saved {self.output}")


def write_rows(path: Path, rows: list[dict]) -> None:
    """All runs to a file: a table (.csv) or JSON."""
    text = io.StringIO(newline="")
    if path.suffix == ".json":
        json.dump(rows, text, indent=1)
    else:
        table = csv.DictWriter(text, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    write_whole(path, text.getvalue().encode())


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a mistake ends with one line on stderr and the exit status 2."""
    if (sys.argv[1:] if arguments is None else arguments) == ["--version"]:
        print(f"infogan_lite {infogan_lite.__version__}")
        return
    try:
        with stoppable():
            command(arguments)()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except (ValueError, TypeError, OSError, TrainingDiverged) as error:
        say(error)
    except MemoryError:
        say(MemoryError("there is not enough memory"))
    except RuntimeError as error:  # torch has no class of its own for it on a CPU
        if "memory" not in str(error):
            raise
        say(error)


def command(arguments: list[str] | None) -> Train | Evaluate | Sweep | Traverse:
    """What the arguments ask for."""
    # The preset comes first: it is what the other options are changes of.
    base, _ = tyro.cli(Preset, args=arguments, return_unknown_args=True, add_help=False)
    settings = preset(base.preset)
    commands = Union[  # noqa: UP007
        Annotated[Train, tyro.conf.subcommand("train", default=Train(settings=settings))],
        Annotated[Evaluate, tyro.conf.subcommand("evaluate")],
        Annotated[Sweep, tyro.conf.subcommand("sweep", default=Sweep(settings=settings))],
        Annotated[Traverse, tyro.conf.subcommand("traverse")],
    ]
    return tyro.cli(commands, args=arguments, prog="infogan_lite", description=__doc__)


def say(error: Exception) -> NoReturn:
    """One line on stderr.  Of several processes the first in trouble gets here, or all alike."""
    alike = os.environ.get("RANK", "0") != "0" and not hasattr(error, "__notes__")
    if not alike or isinstance(error, LostProcess):
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
    raise SystemExit(2) from None


if __name__ == "__main__":
    main()
