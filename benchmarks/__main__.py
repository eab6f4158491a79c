"""Speed and quality as tables: python -m benchmarks [PART ...] [--quick]"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
import tyro

from benchmarks import report
from benchmarks.ablation import ablation
from benchmarks.cost import cost
from benchmarks.growth import growth
from benchmarks.quality import quality, summary
from benchmarks.throughput import throughput
from infogan_lite import load, preset

FRESH = range(340, 350)  # seeds that no choice of the recipe was made on


@dataclass
class Benchmarks:
    """Measure, print tables, and write them to a folder.

    Parts: quality (10 seeds), throughput, cost, ablation, growth; all of them if none is named.
    """

    parts: tyro.conf.Positional[tuple[str, ...]] = ()
    quick: bool = False  # tiny budgets, under 2 minutes in all: does it run?
    seeds: tuple[int, ...] = ()  # other seeds for quality and ablation
    threads: int = 2
    steps: int | None = None  # training steps, other than the preset's
    jobs: int = 2  # processes of the ablation
    folder: Path = field(default_factory=lambda: report.RESULTS)

    def __post_init__(self) -> None:
        steps = self.steps or (20 if self.quick else None)
        self.lite = preset("lite", **({"steps": steps} if steps else {}))
        self.paper = preset("paper")
        if self.quick and self.folder == report.RESULTS:
            self.folder = self.folder / "quick"  # trials never replace results

    def __call__(self) -> None:
        known: dict[str, Callable[[], None]] = {
            "quality": self.quality,
            "throughput": self.throughput,
            "cost": self.cost,
            "ablation": self.ablation,
            "growth": self.growth,
        }
        for part in self.parts:
            if part not in known:
                print(f"error: no part {part!r}; there are: {', '.join(known)}", file=sys.stderr)
                raise SystemExit(2)
        torch.set_num_threads(self.threads)
        for part in self.parts or known:
            known[part]()

    def quality(self) -> None:
        seeds = self.seeds or FRESH[: 2 if self.quick else 10]
        rows = quality(seeds, self.lite, yardstick_steps=1 if self.quick else 10)
        about = report.header(self.lite, seeds=list(seeds), selected="none")
        report.write("quality", rows, about, self.folder)
        print(report.write("quality-summary", summary(rows), about, self.folder))

    def throughput(self) -> None:
        steps, rounds = (1, 1) if self.quick else (10, 3)
        rows = throughput(load("digits").x_train, self.paper, steps, rounds)
        about = report.header(self.paper, rounds=rounds, steps=steps, flops="torch flop_counter")
        print(report.write("throughput", rows, about, self.folder))

    def cost(self) -> None:
        steps, rounds = (1, 1) if self.quick else (10, 5)
        nets = {"lite": self.lite, "paper": self.paper}
        rows = cost(load("digits").x_train, nets, steps, rounds)
        about = report.header(rounds=rounds, steps=steps, loop="plain", flops="torch flop_counter")
        print(report.write("cost", rows, about, self.folder))

    def ablation(self) -> None:
        seeds = self.seeds or FRESH[: 1 if self.quick else 3]
        rows = ablation(seeds, self.lite, self.jobs)
        about = report.header(self.lite, seeds=list(seeds), threads_each=1)
        print(report.write("ablation", rows, about, self.folder))

    def growth(self) -> None:
        rows = growth(self.lite, steps=3 if self.quick else 30, quick=self.quick)
        print(report.write("growth", rows, report.header(self.lite), self.folder))


if __name__ == "__main__":
    tyro.cli(Benchmarks)()
