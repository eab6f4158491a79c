"""What can be asked of every experiment, with one meaning everywhere."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks import report
from infogan_lite import Settings

QUICK_STEPS = 4


@dataclass(frozen=True)
class Options:
    """Run experiments and write their tables; without a NAME list them.

    NAME:PART is a part of an experiment, such as claims:lambda or worlds:heads.
    """

    names: Annotated[
        tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="NAME[:PART] ...")
    ] = ()
    """of experiments; none: the list of all"""
    quick: bool = False
    """a few steps on one seed: does it run? never replaces results"""
    seeds: tuple[int, ...] = ()
    """other seeds than those fixed for the experiment"""
    jobs: int = 1
    """runs at a time, each on one thread; experiments with a clock have one"""
    threads: int = 2
    """of torch, for experiments with a clock"""
    folder: Path | None = None
    """where tables go: else to the stored results, and quick ones to benchmarks/results/quick"""
    against: Path | None = None
    """another checkout of the project, for the experiment speed"""
    parts: tyro.conf.Suppress[tuple[str, ...]] = ()

    def shortened(self, settings: Settings) -> Settings:
        """These settings, with a few steps if it is to be quick."""
        return replace(settings, steps=QUICK_STEPS) if self.quick else settings

    def folder_of(self, table: str) -> Path:
        """Where a table goes."""
        home = report.folder_of(table)
        if self.quick and self.folder in (None, report.RESULTS, report.SHOWN):
            return report.RESULTS / "quick"
        return self.folder or home
