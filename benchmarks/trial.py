"""The claims about digits, tried as protocol.md says: a row for each kind of net and seed.

A row holds all that a net of its kind can be asked; what it cannot is left empty.  Which bar a
claim asks for, and what counts against it, stands in the protocol.
"""

import json
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch
from joblib import Parallel, delayed
from torch import Tensor

from benchmarks import features, report
from benchmarks.claims import NO_PRACTICE, curve, pictures
from benchmarks.digits import sealed
from benchmarks.frechet import Pace
from benchmarks.labelled_nets import supervised
from benchmarks.learned_prior import with_learned_prior
from benchmarks.options import Options
from benchmarks.pair_of_codes import noise_row, pair_row
from benchmarks.posterior import compare_posteriors
from benchmarks.practice_alone import practice_alone
from benchmarks.probes import balanced_order, probe_error, trunk_features
from benchmarks.separation import bounds, looks, variance
from infogan_lite import InfoGAN, Settings, load, sample_noise, train
from infogan_lite.classifier import categories, fit_mapping, reader
from infogan_lite.history import TrainingDiverged, start
from infogan_lite.inputs import Dataset
from infogan_lite.running.stored_settings import as_table
from infogan_lite.settings import PRESETS

FIRST = 0x48626A  # of commit 48626adb2f, which froze the protocol
SECOND = 0x555828  # of commit 555828f928, which froze the second trial, of another recipe
SEEDS = tuple(range(SECOND, SECOND + 10))
PAPER_SEEDS = tuple(range(FIRST, FIRST + 10))  # the nets of the paper were not tried again
LABELS = 100  # that name categories, or teach, for S1 and S2
PACE = 10  # steps from one Fréchet distance to the next, for C5


class Kind(NamedTuple):
    """A kind of net: its settings, its seeds, what it is trained on."""

    settings: Settings
    seeds: tuple[int, ...] = SEEDS
    pictures: str = "all"


def lite(**changes) -> Settings:
    return replace(PRESETS["lite"], **changes)  # whole, whatever INFOGAN_MAX_STEPS says


def paper(**changes) -> Settings:
    return replace(PRESETS["paper"], **({"steps": 1000} | changes))


NO_GAME = dict(decay_from=0.5)  # no game, no averages: such a net comes to rest as its rates fall
KINDS = {
    "lite": Kind(lite()),
    "plain GAN": Kind(lite(lam=0.0)),
    "untrained": Kind(lite()),
    "practice alone": Kind(lite(**NO_GAME)),
    "no practice": Kind(lite(**NO_PRACTICE)),
    "supervised": Kind(lite(**NO_GAME)),
    "no bend": Kind(lite(bend=False)),
    "plain GAN, no bend": Kind(lite(lam=0.0, bend=False)),
    "lambda / 3": Kind(lite(lam=1 / 3)),
    "lambda x 3": Kind(lite(lam=3.0)),
    "uniform lambda / 3": Kind(lite(lam_uniform=0.1 / 3)),
    "uniform lambda x 3": Kind(lite(lam_uniform=0.3)),
    "equal prior": Kind(lite(**NO_PRACTICE), pictures="unbalanced"),
    "learned prior": Kind(lite(**NO_PRACTICE), pictures="unbalanced"),
    "paper": Kind(paper(), PAPER_SEEDS),
    "paper, plain GAN": Kind(paper(lam=0.0), PAPER_SEEDS[:3]),
    "paper, 5000 steps": Kind(paper(steps=5000), PAPER_SEEDS[:3]),
}
FULL = ("lite", "plain GAN")  # of these everything is asked
SHAPES = ("slant", "width")
COLUMNS = (
    *("kind", "seed", "instructions", "seconds", "diverged", "error", "error of x_test"),
    *("named by 100", "probe by 100", "L_I c1", "L_I c2", "L_I c3", "L_I c4"),
    *("step of nine tenths", "step of peak", "peak", "end", "settled"),
    *(f"{s} {what}" for s in SHAPES for what in ("code", "moved", "order", "same")),
    *(f"{s} {what} far" for s in SHAPES for what in ("order", "same")),
    *("crossed", "separate", "no mere stretch", "z slant", "z width", "z both"),
    *("L_I factored", "L_I full", "L_I mixture", "not its digit", "H(c1)"),
    *("faint", "variance", "frechet", "read"),
)


def run(options: Options) -> None:
    """Train the kinds named as parts and add each row to trial.csv as it ends.

    A run that the table has is not made again, so what was stopped goes on where it was.
    """
    folder = options.folder_of("trial")
    kinds = {name: budget(KINDS[name], options) for name in options.parts}
    plan = [(name, seed) for name, kind in kinds.items() for seed in seeds_of(kind, options)]
    plan = [key for key in plan if key not in done(kinds, folder)]
    work = (delayed(one_run)(name, kinds[name], seed, options.quick) for name, seed in plan)
    for row, points in Parallel(n_jobs=options.jobs, return_as="generator")(work):
        kind = kinds[row["kind"]]
        store(row["kind"], kind, [row], "trial", folder)
        store(row["kind"], kind, points, "trial-curves", folder)
        shown = {k: round(v, 3) if isinstance(v, float) else v for k, v in row.items() if v != ""}
        print("  ".join(f"{k} {v}" for k, v in shown.items()), flush=True)


def instructions() -> str:
    """What the processor's instructions are called by torch: another set rounds otherwise."""
    return torch.backends.cpu.get_cpu_capability()


def budget(kind: Kind, options: Options) -> Kind:
    """The kind with its whole budget, or with a few steps to try the script."""
    return kind._replace(settings=options.shortened(kind.settings))


def seeds_of(kind: Kind, options: Options) -> tuple[int, ...]:
    """The seeds of this kind, unless others were asked for."""
    return kind.seeds if options.seeds == SEEDS else options.seeds


def done(kinds: dict[str, Kind], folder: Path) -> set[tuple[str, int]]:
    """Kinds and seeds that the table has, made with these settings and the same instructions."""
    rows = [row for name, kind in kinds.items() for row in of(name, kind, folder)]
    rows = [row for row in rows if row["instructions"] == instructions()]
    return {(row["kind"], int(row["seed"])) for row in rows}


def of(name: str, kind: Kind, folder: Path, table: str = "trial") -> list[dict[str, str]]:
    """The rows of a kind that were made with these settings."""
    return report.made_with(table, "kind", name, described(kind), folder)


def described(kind: Kind) -> str:
    return json.dumps(as_table(kind.settings) | {"pictures": kind.pictures})


def store(name: str, kind: Kind, rows: list[dict], table: str, folder: Path) -> None:
    """Add rows of a kind to a table, beside those of its kind that have the same settings."""
    if rows:
        about = report.header("trial", threads_each=1) | {name: described(kind)}
        report.merge(table, [*of(name, kind, folder, table), *rows], "kind", about, folder)


def one_run(name: str, kind: Kind, seed: int, quick: bool = False) -> tuple[dict, list[dict]]:
    """A row: train a kind with a seed, and ask it what can be asked; and Figure 1's curve."""
    torch.set_num_threads(1)
    settings, began = replace(kind.settings, seed=seed), perf_counter()
    data = load("digits")
    data = data._replace(x_test=sealed()[0], y_test=sealed()[1])
    row = {"kind": name, "seed": seed, "instructions": instructions(), "diverged": 0}
    try:
        row |= of_kind(name, settings, pictures(data, kind.pictures, seed), data, quick)
    except TrainingDiverged:
        row["diverged"] = 1
    row["seconds"] = round(perf_counter() - began, 1)
    points = [{"kind": name, "seed": seed} | point for point in row.get("points", [])]
    return {column: row.get(column, "") for column in COLUMNS}, points


def of_kind(name: str, settings: Settings, images: Tensor, data: Dataset, quick: bool) -> dict:
    """Train, and measure what a net of this kind has; for the paper's nets Figure 1's points."""
    if name == "supervised":
        return taught_row(settings, data)
    if name == "practice alone":
        return class_row(practice_alone(images, settings), data)
    if name == "untrained":
        return class_row(start(settings, tuple(images.shape[1:])).model.eval(), data)
    if name == "learned prior":
        model, prior = with_learned_prior(images, settings)
        return class_row(model, data) | made_row(model, data) | {"H(c1)": prior.entropy().item()}
    pace = Pace(images, PACE, 500) if name == "lite" else None
    model, history = train(images, settings, [pace] if pace else [], device="cpu")
    row = class_row(model, data) | made_row(model, data) | curve(history, model)
    if name.startswith("paper"):
        steps = zip(history.step, history.bound["c1"], strict=True)
        row["points"] = [{"step": step, "L_I c1": value} for step, value in steps]
    if pace:
        row["settled"] = pace.settled()
    if settings.code.uniform:
        row |= pair_row(model, data, features.load(), 4 if quick else 200)
    if "plain GAN" in name or "no bend" in name:
        row |= noise_row(model, data, 2 if quick else 50)
    if name in FULL:
        row |= compare_posteriors(model, **({"n": 400, "steps": 5} if quick else {}))
    return row


def class_row(model: InfoGAN, data: Dataset) -> dict[str, float]:
    """c1 as a classifier, named by all training labels or by 100; the trunk as features."""
    read, k = reader(model, data.x_train), model.code.categorical[0]
    labels, truth, old = data.y_train.numpy(), data.y_test.numpy(), load("digits")
    seen, new = categories(read, data.x_train), categories(read, data.x_test)
    few = few_labels(model.settings.seed, data)
    names, names_of_few = fit_mapping(seen, labels, k), fit_mapping(seen[few], labels[few], k)
    h, h_test = trunk_features(read, data.x_train[few], data.x_test)
    looked_at = names[categories(read, old.x_test)]
    return {
        "error": float(np.mean(names[new] != truth)),
        "error of x_test": float(np.mean(looked_at != old.y_test.numpy())),
        "named by 100": float(np.mean(names_of_few[new] != truth)),
        "probe by 100": probe_error(h, labels[few], h_test, truth),
    }


def few_labels(seed: int, data: Dataset) -> Tensor:
    """The same 100 training digits, ten of each, for all kinds with this seed."""
    return balanced_order(data.y_train, seed)[:LABELS]


def taught_row(settings: Settings, data: Dataset) -> dict[str, float]:
    """A supervised net with all labels, and one with 100: its error, and a probe of its trunk."""
    x, y, few, old = data.x_train, data.y_train, few_labels(settings.seed, data), load("digits")
    net, head = supervised(x, y, 10, settings)
    net = reader(net, x)
    row = {"error": misread(net, head, data.x_test, data.y_test)}
    row["error of x_test"] = misread(net, head, old.x_test, old.y_test)
    net, head = supervised(x[few], y[few], 10, settings)
    net = reader(net, x)
    row["named by 100"] = misread(net, head, data.x_test, data.y_test)
    h, h_test = trunk_features(net, x[few], data.x_test)
    row["probe by 100"] = probe_error(h, y[few].numpy(), h_test, data.y_test.numpy())
    return row


@torch.no_grad()
def misread(net: InfoGAN, head: torch.nn.Linear, x: Tensor, y: Tensor) -> float:
    return (head(net.D.trunk(x)).argmax(1) != y).float().mean().item()


@torch.no_grad()
def made_row(model: InfoGAN, data: Dataset, n: int = 1000) -> dict[str, float]:
    """What G makes of each category, and how the pictures look."""
    net, generator = features.load(), torch.Generator().manual_seed(5)
    z, c = sample_noise(n, model.settings.z_dim, generator), model.code.sample(n, generator)
    images, c1 = model.generate(z, c), model.code.category(c).numpy()
    read = net(images).argmax(1).numpy()
    digits = fit_mapping(c1, read, model.code.categorical[0])[c1]
    row = looks(images, torch.from_numpy(digits), data.x_train, net)
    row["variance"] /= variance(data.x_train, data.y_train, net)
    row |= {f"L_I {name}": value for name, value in bounds(model).items()}
    return row | {"not its digit": float(np.mean(digits != read))}
