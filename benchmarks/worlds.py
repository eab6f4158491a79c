"""Heads, chairs, street numbers, portraits, over seeds.

An InfoGAN is trained without labels.  What Q reads from new pictures is held against the factors
that made them, and what G makes of its codes against what a net that labels taught reads from
G's pictures.  A code stands for a factor only if both agree.

The search for these settings is in worlds-log.md.  Chapter 8 reads older runs, of a recipe before
these; their tables, worlds.csv and worlds-factors.csv, are kept as they are.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import torch
from joblib import Parallel, delayed
from safetensors.torch import load_file, save_file

from benchmarks import report
from benchmarks.common_axes import EVERY, Stage, stage, trained
from benchmarks.factor_nets import FactorNet, goodness, is_circle, taught
from benchmarks.known_factors import (
    ceiling,
    drawn,
    each_factor,
    readings,
    scored,
    sheet,
    table_of_made,
    wanted,
)
from benchmarks.options import Options
from infogan_lite import InfoGAN, LatentCode, Settings, preset
from infogan_lite.classifier import fit_mapping
from infogan_lite.measures.matching import match_codes
from infogan_lite.running.checkpoints import kept_as
from infogan_lite.running.stored_settings import as_table
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.widgets.packing import encode_within
from infogan_lite.worlds.catalogue import factored, space
from infogan_lite.worlds.scene import Factor, Factored

SEEDS = (610, 611, 612, 613, 614)
TABLES = ("worlds-seeds", "worlds-codes", "worlds-digits")  # the last of sets with digits
DIGIT = "digit"
CLAIM = 0.5  # the strength from which on a category claims to name the digit
LIMIT = 60_000  # bytes of a sheet
CODES = 6  # the most codes of a set: columns of the table


class World(NamedTuple):
    """How an InfoGAN is trained on a set, and the factors that its codes are held against."""

    settings: Settings
    factors: tuple[str, ...]  # the others are meant for z
    pictures: int = 6000
    tests: int = 2000
    lessons: int = 1500  # steps of the net that labels teach
    stages: tuple[Stage, ...] = ()  # of training: which codes count first
    blur: float = 0.0  # of pictures at first, in pixels
    clear_from: float = 0.5  # part of training until which the blur fades
    ink: bool = False  # train on 1 - x: empty is 0, as ``augment`` expects
    mirrored: tuple[str, ...] = ()  # factors that change sign in a mirror: it doubles pictures


# What all four have in common: smooth pictures without a bend, and axes from common_axes.
SMOOTH = dict(channels=(16, 32, 64), resize=True, bend=False, turn_every=0, log_every=EVERY)
SMOOTH |= dict(sigma=0.2, augment=0.05)
HEADS = SMOOTH | dict(code=LatentCode((), 4), z_dim=4, steps=2500)
CHAIRS = SMOOTH | dict(code=LatentCode((6,), 1, 1), lam_circular=0.5, lam_uniform=0.3, z_dim=2)
CHAIRS |= dict(steps=6000)
STREETS = SMOOTH | dict(code=LatentCode((2,), 4), outside="edge", r1=0.3, lr_g=1e-3, steps=2500)
PORTRAITS = SMOOTH | dict(code=LatentCode((4,), 5), z_dim=8, outside="edge", steps=2500)

# Codes that count for hardly anything: with 0 the GAN would be a plain one.
NO_KINDS, NO_NUMBERS = dict(lam=1e-6), dict(lam_uniform=1e-6)

# What benchmarks.supervised took its heads' settings from, before these were found.
OLDER_HEADS = dict(tell=False, turn_every=0, average=0.0, settle=False, bend=False, steps=2000)
OLDER_HEADS |= dict(code=LatentCode((), 4), z_dim=4, sigma=0.2, augment=0.05)

WORLDS = {
    "heads": World(
        preset("lite", **HEADS),
        ("azimuth", "elevation", "light", "width"),
        mirrored=("azimuth", "light"),
    ),
    "chairs": World(
        preset("lite", **CHAIRS),
        ("style", "azimuth", "width"),
        stages=(stage(0, **NO_KINDS, **NO_NUMBERS), stage(0.3, **NO_KINDS), stage(0.5)),
        blur=4.0,
        ink=True,
    ),
    "streets": World(
        preset("lite", **STREETS),
        ("digit", "bright_ink", "lighting", "gradient", "color", "ink", "blur"),
    ),
    "portraits": World(
        preset("lite", **PORTRAITS),
        ("azimuth", "glasses", "hair", "emotion", "shade", "skin", "wall"),
        stages=(stage(0, **NO_KINDS), stage(0.4)),
        mirrored=("azimuth",),
    ),
}


def run(options: Options) -> None:
    """Train on the sets named as parts, seed by seed, and add each to the tables as it ends.

    A seed that the tables have with these settings is not run again, so a run that was
    stopped goes on where it was.  Weights of G go to the folder ``weights`` beside the tables.
    What all stored seeds say of each factor is printed at the end.
    """
    for name in options.parts:
        world = WORLDS[name]._replace(settings=options.shortened(WORLDS[name].settings))
        if options.quick:
            world = world._replace(pictures=200, tests=200, lessons=2)
        folder = options.folder_of(TABLES[0])
        missing = [seed for seed in options.seeds if seed not in done(name, world, folder)]
        work = (delayed(one_seed)(name, world, seed, folder) for seed in missing)
        for tables in Parallel(n_jobs=options.jobs, return_as="generator")(work):
            store(name, world, tables, folder)
        draw_sheets(name, world, folder)
        rows, _ = report.read(folder / f"{TABLES[1]}.csv")
        print(report.markdown(summary(rows, name)))


def done(name: str, world: World, folder: Path) -> set[int]:
    """The seeds of a set that the table has, if they were made with these settings."""
    rows = report.made_with(TABLES[0], "set", name, described(world), folder)
    return {int(row["seed"]) for row in rows if row["codes"] == "InfoGAN"}


def described(world: World) -> str:
    usual = World._field_defaults  # left out, so that tables older than an option stay valid
    more = {name: getattr(world, name) for name in ("stages", "blur", "clear_from")}
    more = {name: value for name, value in more.items() if value != usual[name]}
    return json.dumps(as_table(world.settings) | {"pictures": world.pictures} | more)


def store(name: str, world: World, tables: Sequence[list[dict]], folder: Path) -> None:
    """Add the rows of a seed to both tables, beside those made with the same settings."""
    about = report.header("worlds", threads_each=1) | {name: described(world)}
    for table, rows in zip(TABLES, tables, strict=True):
        old = report.made_with(table, "set", name, described(world), folder)
        if rows:
            report.merge(table, [*old, *rows], "set", about, folder)


def one_seed(name: str, world: World, seed: int, folder: Path) -> tuple[list[dict], ...]:
    """The rows of each table about a seed; G's weights are stored.

    Beside the trained InfoGAN stands a net like it that was not trained.
    """
    torch.set_num_threads(1)
    settings, seen = replace(world.settings, seed=seed), pictures(name, world.pictures, 0)
    images = both_ways(world, seen).images
    model, history = trained(images, settings, world.stages, world.blur, world.clear_from)
    (folder / "weights").mkdir(parents=True, exist_ok=True)
    weights = {key: value.contiguous() for key, value in model.G.state_dict().items()}
    save_file(kept_as(torch.float16, weights), weights_of(name, seed, folder))
    model.G.load_state_dict(load_file(weights_of(name, seed, folder)))  # as it is stored
    torch.manual_seed(seed)
    fresh = InfoGAN(settings, tuple(seen.images.shape[1:]))
    runs, matches = [], []
    for kind, net, seconds in (("InfoGAN", model, history.seconds[-1]), ("untrained", fresh, 0)):
        key = {"set": name, "codes": kind, "seed": seed}
        scores, each = about_net(name, world, net)
        print(key | scores, *each, sep="\n", flush=True)
        runs.append(key | scores | bounds(net) | {"seconds": round(seconds, 1)})
        matches += [key | row for row in each]
    if DIGIT not in world.factors:
        return runs, matches, []
    return runs, matches, [{"set": name, "seed": seed} | plain_digits(name, world, model)]


def plain_digits(name: str, world: World, net: InfoGAN) -> dict:
    """How often the digit of a picture is plain: in pictures of G, and in new renders.

    Where a category claims to name the digit, a picture of G counts only with the digit that
    the category stands for, by what Q reads from new renders.
    """
    new, (known, images) = pictures(name, world.tests, 1), drawn(net, world.tests)
    codes, categorical = readings(net, pictures(name, world.pictures, 0), new)
    digit = wanted(new, [DIGIT])[0][:, 0].astype(int)
    i, strength = claim(codes, categorical, digit)
    claimed = None
    if strength >= CLAIM:
        mapping = fit_mapping(codes[:, i].astype(int), digit, net.code.categorical[i])
        claimed = torch.from_numpy(mapping[known[:, i].astype(int)])
    reader, _ = lessons(name, world)
    made, real = reader.plain(images, DIGIT, claimed), reader.plain(new.images, DIGIT)
    return {"claim": strength, "made": made, "real": real, "part": made / max(real, 1e-9)}


def claim(codes: np.ndarray, categorical: Sequence[bool], digit: np.ndarray) -> tuple[int, float]:
    """The category that knows most of the digit, and how much, I / H; 0 if there is none."""
    yes, known = np.array([True]), {}
    for i in np.flatnonzero(categorical):
        known[int(i)] = float(match_codes(codes[:, [i]], digit[:, None], yes, yes).strength[0])
    return max(known.items(), key=lambda item: item[1], default=(0, 0.0))


def weights_of(name: str, seed: int, folder: Path) -> Path:
    return folder / "weights" / f"{name}-{seed}.safetensors"


def about_net(name: str, world: World, net: InfoGAN) -> tuple[dict, list[dict]]:
    """The scores of a net on new pictures, and a row for each factor."""
    seen, new = pictures(name, world.pictures, 0), pictures(name, world.tests, 1)
    truth, labels = wanted(new, world.factors)
    circles = [is_circle(f) for f in factors_of(name, world)]
    codes, categorical = readings(net, seen, new)
    scores, found = scored(codes, truth, categorical, labels, circles)
    known, images = drawn(net, world.tests)
    reader, fits = lessons(name, world)
    made = table_of_made(known, reader.read(images).numpy(), categorical, labels, circles)
    each = each_factor(found, made, ceilings(net, truth, labels), world.factors)
    return scores, [row | {"net": fits[row["factor"]]} for row in each]


def ceilings(net: InfoGAN, truth: np.ndarray, labels: Sequence[bool]) -> np.ndarray:
    """The most that each code can know of each factor, (codes, factors); 1 of a number."""
    table = np.ones((len(net.code.names), truth.shape[1]))
    for i, k in enumerate(net.code.categorical):
        table[i] = [ceiling(k, v, label) for v, label in zip(truth.T, labels, strict=True)]
    return table


@cache
def lessons(name: str, world: World) -> tuple[FactorNet, dict[str, float]]:
    """A net that labels taught to read the factors, and its R2 on new pictures."""
    seen = both_ways(world, pictures(name, world.pictures, 0))
    net = taught(seen, factors_of(name, world), world.lessons)
    return net, goodness(net, pictures(name, world.tests, 1))


def factors_of(name: str, world: World) -> list[Factor]:
    known = {f.name: f for f in space(name)}
    return [known[factor] for factor in world.factors]


@cache  # heads take a while: once in a process is enough
def pictures(name: str, n: int, seed: int) -> Factored:
    """n pictures of a set as the nets see them, with their factors."""
    data = factored(name, n, seed)
    return data._replace(images=1 - data.images) if WORLDS[name].ink else data


def both_ways(world: World, data: Factored) -> Factored:
    """Pictures and, where a mirror shows a picture of the same set, their mirror images."""
    if not world.mirrored:
        return data
    signs = torch.tensor([-1.0 if name in world.mirrored else 1.0 for name in data.names])
    images = torch.cat([data.images, data.images.flip(3)])
    return data._replace(images=images, factors=torch.cat([data.factors, signs * data.factors]))


def bounds(net: InfoGAN) -> dict:
    """L_I of each code in nats on fresh samples; empty for what has no such code."""
    values = list(fresh_bound(net).values())
    return {f"L_I(c{i + 1})": v for i, v in enumerate(values + [""] * (CODES - len(values)))}


def draw_sheets(name: str, world: World, folder: Path) -> None:
    """A sheet of the best and of the worst seed, by ``match``."""
    rows, _ = report.read(folder / f"{TABLES[0]}.csv")
    rows = [row for row in rows if row["set"] == name and row["codes"] == "InfoGAN"]
    rows.sort(key=lambda row: float(row["match"]))
    for which, row in {"worst": rows[0], "best": rows[-1]}.items():
        if not weights_of(name, int(row["seed"]), folder).exists():
            continue  # not all weights are kept with the tables
        model = InfoGAN(world.settings, tuple(pictures(name, world.tests, 1).images.shape[1:]))
        model.G.load_state_dict(load_file(weights_of(name, int(row["seed"]), folder)))
        file = folder / f"worlds-{name}-{which}.webp"
        file.write_bytes(encode_within(sheet(model.eval()), LIMIT))


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
