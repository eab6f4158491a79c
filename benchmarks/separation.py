"""Does each uniform code mean one thing, and are the pictures worth looking at?

All is measured on pictures of G, with a ruler (``infogan_lite.measure``) and a net trained on
labelled digits (``benchmarks.features``).  Neither has a part in training or in a choice that a
recipe makes.
"""

import math
from contextlib import nullcontext
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple

import numpy as np
import torch
from joblib import Parallel, delayed
from torch import Tensor

from benchmarks import features, report
from benchmarks.features import Features
from benchmarks.frechet import frechet, moments
from benchmarks.options import Options
from benchmarks.wired import wired
from infogan_lite import (
    InfoGAN,
    LatentCode,
    Settings,
    load,
    lower_bound,
    measure,
    preset,
    sample_noise,
    train,
    vary,
)
from infogan_lite.classifier import categories, fit_mapping, reader
from infogan_lite.inputs import Dataset

SEEDS = tuple(range(571, 591))  # no choice of the recipe was made on them
STROKES = ("slant", "width", "ink")
VARIANTS = {
    "lite": {},
    "plain GAN": {"lam": 0.0},
    "two codes": {"code": LatentCode((10,), 2)},
    "no turned axes": {"turn_every": 0},
    "no bend": {"bend": False},
    "wired": {"turn_every": 0},  # see wired.py
}
READ = 0.9  # a picture counts as read if the net gives its digit this probability


def run(options: Options) -> None:
    """Train each variant named with each seed; a row for each is added to separation.csv."""
    settings = options.shortened(preset("lite"))
    about = report.header("separation", settings, seeds=list(options.seeds), threads_each=1)
    folder, net = options.folder_of("separation"), features.load()
    about["floor"] = str({k: round(v, 4) for k, v in floor(load("digits"), net).items()})
    plan = [(name, seed) for name in options.parts for seed in options.seeds]
    work = (delayed(one_run)(name, seed, settings) for name, seed in plan)
    rows: list[dict] = []
    for row in Parallel(n_jobs=options.jobs, return_as="generator")(work):
        rows.append(row)
        report.merge("separation", rows, "variant", about, folder)
        shown = {k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}
        print("  ".join(f"{k} {v}" for k, v in shown.items() if ">" not in k), flush=True)


def one_run(name: str, seed: int, settings: Settings) -> dict:
    """Train a variant with a seed, and measure, on held-out digits too."""
    torch.set_num_threads(1)
    data = load("digits")
    settings = replace(settings, seed=seed, **VARIANTS[name])
    with wired() if name == "wired" else nullcontext():
        model, history = train(data.x_train, settings, device="cpu")
        found = separation(model, data, features.load(), held_out=True)  # G draws as it was wired
    row = {"variant": name, "seed": seed, "seconds": round(history.seconds[-1], 1)} | found
    every = preset("lite").code.uniform_names  # a variant may have fewer
    columns = [f"{code}>{s}" for code in every for s in STROKES] + [f"L_I {code}" for code in every]
    return row | {column: row.get(column, "") for column in columns}


# --- What a code changes ----------------------------------------------------------------


def within(images: Tensor, labels: Tensor) -> dict[str, float]:
    """Deviation of slant, width and ink within a digit: root of the mean variance over digits."""
    shapes = measure(images)
    return {
        name: math.sqrt(np.mean([getattr(shapes, name)[labels == k].var() for k in range(10)]))
        for name in STROKES
    }


@torch.no_grad()
def effects(model: InfoGAN, units: dict[str, float], rows: int = 200, seed: int = 7) -> np.ndarray:
    """What each uniform code changes from -1 to 1: shape (codes, 3), columns as in STROKES.

    The mean over rows of z and the other codes, which stand still, in ``units``.
    """
    generator = torch.Generator().manual_seed(seed)
    z = sample_noise(rows, model.settings.z_dim, generator)
    c = model.code.sample(rows, generator)
    table = []
    for name in model.code.uniform_names:
        ends = vary(model.code, c, name, [-1.0, 1.0])
        low, high = (measure(model.generate(z, ends[:, i]).cpu()) for i in (0, 1))
        change = [(getattr(high, s) - getattr(low, s)).mean().item() / units[s] for s in STROKES]
        table.append(change)
    return np.array(table)


class Pair(NamedTuple):
    """The code for slant, the code for width, and how far they are from being separate.

    own: the smaller of what the two move of their own, in deviations.
    crossed: the larger share of the other's effect that each moves as well.
    """

    slant: int
    width: int
    own: float
    crossed: float

    @property
    def separate(self) -> bool:
        return self.own >= 1 and self.crossed <= 1 / 3


def pair(table: np.ndarray) -> Pair:
    """The two codes of a table of effects that are nearest to one for slant and one for width."""
    sizes = np.abs(table)
    found = []
    for s, w in permutations(range(len(sizes)), 2):
        own = min(sizes[s, 0], sizes[w, 1])
        crossed = max(sizes[s, 1] / max(sizes[w, 1], 1e-9), sizes[w, 0] / max(sizes[s, 0], 1e-9))
        found.append(Pair(s, w, float(own), float(crossed)))
    return max(found, key=lambda p: (p.separate, min(p.own, 1.0) - p.crossed))


# --- What can be read from it -----------------------------------------------------------


@torch.no_grad()
def bounds(model: InfoGAN, n: int = 2000, seed: int = 3) -> dict[str, float]:
    """L_I of each factor in nats on fresh pictures, all nets in eval mode, nothing augmented."""
    generator = torch.Generator().manual_seed(seed)
    z = sample_noise(n, model.settings.z_dim, generator)
    c = model.code.sample(n, generator)
    q = model.recognise(model.generate(z, c))
    return {name: value.item() for name, value in lower_bound(model.code, c, q).items()}


def training_error(model: InfoGAN, data: Dataset) -> float:
    """Error of c1 on half of the training digits; the other half names the categories."""
    c1, labels = categories(reader(model, data.x_train), data.x_train), data.y_train.numpy()
    mapping = fit_mapping(c1[::2], labels[::2], model.code.categorical[0])
    return float(np.mean(mapping[c1[1::2]] != labels[1::2]))


# --- What the pictures look like --------------------------------------------------------


def faint(images: Tensor) -> float:
    """Share of pixels that are neither paper nor ink but faint gray: from .02 to .2."""
    return ((images > 0.02) & (images < 0.2)).float().mean().item()


def variance(images: Tensor, digits: Tensor, net: Features) -> float:
    """Variance of the pixels within a digit, summed over pixels, mean over the ten digits.

    Among the pictures that the net reads as that digit with p >= READ; a digit with fewer than
    two of them counts 0.
    """
    p, read = net(images).softmax(1).max(1)
    good = (p >= READ) & (read == digits)
    groups = [images[good & (digits == k)] for k in range(10)]
    return float(np.mean([g.var(0).sum() if len(g) > 1 else 0.0 for g in groups]))


def looks(images: Tensor, digits: Tensor, real: Tensor, net: Features) -> dict[str, float]:
    """Faint gray, variance within a digit, Fréchet distance to real digits, share that is read."""
    return {
        "faint": faint(images),
        "variance": variance(images, digits, net),
        "frechet": frechet(moments(net.trunk(images)), moments(net.trunk(real))),
        "read": (net(images).softmax(1).amax(1) >= READ).float().mean().item(),
    }


# --- All of it --------------------------------------------------------------------------


@torch.no_grad()
def separation(model: InfoGAN, data: Dataset, net: Features, held_out: bool = False) -> dict:
    """One row of figures for one model.

    Args:
        model, data, net: the model, the opened digits, the judge.
        held_out: give the error of c1 on held-out digits too, for a final measurement.
    """
    table = effects(model, within(data.x_train, data.y_train))
    best, names = pair(table), model.code.uniform_names
    row: dict[str, float | str] = {"slant code": names[best.slant], "width code": names[best.width]}
    row |= {"own": best.own, "crossed": best.crossed, "separate": float(best.separate)}
    for name, line in zip(names, table, strict=True):
        row |= {f"{name}>{s}": e for s, e in zip(STROKES, line, strict=True)}
    row |= {f"L_I {name}": value for name, value in bounds(model).items()}
    row["training error"] = training_error(model, data)
    c1 = categories(reader(model, data.x_train), data.x_train)
    mapping = torch.tensor(fit_mapping(c1, data.y_train.numpy(), model.code.categorical[0]))
    if held_out:
        guess = mapping[categories(reader(model, data.x_train), data.x_test)]
        row["error"] = (guess != data.y_test).float().mean().item()
    generator = torch.Generator().manual_seed(5)
    z = sample_noise(1000, model.settings.z_dim, generator)
    c = model.code.sample(1000, generator)
    row |= looks(model.generate(z, c).cpu(), mapping[model.code.category(c)], data.x_train, net)
    row["variance"] /= variance(data.x_train, data.y_train, net)
    row["read 100"] = (net(model.sample(100)).softmax(1).amax(1) >= READ).float().mean().item()
    return row


def floor(data: Dataset, net: Features) -> dict[str, float]:
    """The same looks of 1,000 real digits that nothing was trained on: what is good enough."""
    row = looks(data.x_test, data.y_test, data.x_train, net)
    row["variance"] /= variance(data.x_train, data.y_train, net)
    return row
