"""InfoGAN-CR as its authors train it, on the upright shapes of chapter 7, as protocol.md asks.

A job is a seed: it makes a row for each of four nets (``late_contrast.branches``).  Model
centrality then chooses among the seeds of a kind.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from joblib import Parallel, delayed
from safetensors.torch import load_file, save_file
from torch import Tensor

from benchmarks import contrast, report
from benchmarks.contrast import IS_LABEL, KEPT, NAMES, means_read, upright
from benchmarks.frechet import Pace, frechet
from benchmarks.late_contrast import Trained, branches
from benchmarks.model_centrality import both_ways, centrality
from benchmarks.options import Options
from benchmarks.spectral_nets import authors_nets
from benchmarks.trial import instructions
from infogan_lite import InfoGAN, LatentCode, Settings
from infogan_lite.classifier import reader
from infogan_lite.measures.agreement import agreement
from infogan_lite.measures.modularity import modularity
from infogan_lite.results.verdicts import Verdict, judge, median_interval
from infogan_lite.running.stored_settings import as_table
from infogan_lite.settings import WITHOUT_RECIPE
from infogan_lite.worlds.catalogue import render

FIRST = 0x6B6D67  # of commit 6b6d67a572, which froze this part of the protocol
SEEDS = tuple(range(FIRST, FIRST + 5))
STEPS, LATE = 6000, 600  # of the authors' 322,560 steps the contrast has the last 34,560
ALPHA = 2.0
PICTURES, SIDE = 16000, 32
KINDS = ("untrained", "before", "InfoGAN", "InfoGAN-CR")
CHOSEN = ("InfoGAN", "InfoGAN-CR")  # kinds among whose seeds model centrality chooses
SCORES = ("MIG", "SAP", "mod", "D", "C", "I", "votes", "match")  # of chapter 7
COLUMNS = ("kind", "seed", "instructions", "seconds", "diverged", "mean", *SCORES)
COLUMNS += tuple(f"match({name})" for name in NAMES)
COLUMNS += tuple(f"L_I(c{i + 1})" for i in range(len(KEPT))) + ("H accuracy", "frechet")


def recipe(**changes) -> Settings:
    """Their numbers: four codes for four factors, sigma 1, lambda .05, rates that stay."""
    fixed = WITHOUT_RECIPE | {"code": LatentCode((), len(KEPT)), "z_dim": len(KEPT)}
    fixed |= {"channels": (32, 32, 64), "hidden": 128, "q_hidden": 128, "steps": STEPS}
    fixed |= {"sigma": 1.0, "lam_uniform": 0.05, "lr_d": 2e-3, "lr_g": 1e-3}
    return Settings(**fixed | changes)


def described(settings: Settings) -> str:
    return json.dumps(as_table(settings) | {"alpha": ALPHA, "late": late(settings)})


def late(settings: Settings) -> int:
    """How many of the last steps have the contrast."""
    return max(1, settings.steps * LATE // STEPS)


def run(options: Options) -> None:
    """Train each seed, add its rows to infogan_cr.csv as it ends, and let centrality choose.

    A seed that the table has is not trained again, so what was stopped goes on where it was.
    """
    settings, folder = options.shortened(recipe()), options.folder_of("infogan_cr")
    seeds = [seed for seed in options.seeds if not done(seed, settings, folder)]
    images = render("shapes", upright(500 if options.quick else PICTURES, seed=0))
    ground = f"frechet {floor(images):.3f}" if seeds else ""
    work = (delayed(one_seed)(replace(settings, seed=s), images, folder, options) for s in seeds)
    for rows in Parallel(n_jobs=options.jobs, return_as="generator")(work):
        for row in rows:
            store(row, settings, folder, floor=ground)
            shown = {k: f"{v:.3g}" if isinstance(v, float) else v for k, v in row.items()}
            print("  ".join(f"{k} {v}" for k, v in shown.items() if v != ""), flush=True)
    rows = [row for kind in KINDS for row in of(kind, settings, folder)]
    rows = [row for row in rows if row["instructions"] == instructions()]
    for kind in CHOSEN:
        if found := choice(kind, rows, images, settings, folder, options.quick):
            about = report.header("infogan_cr") | {kind: described(settings)}
            print(report.merge("infogan_cr-centrality", found, "kind", about, folder))
    print(report.markdown([verdict_row(*found) for found in judged(rows)]))


def of(kind: str, settings: Settings, folder: Path) -> list[dict[str, str]]:
    """The rows of a kind that were made with the present settings."""
    return report.made_with("infogan_cr", "kind", kind, described(settings), folder)


def done(seed: int, settings: Settings, folder: Path) -> bool:
    """Whether the table has all rows of a seed, made with these instructions."""
    keys = [(row["seed"], row["instructions"]) for k in KINDS for row in of(k, settings, folder)]
    return keys.count((str(seed), instructions())) == len(KINDS)


def store(row: dict, settings: Settings, folder: Path, **notes: object) -> None:
    """Add a row to the table, in place of an earlier one of its kind and seed."""
    kind, new = row["kind"], (str(row["seed"]), row["instructions"])
    old = [r for r in of(kind, settings, folder) if (r["seed"], r["instructions"]) != new]
    about = report.header("infogan_cr", threads_each=1, **notes) | {kind: described(settings)}
    report.merge("infogan_cr", [*old, row], "kind", about, folder)


def weights_of(kind: str, seed: int | str, folder: Path) -> Path:
    return folder / "weights" / f"{kind}-{seed}.safetensors"


def one_seed(settings: Settings, images: Tensor, folder: Path, options: Options) -> list[dict]:
    """The rows of a seed; the weights of the nets among which centrality is to choose are kept."""
    torch.set_num_threads(1)
    rows = []
    for kind, net in branches(images, settings, ALPHA, late(settings)).items():
        row = {"kind": kind, "seed": settings.seed, "instructions": instructions()}
        row |= {"diverged": int(net is None)}
        row |= measured(net, images, options.quick) if net else {}
        if net and kind in CHOSEN:
            path = weights_of(kind, settings.seed, folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            save_file({k: w.contiguous() for k, w in net.model.state_dict().items()}, path)
        rows.append({column: row.get(column, "") for column in COLUMNS})
    return rows


def measured(net: Trained, images: Tensor, quick: bool = False) -> dict[str, float]:
    """All scores of chapter 7 on new pictures, L_I, H's accuracy, and how real pictures look."""
    n, votes = (200, 10) if quick else (5000, 400)
    model = net.model
    row = contrast.measures(model, images, n, votes)
    codes = means_read(reader(model, images[:4000]), upright(n, seed=1))
    row["mod"] = modularity(codes, upright(n, seed=1)[:, KEPT].numpy(), discrete=IS_LABEL)
    row["mean"] = float(np.mean([row[score] for score in SCORES]))
    if net.judge is not None:
        row["H accuracy"] = contrast.accuracy(model, net.judge, n)
    row["frechet"] = distance(images, model.sample(n))
    return {k: float(v) for k, v in row.items()} | {"seconds": round(net.seconds, 1)}


def distance(images: Tensor, others: Tensor) -> float:
    """Fréchet's, in the first 20 principal components of the pixels of training pictures."""
    pace = Pace(images)
    return frechet(pace.real, pace.moments_of(others))


def floor(images: Tensor) -> float:
    """The distance of as many new real pictures as are made of each net."""
    return distance(images, render("shapes", upright(5000, seed=2)))


# --- A choice without labels ------------------------------------------------------------


def choice(
    kind: str,
    rows: Iterable[Mapping],
    images: Tensor,
    settings: Settings,
    folder: Path,
    quick: bool = False,
) -> list[dict]:
    """How central each seed of a kind is, and which is chosen; nothing for fewer than two.

    ``agreement`` is the mean of that of ``infogan_lite.measures``, about the same real pictures.
    """
    rows = [row for row in rows if row["kind"] == kind and row["diverged"] == "0"]
    rows = [row for row in rows if weights_of(kind, row["seed"], folder).exists()]
    if len(rows) < 2:
        return []
    models = [loaded(weights_of(kind, row["seed"], folder), settings) for row in rows]
    near = centrality(both_ways(models, 10 if quick else 200))
    seen = images[:2000]
    alike = centrality(agreement([model.recognise(seen).mean.numpy() for model in models]))
    means = np.array([float(row["mean"]) for row in rows])
    ranks = (-means).argsort().argsort() + 1
    return [
        {"kind": kind, "seed": row["seed"], "instructions": row["instructions"]}
        | {"centrality": near[i], "agreement": alike[i], "mean": means[i], "rank": ranks[i]}
        | {"chosen": int(i == near.argmax())}
        for i, row in enumerate(rows)
    ]


def loaded(path: Path, settings: Settings) -> InfoGAN:
    """A net whose weights were kept, in eval mode."""
    model = authors_nets(settings, (1, SIDE, SIDE))
    model.load_state_dict(load_file(path))
    return model.eval()


# --- Judged -----------------------------------------------------------------------------


class Claim(NamedTuple):
    """That a column of a kind is above that of another, the same seed, by so much or more."""

    name: str
    column: str
    least: float
    kind: str = "InfoGAN-CR"
    other: str = "InfoGAN"


CLAIMS = (
    Claim("CR0 the budget teaches InfoGAN", "mean", 0.1, "InfoGAN", "untrained"),
    Claim("CR1 G follows the contrast", "H accuracy", 0.02),
    Claim("CR2 codes are less entangled", "mean", 0.05),
)


def judged(rows: Iterable[Mapping[str, str]]) -> list[tuple[Claim, dict[int, float], Verdict]]:
    """Each claim with its gain in every seed, and its verdict; a run that diverged passes none."""
    table = {(row["kind"], int(row["seed"])): row for row in rows}
    seeds = sorted({seed for kind, seed in table if kind == KINDS[-1]})  # written last
    found = []
    for claim in CLAIMS if seeds else ():
        kinds = claim.kind, claim.other
        pairs = [[table[kind, seed][claim.column] for kind in kinds] for seed in seeds]
        gains = [float(a) - float(b) if a != "" and b != "" else np.nan for a, b in pairs]
        verdict = judge([bool(gain >= claim.least) for gain in gains])
        found.append((claim, dict(zip(seeds, gains, strict=True)), verdict))
    return found


def verdict_row(claim: Claim, gains: dict[int, float], verdict: Verdict) -> dict:
    """A claim as a line of a table: the median gain, and its interval where one can be had."""
    known = [gain for gain in gains.values() if np.isfinite(gain)]
    low, high = median_interval(known) if len(known) > 1 else ("", "")
    middle = float(np.median(known)) if known else ""
    row = {"claim": claim.name, "bar": claim.least, "median": middle, "low": low, "high": high}
    return row | {"verdict": str(verdict)}
