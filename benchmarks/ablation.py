"""What is each part of the recipe worth?  Take them away one by one, and two at once in four pairs.

What a row takes away, what each part is there for and how much that is stands in protocol.md.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import product
from math import inf, isnan, nan
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import torch
from joblib import Parallel, delayed

from benchmarks import features, report
from benchmarks.claims import NO_PRACTICE
from benchmarks.options import Options
from benchmarks.pair_of_codes import pair_row
from benchmarks.plain_game import plain_game
from benchmarks.trial import instructions, made_row
from infogan_lite import Settings, load, recipe, train
from infogan_lite.history import TrainingDiverged
from infogan_lite.results.verdicts import judge, median_interval
from infogan_lite.running.stored_settings import as_table
from infogan_lite.running.sweep import score, tuning_split
from infogan_lite.settings import PRESETS

FIRST = 0x8E91B7  # of commit 8e91b7c003, which froze the second ablation
SEEDS = tuple(range(FIRST, FIRST + 5))
RECIPE = PRESETS["lite"]
PLAIN_GAME = "maps in practice alone"  # no setting, but for Q, who is told no map
NOT_REVIVED = "turned, never revived"  # no setting either
WITHOUT = {
    "recipe": {},
    "without bending": {"bend": False},
    PLAIN_GAME: {"tell": False},
    "without two looks alike": {"lam_alike": 0.0},
    "Q need not be sure": {"lam_real": 0.0},
    "without R1": {"r1": 0.0},
    "rates that fall": {"decay_from": 0.5},
    "62 numbers of noise": {"z_dim": 62},
    "L_I not to the trunk": {"info_to_trunk": False},
    "Q is not told the map": {"tell": False},
    "axes never turned": {"turn_every": 0},
    NOT_REVIVED: {},
    "last weights": {"average": 0.0},
    "averages of G alone": {"settle": False},
    # Two at once.
    "neither maps nor two looks": {"augment": 0.0, "lam_alike": 0.0},
    "without practice": NO_PRACTICE,
    "not sure, L_I not to the trunk": {"lam_real": 0.0, "info_to_trunk": False},
    "not sure, without bending": {"lam_real": 0.0, "bend": False},
}
PAIRS = {
    "neither maps nor two looks": (PLAIN_GAME, "without two looks alike"),
    "without practice": ("without two looks alike", "Q need not be sure"),
    "not sure, L_I not to the trunk": ("Q need not be sure", "L_I not to the trunk"),
    "not sure, without bending": ("Q need not be sure", "without bending"),
}
LOOKS = ("faint", "variance", "frechet", "read")
COLUMNS = ("variant", "seed", "error", "nmi", "ari")
COLUMNS += tuple(f"L_I({name})" for name in PRESETS["lite"].code.names) + ("seconds",)
COLUMNS += ("instructions", "diverged", "slant moved", "width moved", "crossed", "separate", *LOOKS)
MADE = ("variant", "seed", "seconds", "instructions", "diverged")


def run(options: Options) -> None:
    """Train each variant with each seed, add its row to ablation.csv as it ends, and judge.

    A run that the table has is not made again, so what was stopped goes on where it was.  Rows of
    other settings give way to the first new one.
    """
    folder = options.folder_of("ablation")
    lite = options.shortened(RECIPE)
    made = {(row["variant"], int(row["seed"])) for row in present(lite, folder)}
    plan = [key for key in product(WITHOUT, options.seeds) if key not in made]
    plan.sort(key=lambda key: options.seeds.index(key[1]))  # whole seeds first
    work = (delayed(one_run)(name, seed, lite, options.quick) for name, seed in plan)
    for row in Parallel(n_jobs=options.jobs, return_as="generator")(work):
        store(row, lite, options.seeds, folder)
        shown = {k: f"{v:.3g}" if isinstance(v, float) else v for k, v in row.items()}
        print("  ".join(f"{k} {v}" for k, v in shown.items()), flush=True)
    found = judged(present(lite, folder))
    if found:
        print(report.markdown([worth._asdict() for worth in found]))


def described(name: str, lite: Settings) -> str:
    table = as_table(replace(lite, **WITHOUT[name]))
    return json.dumps(table | {"plain_game": name == PLAIN_GAME, "revive": name != NOT_REVIVED})


def program_of(name: str) -> AbstractContextManager:
    """Within it ``train`` lacks the part that no setting turns off."""
    if name == PLAIN_GAME:
        return plain_game()
    return patch.object(recipe, "SHORTEST", 0.0) if name == NOT_REVIVED else nullcontext()


def of(name: str, lite: Settings, folder: Path) -> list[dict[str, str]]:
    """The rows of a variant that were made with the present settings."""
    return report.made_with("ablation", "variant", name, described(name, lite), folder)


def present(lite: Settings, folder: Path) -> list[dict[str, str]]:
    """All rows made with the present settings and instructions."""
    rows = [row for name in WITHOUT for row in of(name, lite, folder)]
    return [row for row in rows if row["instructions"] == instructions()]


def store(row: dict, lite: Settings, seeds: tuple[int, ...], folder: Path) -> None:
    """Add a row to the table; what there is of an older recipe, with other columns, goes."""
    if not any(of(name, lite, folder) for name in WITHOUT):
        (folder / "ablation.csv").unlink(missing_ok=True)
    name = row["variant"]
    about = report.header("ablation", lite, seeds=list(seeds), threads_each=1)
    about |= {name: described(name, lite)}
    report.merge("ablation", [*of(name, lite, folder), row], "variant", about, folder)


def one_run(name: str, seed: int, lite: Settings, quick: bool) -> dict:
    """A row: trained on all digits, measured on training digits, and on pictures of G.

    The error is on one half of them, the other half names the categories, so held-out digits have
    no part in what is said of a recipe.  A run that diverges has no number.
    """
    torch.set_num_threads(1)
    data, began = load("digits"), perf_counter()
    settings = replace(lite, **WITHOUT[name], seed=seed)
    row = {"variant": name, "seed": seed, "instructions": instructions(), "diverged": 0}
    try:
        with program_of(name):
            model, _ = train(data.x_train, settings, device="cpu")
        row["seconds"] = perf_counter() - began
        row |= score(model, tuning_split(data))
        row |= pair_row(model, data, features.load(), 4 if quick else 200)
        row |= made_row(model, data)
    except TrainingDiverged:
        row |= {"diverged": 1, "seconds": perf_counter() - began}
    return {column: row.get(column, nan) for column in COLUMNS}


# --- What a part is worth ---------------------------------------------------------------


class Measure(NamedTuple):
    """Columns, by how much a row must be worse without a part, and 1 if more of it is worse."""

    columns: tuple[str, ...]
    margin: float
    worse: int

    def of(self, row: Mapping[str, str]) -> float:
        """The number: the smaller of two, as of two codes the weaker counts; a sum of L_I."""
        values = [float(row[column]) for column in self.columns]
        return sum(values) if self.columns[0].startswith("L_I") else min(values)


MEASURES = {
    "error": Measure(("error",), 0.01, 1),
    "moved": Measure(("slant moved", "width moved"), 0.25, -1),
    "crossed": Measure(("crossed",), 0.1, 1),
    "nats": Measure(tuple(f"L_I({c})" for c in PRESETS["lite"].code.uniform_names), 0.1, -1),
    "faint": Measure(("faint",), 0.005, 1),
    "variance": Measure(("variance",), 0.05, -1),
    "frechet": Measure(("frechet",), 15.0, 1),
}
THERE_FOR = {
    "without bending": "moved",
    PLAIN_GAME: "error",
    "without two looks alike": "error",
    "Q need not be sure": "error",
    "without R1": "nats",
    "rates that fall": "frechet",
    "62 numbers of noise": "error",
    "L_I not to the trunk": "error",
    "Q is not told the map": "moved",
    "axes never turned": "crossed",
    NOT_REVIVED: "nats",
    "last weights": "frechet",
    "averages of G alone": "error",
}


class Worth(NamedTuple):
    """What is lost without a part, over seeds: median, interval, and a verdict where one is due."""

    what: str
    measure: str
    margin: float
    median: float
    low: float
    high: float
    verdict: str


def losses(rows: Iterable[Mapping[str, str]], measure: Measure) -> dict[str, dict[int, float]]:
    """By variant and seed: how much worse than the recipe with that seed.

    A run that diverged has lost everything; where the recipe itself did, nothing can be said.
    """
    table = {(row["variant"], int(row["seed"])): measure.of(row) for row in rows}
    found: dict[str, dict[int, float]] = {}
    for (name, seed), value in table.items():
        whole = table.get(("recipe", seed), nan)
        lost = nan if isnan(whole) else inf if isnan(value) else measure.worse * (value - whole)
        found.setdefault(name, {})[seed] = lost
    return found


def judged(rows: Iterable[Mapping[str, str]]) -> list[Worth]:
    """Each part and measure, then each pair: what both lose beyond the sum of what each loses.

    Above 0 the two cover for each other, below they need each other.  A verdict is given about
    what a part is there for, and about the error of a pair.
    """
    rows, found = list(rows), []
    for measure_name, measure in MEASURES.items():
        lost = losses(rows, measure)
        for name in [name for name in WITHOUT if name != "recipe" and name in lost]:
            due = THERE_FOR.get(name) == measure_name
            found.append(worth(name, measure_name, measure.margin, lost[name].values(), due))
        for both, (one, other) in PAIRS.items():
            seeds = [
                s for s in lost.get(both, {}) if all(s in lost.get(n, {}) for n in (one, other))
            ]
            values = [lost[both][s] - lost[one][s] - lost[other][s] for s in seeds]
            title, due = f"{both}: together", measure_name == "error"
            if values:
                found.append(worth(title, measure_name, measure.margin, values, due))
    return sorted(found, key=lambda w: (not w.verdict, list(MEASURES).index(w.measure)))


def worth(what: str, measure: str, margin: float, values: Iterable[float], due: bool) -> Worth:
    """The numbers of all seeds in a line."""
    values = list(values)
    known = [value for value in values if np.isfinite(value)]
    low, high = median_interval(known) if len(known) > 1 else (nan, nan)
    middle = float(np.median(values)) if not any(map(isnan, values)) else nan
    verdict = str(judge([bool(value >= margin) for value in values])) if due else ""
    return Worth(what, measure, margin, middle, low, high, verdict)
