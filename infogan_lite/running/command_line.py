"""The command line: python -m infogan_lite train | evaluate | sweep | traverse.

The options of ``train`` and ``sweep`` are the fields of ``Settings``; ``--help`` lists them.
"""

import csv
import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Union

import tyro

import infogan_lite
from infogan_lite.datasets import loading
from infogan_lite.figures.grids import show_grid
from infogan_lite.history import TrainingDiverged, start
from infogan_lite.running import checkpoints, sweep
from infogan_lite.running.distributed import join, processes, together
from infogan_lite.running.progress import ProgressBar
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
    settings: Flat = field(default_factory=Settings)

    def __call__(self) -> None:
        data, path = loading.load(self.data), self.out.with_suffix(".run.safetensors")
        with processes(self.device) as device:
            where, first = pick_device(device), together().rank == 0
            if self.resume:
                run = checkpoints.load_run(path, device)
            else:
                run = start(self.settings, tuple(data.x_train.shape[1:]), where)
            callbacks = []
            if first:
                callbacks.append(checkpoints.SaveEvery(run, path, self.save_every))
                callbacks.append(ProgressBar(self.settings))
            run = join(run)
            model, history = infogan_lite.train(data.x_train, self.settings, callbacks, run=run)
        if not first:
            return
        if history.interrupted:
            print(f"interrupted after step {run.step}; go on with --resume (from {path})")
            return
        numbers = sweep.score(model, data)
        checkpoints.save(model, self.out, data=self.data, **numbers)
        print("  ".join(f"{name} {value:.3f}" for name, value in numbers.items()))
        print(f"{history.seconds[-1]:.1f} s; saved {self.out}")


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
        if self.out and self.out.suffix not in (".csv", ".json"):
            raise ValueError(f"{self.out} must end with .csv or .json")
        choices = sweep.grid(self.vary)
        plan = [(choice, seed) for choice in choices for seed in self.seeds]
        runs = [replace(self.settings, **choice, seed=seed) for choice, seed in plan]
        results = sweep.sweep(loading.load(self.data), runs, self.jobs)
        rows = [choice | {"seed": s} | r for (choice, s), r in zip(plan, results, strict=True)]
        for choice in choices:
            mine = [row for row in rows if row.items() >= choice.items()]
            print(" ".join(f"{k}={json.dumps(v)}" for k, v in choice.items()) or self.preset)
            for row in mine:
                print(f"  seed {row['seed']}: ", end="")
                print("  ".join(f"{name} {row[name]:.3f}" for name in results[0]))
            for name in results[0]:
                print(f"  {name}: {sweep.summary([row[name] for row in mine])}")
        if self.out:
            write_rows(self.out, rows)


@dataclass
class Traverse:
    """Draw what one factor of the code does: it varies along a row, all else stands still."""

    file: tyro.conf.Positional[Path]
    factor: str = "c1"
    rows: int = 10
    seed: int = 0
    output: Path = Path("traversal.png")

    def __call__(self) -> None:
        images = traverse(checkpoints.load(self.file), self.factor, rows=self.rows, seed=self.seed)
        show_grid(images, xlabel=self.factor).savefig(self.output, dpi=150)
        print(f"saved {self.output}")


def write_rows(path: Path, rows: list[dict]) -> None:
    """All runs to a file: a table (.csv) or JSON."""
    with open(path, "w", newline="") as file:
        if path.suffix == ".json":
            json.dump(rows, file, indent=1)
            return
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a mistake ends with one line on stderr and the exit status 2."""
    try:
        # The preset comes first: it is what the other options are changes of.
        base, _ = tyro.cli(Preset, args=arguments, return_unknown_args=True, add_help=False)
        settings = preset(base.preset)
        commands = Union[  # noqa: UP007
            Annotated[Train, tyro.conf.subcommand("train", default=Train(settings=settings))],
            Annotated[Evaluate, tyro.conf.subcommand("evaluate")],
            Annotated[Sweep, tyro.conf.subcommand("sweep", default=Sweep(settings=settings))],
            Annotated[Traverse, tyro.conf.subcommand("traverse")],
        ]
        tyro.cli(commands, args=arguments, prog="infogan_lite", description=__doc__)()
    except (ValueError, TypeError, OSError, TrainingDiverged) as error:
        if together().rank == 0:
            print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
