"""One run on a rendered set: a net of some kind, trained and held against the factors."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from benchmarks.common_axes import trained
from benchmarks.factor_nets import FactorNet, goodness, is_circle, taught
from benchmarks.kept_factors import kept, rows_read, spans
from benchmarks.known_factors import (
    ceiling,
    drawn,
    each_factor,
    readings,
    scored,
    strengths,
    table_of_made,
    wanted,
)
from benchmarks.practice_alone import practice_alone
from benchmarks.world_settings import WORLDS, World
from infogan_lite import InfoGAN
from infogan_lite.classifier import fit_mapping
from infogan_lite.history import TrainingDiverged
from infogan_lite.measures.matching import match_codes
from infogan_lite.results.world_claims import READABLE
from infogan_lite.running.checkpoints import kept_as
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.worlds.catalogue import factored, space
from infogan_lite.worlds.scene import Factor, Factored

CODES = 6  # the most codes of a set: columns of the table
DIGIT = "digit"
CLAIM = 0.5  # the strength from which on a category claims to name the digit
EACH = ("factor", "code", "strength", "sign", "next", "made", "ceiling")
EACH += ("moved", "kept", "same_digit", "net")  # columns of a row about a factor
BLANK = dict.fromkeys(EACH, "")


def one_run(name: str, world: World, kind: str, seed: int, folder: Path) -> tuple[list[dict], ...]:
    """The rows of each table about a run; the weights of an InfoGAN's G are stored.

    Of a run that diverged there are factors alone, which no code stands for.
    """
    torch.set_num_threads(1)
    key = {"set": name, "codes": kind, "seed": seed}
    if kind.endswith("labels"):
        return [], [key | row for row in read_by_labels(name, world, kind, seed)], []
    try:
        net, seconds = net_of(name, world, kind, seed)
    except TrainingDiverged:
        lost = BLANK | {"strength": 0.0, "made": 0.0}  # so it clears no bar
        return [], [key | lost | {"factor": factor} for factor in world.factors], []
    if kind == "InfoGAN":
        keep(net, weights_of(name, seed, folder))
    scores, each = about_net(name, world, net)
    print(key | scores, *each, sep="\n", flush=True)
    row = key | scores | bounds(net) | {"seconds": round(seconds, 1)}
    has_digits = DIGIT in world.factors and kind == "InfoGAN"
    digits = [{"set": name, "seed": seed} | plain_digits(name, world, net)] if has_digits else []
    return [row], [key | one for one in each], digits


def net_of(name: str, world: World, kind: str, seed: int) -> tuple[InfoGAN, float]:
    """A net of a kind, and the seconds of its training."""
    settings, seen = replace(world.settings, seed=seed), pictures(name, world.pictures, 0)
    images, stages = both_ways(world, seen).images, world.stages
    if kind == "untrained":
        torch.manual_seed(seed)
        return InfoGAN(settings, tuple(images.shape[1:])), 0
    if kind == "practice alone":
        return practice_alone(images, settings), 0
    if kind == "plain GAN":  # lambda 0 from the first step to the last
        settings, stages = replace(settings, lam=0.0), ()
    if kind == "no practice":
        settings = replace(settings, lam_real=0.0, lam_alike=0.0)
    model, history = trained(images, settings, stages, world.blur, world.clear_from)
    return model, history.seconds[-1]


def keep(net: InfoGAN, path: Path) -> None:
    """Store the weights of G in half precision, and give the net what is stored."""
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = {key: value.contiguous() for key, value in net.G.state_dict().items()}
    save_file(kept_as(torch.float16, weights), path)
    net.G.load_state_dict(load_file(path))


def read_by_labels(name: str, world: World, kind: str, seed: int) -> list[dict]:
    """How well nets that labels taught read each factor: all labels, or those of 100 pictures."""
    reader, fits = lessons(name, world)
    if kind == "100 labels":
        seen = pictures(name, world.pictures, 0)
        few = torch.randperm(world.pictures, generator=torch.Generator().manual_seed(seed))[:100]
        few = seen._replace(images=seen.images[few], factors=seen.factors[few])
        reader = taught(both_ways(world, few), factors_of(name, world), world.lessons, seed)
        fits = goodness(reader, pictures(name, world.tests, 1))
    new = pictures(name, world.tests, 1)
    truth, labels = wanted(new, world.factors)
    circles = [is_circle(f) for f in factors_of(name, world)]
    read = np.where(circles, reader.read(new.images).numpy() / np.pi, reader.read(new.images))
    table = strengths(read, truth, labels, labels, circles).table
    return [
        BLANK | {"factor": factor, "strength": table[j, j], "net": fits[factor]}
        for j, factor in enumerate(world.factors)
    ]


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
    rows = world.tests // 10
    return scores, [row | along_rows(net, row, reader, fits, rows) for row in each]


def along_rows(
    net: InfoGAN, row: dict, reader: FactorNet, fits: dict[str, float], rows: int
) -> dict:
    """What the code of a factor does along rows of G's pictures, and how good the reader is.

    moved: the part of its range that the factor goes through, in the mean.
    kept: the share of rows in which all other factors that can be read stay within a third.
    same_digit: the share in which the digit does; empty where there is none.
    """
    blank = {"moved": "", "kept": "", "same_digit": "", "net": fits[row["factor"]]}
    if not row["code"]:
        return blank
    read = rows_read(net, row["code"], reader, rows)
    j = [f.name for f in reader.factors].index(row["factor"])
    moved = spans(read[..., j], reader.factors[j]).mean().item()
    judged = [factor for factor, fit in fits.items() if fit >= READABLE]
    blank |= {"moved": moved, "kept": kept(read, reader.factors, row["factor"], judged)}
    if DIGIT not in fits or row["factor"] == DIGIT:
        return blank
    return blank | {"same_digit": kept(read, reader.factors, row["factor"], [DIGIT])}


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


def weights_of(name: str, seed: int, folder: Path) -> Path:
    return folder / "weights" / f"{name}-{seed}.safetensors"
