"""Heads, chairs and street numbers, over seeds: python -m benchmarks.worlds [SET ...]

An InfoGAN is trained without labels, and what Q reads from new pictures is held against the
factors that made them.  Chapter 8 reads the tables and shows traversals of the best and the
worst seed, by the mean strength of the matching.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import torch
import tyro

from benchmarks import report
from benchmarks.matched import cut, judge, read, sheet, wanted
from infogan_lite import InfoGAN, LatentCode, Settings, preset, train
from infogan_lite.canvas import Factored
from infogan_lite.pictures import encode_within
from infogan_lite.rendered import factored, space
from infogan_lite.sweep import fresh_bound

SEEDS = (300, 301, 302)
LIMIT = 60_000  # bytes of a sheet
CODES = 6  # the most codes of a set: columns of the table


class World(NamedTuple):
    """How an InfoGAN is trained on a set, and the factors that its codes are held against."""

    settings: Settings
    factors: tuple[str, ...]  # the others are meant for z
    pictures: int = 6000
    tests: int = 2000
    ink: bool = False  # train on 1 - x: empty is 0, as ``augment`` expects


HEADS = dict(code=LatentCode((), 4), z_dim=4, sigma=0.2, augment=0.05, steps=2000)
CHAIRS = dict(code=LatentCode((6, 6), 2), z_dim=4, sigma=0.3, lam_uniform=0.5, augment=0.1)
STREETS = dict(code=LatentCode((10, 10), 4), channels=(32, 64), hidden=256, sigma=0.2, augment=0.0)
NO_PRACTICE = dict(lam_real=0.0, lam_alike=0.0)  # in trials it made two categories alike

WORLDS = {
    "heads": World(preset("lite", **HEADS), ("azimuth", "elevation", "light", "width")),
    "chairs": World(
        preset("lite", **CHAIRS, **NO_PRACTICE, steps=1600),
        ("style", "azimuth", "width"),
        ink=True,
    ),
    "streets": World(
        preset("lite", **STREETS, **NO_PRACTICE, steps=1000),
        ("digit", "bright_ink", "lighting", "gradient", "color", "ink", "blur"),
    ),
}


@dataclass
class Worlds:
    """Train on the sets named, all by default; write two tables, and two sheets for each set."""

    sets: tyro.conf.Positional[tuple[Literal["heads", "chairs", "streets"], ...]] = tuple(WORLDS)
    seeds: tuple[int, ...] = SEEDS
    quick: bool = False  # a few steps on few pictures: does it run?
    folder: Path = field(default_factory=lambda: report.RESULTS)

    def __call__(self) -> None:
        if self.quick and self.folder == report.RESULTS:
            self.folder = self.folder / "quick"  # trials never replace results
        sheets = report.SHOWN if self.folder == report.RESULTS else self.folder
        about = report.header(seeds=list(self.seeds), threads_each=1)
        about |= {name: json.dumps(asdict(world.settings)) for name, world in WORLDS.items()}
        for name in self.sets:
            world = WORLDS[name]
            if self.quick:
                short = replace(world.settings, steps=4)
                world = world._replace(settings=short, pictures=200, tests=200)
            runs, matches, models = experiment(name, world, self.seeds)
            merge("worlds", runs, about, self.folder)
            merge("worlds-factors", matches, about, self.folder)
            for which, model in models.items():
                file = sheets / f"worlds-{name}-{which}.webp"
                file.write_bytes(encode_within(sheet(model), LIMIT))


def experiment(
    name: str, world: World, seeds: Sequence[int]
) -> tuple[list[dict], list[dict], dict[str, InfoGAN]]:
    """Rows about runs, rows about each factor of each run, and the best and worst model.

    Beside each InfoGAN stands a net like it that was not trained, and the factors as codes.
    """
    seen, new = pictures(name, world.pictures, 0), pictures(name, world.tests, 1)
    truth, labels = wanted(new, world.factors)
    circles = [f.name for f in space(name) if f.high == math.pi]
    runs, matches, trained = [], [], []

    def add(kind: str, seed: int | str, codes, categorical, more: dict) -> None:
        opened = cut(truth, [f in circles for f in world.factors], codes)
        scores, each = judge(codes, opened, categorical, labels, world.factors)
        key = {"set": name, "codes": kind, "seed": seed}
        runs.append(key | {"sheet": ""} | scores | more)
        matches.extend(key | row for row in each)
        print(runs[-1], flush=True)

    for seed in seeds:
        settings = replace(world.settings, seed=seed)
        model, history = train(seen.images, settings, device="cpu")
        add("InfoGAN", seed, *read(model, seen, new), bounds(model, history.seconds[-1]))
        trained.append((runs[-1], model))
        torch.manual_seed(seed)
        fresh = InfoGAN(settings, tuple(seen.images.shape[1:]))
        add("untrained", seed, *read(fresh, seen, new), bounds(fresh))
    add("factors", "", truth, labels, bounds())
    (worst, worst_model), *_, (best, best_model) = sorted(trained, key=lambda t: t[0]["match"])
    worst["sheet"], best["sheet"] = "worst", "best"
    return runs, matches, {"best": best_model, "worst": worst_model}


@cache  # heads take a while: once in a process is enough
def pictures(name: str, n: int, seed: int) -> Factored:
    """n pictures of a set as the nets see them, with their factors."""
    data = factored(name, n, seed)
    return data._replace(images=1 - data.images) if WORLDS[name].ink else data


def bounds(net: InfoGAN | None = None, seconds: float = 0.0) -> dict:
    """L_I of each code in nats on fresh samples; empty for what has no such code."""
    values = list(fresh_bound(net).values()) if net else []
    row = {f"L_I(c{i + 1})": v for i, v in enumerate(values + [""] * (CODES - len(values)))}
    return row | {"seconds": round(seconds, 1)}


def merge(name: str, rows: list[dict], about: dict[str, str], folder: Path) -> None:
    """Write rows into a table, in place of earlier ones of the same sets."""
    path, new = folder / f"{name}.csv", {row["set"] for row in rows}
    old = report.read(path)[0] if path.exists() else []
    report.write(name, [row for row in old if row["set"] not in new] + rows, about, folder)


if __name__ == "__main__":
    tyro.cli(Worlds)()
