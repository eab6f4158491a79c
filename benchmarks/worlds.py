"""Heads, chairs, street numbers, portraits, over seeds.

An InfoGAN is trained without labels.  What Q reads from new pictures is held against the factors
that made them, and what G makes of its codes against what a net that labels taught reads from
G's pictures.  A code stands for a factor only if both agree.  Controls are measured alike.

The search for these settings is in worlds-log.md; protocol.md says what the runs are asked.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import NamedTuple

import torch
from joblib import Parallel, delayed
from safetensors.torch import load_file

from benchmarks import report
from benchmarks.known_factors import sheet
from benchmarks.options import Options
from benchmarks.world_runs import one_run, pictures, weights_of
from benchmarks.world_settings import WORLDS, World, described
from infogan_lite import InfoGAN
from infogan_lite.running.checkpoints import describe, kept_as, write
from infogan_lite.widgets.packing import encode_within

FIRST = 0x189EBF  # of commit 189ebfcfd5, which froze what the protocol says of worlds
SEEDS = tuple(range(FIRST, FIRST + 5))
TABLES = ("worlds-seeds", "worlds-codes", "worlds-digits")  # the last of sets with digits
LIMIT = 60_000  # bytes of a sheet


class Kind(NamedTuple):
    """A kind of net, how many of the seeds it takes, and the sets that it makes sense for."""

    seeds: int
    sets: tuple[str, ...] = tuple(WORLDS)


PRACTISED = tuple(name for name, world in WORLDS.items() if world.settings.code.categorical)
KINDS = {  # in this order
    "InfoGAN": Kind(5),
    "untrained": Kind(5),
    "plain GAN": Kind(5),
    "no practice": Kind(2, PRACTISED),
    "practice alone": Kind(2, PRACTISED),
    "all labels": Kind(1),
    "100 labels": Kind(5, ("heads",)),
}


def run(options: Options) -> None:
    """Train on the sets named as parts, and add each run to the tables as it ends.

    A run that the tables have with these settings is not made again, so what was stopped goes
    on where it was.  Weights of InfoGAN's G go to the folder ``weights`` beside the tables.
    What all stored seeds say of each factor is printed at the end.
    """
    folder = options.folder_of(TABLES[0])
    worlds = {name: budget(WORLDS[name], options) for name in options.parts}
    plan = [
        (name, kind, seed)
        for kind, (seeds, sets) in KINDS.items()
        for name in worlds
        for seed in options.seeds[:seeds]
        if name in sets and (kind, seed) not in done(name, worlds[name], folder)
    ]
    work = (delayed(one_run)(n, worlds[n], kind, seed, folder) for n, kind, seed in plan)
    runs = Parallel(n_jobs=options.jobs, return_as="generator")(work)
    for (name, _, _), tables in zip(plan, runs, strict=True):
        store(name, worlds[name], tables, folder)
    for name, world in worlds.items():
        draw_sheets(name, world, folder)
        rows, _ = report.read(folder / f"{TABLES[1]}.csv")
        print(report.markdown(summary(rows, name)))


def budget(world: World, options: Options) -> World:
    """The set with its whole budget, or with a few steps and pictures to try the script."""
    world = world._replace(settings=options.shortened(world.settings))
    return world._replace(pictures=200, tests=200, lessons=2) if options.quick else world


def done(name: str, world: World, folder: Path) -> set[tuple[str, int]]:
    """Kinds and seeds of a set that the table has, if they were made with these settings."""
    rows = report.made_with(TABLES[1], "set", name, described(world), folder)
    return {(row["codes"], int(row["seed"])) for row in rows}


def store(name: str, world: World, tables: Sequence[list[dict]], folder: Path) -> None:
    """Add the rows of a run to the tables, beside those made with the same settings."""
    about = report.header("worlds", threads_each=1) | {name: described(world)}
    for table, rows in zip(TABLES, tables, strict=True):
        old = report.made_with(table, "set", name, described(world), folder)
        if rows:
            report.merge(table, [*old, *rows], "set", about, folder)


def draw_sheets(name: str, world: World, folder: Path) -> None:
    """A sheet of the median and of the worst seed, by ``match``, and the median's G to load."""
    rows, _ = report.read(folder / f"{TABLES[0]}.csv")
    rows = [row for row in rows if (row["set"], row["codes"]) == (name, "InfoGAN")]
    rows.sort(key=lambda row: float(row["match"]))
    for which, row in {"worst": rows[0], "median": rows[len(rows) // 2]}.items():
        settings = replace(world.settings, seed=int(row["seed"]))
        path = weights_of(name, settings.seed, folder)
        if not path.exists():
            continue  # not all weights are kept with the tables
        model = InfoGAN(settings, tuple(pictures(name, world.tests, 1).images.shape[1:]))
        model.G.load_state_dict(load_file(path))
        file = folder / f"worlds-{name}-{which}.webp"
        file.write_bytes(encode_within(sheet(model.eval()), LIMIT))
        if which == "median":
            weights = kept_as(torch.float16, model.G.state_dict())
            write(weights, file.with_suffix(".safetensors"), describe(model))


def summary(matches: Sequence[dict], name: str, kind: str = "InfoGAN") -> list[dict]:
    """Median and worst seed of each factor of a set: read by Q, and in pictures of G."""
    rows = []
    mine = [row for row in matches if (row["set"], row["codes"]) == (name, kind)]
    for factor in dict.fromkeys(row["factor"] for row in mine):
        row = {"set": name, "factor": factor}
        for column in ("strength", "made"):
            values = [float(r[column]) for r in mine if r["factor"] == factor]
            row |= {column: median(values), f"{column}, worst": min(values)}
        rows.append(row | {"seeds": len(values)})
    return rows
