"""Heads, chairs, street numbers, portraits, over seeds.

An InfoGAN is trained without labels, and what Q reads from new pictures is held against the
factors that made them.  Chapter 8 reads the tables and shows traversals of the best and the
worst seed, by the mean strength of the matching.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cache
from typing import NamedTuple

import torch
from joblib import Parallel, delayed

from benchmarks import report
from benchmarks.known_factors import cut, judge, read, sheet, wanted
from benchmarks.options import Options
from infogan_lite import InfoGAN, LatentCode, Settings, preset, train
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.widgets.packing import encode_within
from infogan_lite.worlds.catalogue import factored, space
from infogan_lite.worlds.scene import Factored

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


# The recipe that the stored runs had: three parts of the present one are younger.
OLDER = dict(tell=False, turn_every=0, average=0.0, settle=False)
GROWN = OLDER | dict(channels=(32, 64), hidden=256, bend=False, lr_g=1e-3)
NO_PRACTICE = dict(lam_real=0.0, lam_alike=0.0)  # in trials it made two categories alike
HEADS = OLDER | dict(code=LatentCode((), 4), z_dim=4, sigma=0.2, augment=0.05, steps=2000)
HEADS |= dict(bend=False)  # a stretch turns no head
CHAIRS = GROWN | NO_PRACTICE | dict(code=LatentCode((6, 6), 3), z_dim=4, sigma=0.3)
CHAIRS |= dict(lam_uniform=0.5, augment=0.03, r1=1.0, steps=2000)
STREETS = GROWN | NO_PRACTICE | dict(code=LatentCode((10, 10), 4), sigma=0.2)
STREETS |= dict(augment=0.1, outside="edge", r1=0.3, steps=2500)
PORTRAITS = GROWN | dict(code=LatentCode((10,), 5), sigma=0.3)
PORTRAITS |= dict(augment=0.1, outside="edge", r1=0.3, steps=2500)

WORLDS = {
    "heads": World(preset("lite", **HEADS), ("azimuth", "elevation", "light", "width")),
    "chairs": World(preset("lite", **CHAIRS), ("style", "azimuth", "width"), ink=True),
    "streets": World(
        preset("lite", **STREETS),
        ("digit", "bright_ink", "lighting", "gradient", "color", "ink", "blur"),
    ),
    "portraits": World(
        preset("lite", **PORTRAITS),
        ("azimuth", "glasses", "hair", "emotion", "shade", "skin", "wall"),
    ),
}


def run(options: Options) -> None:
    """Train on the sets named as parts; write two tables, and two sheets for each set."""
    about = report.header("worlds", seeds=list(options.seeds), threads_each=1)
    about |= {name: json.dumps(asdict(world.settings)) for name, world in WORLDS.items()}
    tables, sheets = {"worlds": [], "worlds-factors": []}, options.folder_of("worlds")
    for name in options.parts:
        world = WORLDS[name]._replace(settings=options.shortened(WORLDS[name].settings))
        if options.quick:
            world = world._replace(pictures=200, tests=200)
        *new, models = experiment(name, world, options.seeds, options.jobs)
        for table, rows in zip(tables, new, strict=True):
            tables[table] += rows
            report.merge(table, tables[table], "set", about, options.folder_of(table))
        for which, model in models.items():
            file = sheets / f"worlds-{name}-{which}.webp"
            file.write_bytes(encode_within(sheet(model), LIMIT))


def experiment(
    name: str, world: World, seeds: Sequence[int], jobs: int = 1
) -> tuple[list[dict], list[dict], dict[str, InfoGAN]]:
    """Rows about runs, rows about each factor of each run, and the best and worst model.

    Beside each InfoGAN stands a net like it that was not trained, and the factors as codes.
    """
    work = [delayed(one_seed)(name, world, seed) for seed in seeds]
    found = list(Parallel(n_jobs=jobs)(work))
    trained = [(rows[0][0], model) for rows, model in found]  # the first row is the trained net's
    new = pictures(name, world.tests, 1)
    truth, labels = wanted(new, world.factors)
    rows = [row for rows, _ in found for row in rows]
    rows.append(about_net(name, world, "factors", "", (truth, labels), bounds()))
    in_order = sorted(trained, key=lambda t: t[0]["match"])
    (worst, worst_model), (best, best_model) = in_order[0], in_order[-1]
    worst["sheet"], best["sheet"] = "worst", "best"
    runs, matches = [run for run, _ in rows], [row for _, each in rows for row in each]
    return runs, matches, {"best": best_model, "worst": worst_model}


def one_seed(name: str, world: World, seed: int) -> tuple[list[tuple[dict, list[dict]]], InfoGAN]:
    """What is to be said of the net trained with a seed and of one not trained, and the first."""
    torch.set_num_threads(1)
    seen, new = pictures(name, world.pictures, 0), pictures(name, world.tests, 1)
    settings = replace(world.settings, seed=seed)
    model, history = train(seen.images, settings, device="cpu")
    torch.manual_seed(seed)
    fresh = InfoGAN(settings, tuple(seen.images.shape[1:]))
    more = bounds(model, history.seconds[-1])
    return [
        about_net(name, world, "InfoGAN", seed, read(model, seen, new), more),
        about_net(name, world, "untrained", seed, read(fresh, seen, new), bounds(fresh)),
    ], model


def about_net(name: str, world: World, kind: str, seed, reading, more) -> tuple[dict, list[dict]]:
    """The row of a net, and a row for each factor."""
    codes, categorical = reading
    truth, labels = wanted(pictures(name, world.tests, 1), world.factors)
    circles = [f.name for f in space(name) if f.high == math.pi]
    opened = cut(truth, [f in circles for f in world.factors], codes)
    scores, each = judge(codes, opened, categorical, labels, world.factors)
    key = {"set": name, "codes": kind, "seed": seed}
    print(key | scores | more, flush=True)
    return key | {"sheet": ""} | scores | more, [key | row for row in each]


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
