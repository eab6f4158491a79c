"""Is InfoGAN competitive with supervised nets?

One trunk, taught in several ways: by InfoGAN and by a plain GAN without labels, by a
conditional GAN and by supervised nets with labels.  All are judged alike: by linear probes of
the trunk, given few labels or many, and by what they put out.  In the table ``labels`` is how
many a probe, a supervised net, or the naming of categories was given; the conditional GAN saw
the labels of all pictures before that.  Chapter 9, *The claims, judged*, reads the table.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from joblib import Parallel, delayed
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from torch import Tensor
from torch.nn.functional import one_hot

from benchmarks import report
from benchmarks.claims import NO_PRACTICE
from benchmarks.labelled_nets import conditional, supervised
from benchmarks.options import Options
from benchmarks.probes import balanced_order, probe_error, probe_fit, trunk_features
from infogan_lite import InfoGAN, LatentCode, Settings, load, preset, train
from infogan_lite.classifier import categories, fit_mapping, reader
from infogan_lite.history import start
from infogan_lite.inputs import Dataset
from infogan_lite.measures.dci import dci
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import mig
from infogan_lite.measures.sap import sap
from infogan_lite.running.stored_settings import as_table
from infogan_lite.worlds.catalogue import factored, space

SEEDS = (300, 301, 302)
LABELS = (100, 1000, 3500)
FACTORS = ("azimuth", "elevation", "light", "width")  # whose head it is stays unnamed
HEADS = dict(tell=False, turn_every=0, average=0.0, settle=False, bend=False, steps=2000)
HEADS |= dict(code=LatentCode((), 4), z_dim=4, sigma=0.2, augment=0.05)


def without_labels(images: Tensor, settings: Settings) -> dict[str, InfoGAN]:
    """The nets that no label taught; batch norm has the averages of the real pictures."""
    kinds = {"InfoGAN": {}, "InfoGAN, no practice": NO_PRACTICE, "plain GAN": {"lam": 0.0}}
    if not settings.code.categorical:
        del kinds["InfoGAN, no practice"]  # Q practices on categories alone: this is InfoGAN
    nets = {"untrained": start(settings, tuple(images.shape[1:])).model}
    for name, changes in kinds.items():
        nets[name], _ = train(images, replace(settings, **changes), device="cpu")
    return {name: reader(net, images) for name, net in nets.items()}


def row(method: str, labels: int, measure: str, value: float) -> dict:
    return {"method": method, "labels": labels, "measure": measure, "value": float(value)}


# --- Digits: one of ten classes -------------------------------------------------------


def digit_rows(settings: Settings, labels: Sequence[int], quick: bool = False) -> list[dict]:
    """All rows of one seed; errors are on the held-out digits."""
    data, rows = load("digits"), []
    x, y, truth = data.x_train, data.y_train, data.y_test.numpy()
    order = balanced_order(y, settings.seed)
    nets = without_labels(x, settings)
    for name in [name for name in nets if name != "untrained"]:
        rows += named(name, nets[name], data, [order[:n] for n in labels])
    told = conditional(x, one_hot(y).float(), replace(settings, code=LatentCode((10,), 0)))
    nets["conditional GAN"] = reader(told, x)
    trunks = {name: trunk_features(net, x, data.x_test) for name, net in nets.items()}
    trunks["raw pixels"] = x.flatten(1).numpy(), data.x_test.flatten(1).numpy()
    for n in labels:
        draw = order[:n]
        net, head = supervised(x[draw], y[draw], 10, settings)
        trunks["supervised"] = trunk_features(reader(net, x), x, data.x_test)
        guess = head(torch.from_numpy(trunks["supervised"][1])).argmax(1).numpy()
        rows += class_scores("supervised", n, guess, truth)
        for name, (h, h_test) in trunks.items():
            error = probe_error(h[draw], y[draw].numpy(), h_test, truth)
            rows.append(row(name, n, "probe error", error))
    return rows


def named(method: str, net: InfoGAN, data: Dataset, draws: Sequence[Tensor]) -> list[dict]:
    """c1 as a classifier: labels do no more than name its categories."""
    seen, guess, rows = categories(net, data.x_train), categories(net, data.x_test), []
    for draw in draws:
        mapping = fit_mapping(seen[draw], data.y_train[draw].numpy(), 10)
        rows += class_scores(method, len(draw), mapping[guess], data.y_test.numpy())
    return rows


def class_scores(method: str, labels: int, guess: np.ndarray, truth: np.ndarray) -> list[dict]:
    """Error, NMI and ARI of classes."""
    return [
        row(method, labels, "error", np.mean(guess != truth)),
        row(method, labels, "NMI", normalized_mutual_info_score(truth, guess)),
        row(method, labels, "ARI", adjusted_rand_score(truth, guess)),
    ]


# --- Heads: four factors --------------------------------------------------------------


def head_rows(settings: Settings, labels: Sequence[int], quick: bool = False) -> list[dict]:
    """All rows of one seed; everything is measured on new heads."""
    (x, v), (new, truth) = (
        some_heads(400 if quick else 4000, 0),
        some_heads(200 if quick else 2000, 1),
    )
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(settings.seed))
    nets, rows = without_labels(x, settings), []
    for name, net in nets.items():
        rows += scores(name, 0, net.recognise(new).mean, truth)
    told = conditional(x, v, replace(settings, code=LatentCode((), len(FACTORS))))
    nets["conditional GAN"] = reader(told, x)
    trunks = {name: trunk_features(net, x, new) for name, net in nets.items()}
    for n in labels:
        draw = order[:n]
        net, head = supervised(x[draw], v[draw], len(FACTORS), settings)
        trunks["supervised"] = trunk_features(reader(net, x), x, new)
        codes = head(torch.from_numpy(trunks["supervised"][1]))
        rows += scores("supervised", n, codes, truth)
        for name, (h, h_test) in trunks.items():
            for j, factor in enumerate(FACTORS):
                fit = probe_fit(h[draw], v[draw, j].numpy(), h_test, truth[:, j].numpy())
                rows.append(row(name, n, f"probe R2 {factor}", fit))
    return rows


@cache
def some_heads(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """n heads and their factors, each scaled to [-1, 1], shape (n, 4)."""
    data = factored("heads", n, seed)
    ranges = [
        (data.names.index(f.name), f.low, f.high) for f in space("heads") if f.name in FACTORS
    ]
    columns = [2 * (data.factors[:, j] - low) / (high - low) - 1 for j, low, high in ranges]
    return data.images, torch.stack(columns, dim=1)


def scores(method: str, labels: int, codes: Tensor, truth: Tensor) -> list[dict]:
    """What codes (n, m) know of the factors, by the scores of chapter 7."""
    tables = codes.detach().numpy(), truth.numpy()
    found, three = match_codes(*tables), dci(*tables, trees=20)
    numbers = {f"strength {f}": s for f, s in zip(FACTORS, found.strength, strict=True)}
    numbers |= {"match": found.strength.mean(), "MIG": mig(*tables), "SAP": sap(*tables)}
    numbers |= dict(zip(("D", "C", "I"), three[:3], strict=True))
    return [row(method, labels, name, value) for name, value in numbers.items()]


# --- Both -----------------------------------------------------------------------------

RUNS = {"digits": (digit_rows, preset("lite")), "heads": (head_rows, preset("lite", **HEADS))}


def run(options: Options) -> None:
    """Run the worlds named as parts and put their rows into supervised.csv."""
    about = report.header("supervised", seeds=list(options.seeds), threads_each=1)
    about |= {name: json.dumps(as_table(settings)) for name, (_, settings) in RUNS.items()}
    tasks = [(world, seed) for world in options.parts for seed in options.seeds]
    work = [delayed(one_seed)(*task, options) for task in tasks]
    rows = [row for found in Parallel(n_jobs=options.jobs)(work) for row in found]
    report.merge("supervised", rows, "world", about, options.folder_of("supervised"))


def one_seed(world: str, seed: int, options: Options) -> list[dict]:
    """All rows of one world and seed."""
    torch.set_num_threads(1)
    measured, settings = RUNS[world]
    settings, labels = replace(settings, seed=seed), (20, 100) if options.quick else LABELS
    found = measured(options.shortened(settings), labels, options.quick)
    print(world, seed, len(found), "rows", flush=True)
    return [{"world": world, "seed": seed} | r for r in found]
