"""What the sources of numbers in prose are written in: tables, the log, settings, the data."""

import ast
import functools
import re
from math import exp, log, pi, sqrt

import numpy as np
from numpy import mean, median
from scipy.stats import binomtest

from benchmarks import (
    ablation,
    claims,
    cost,
    factor_nets,
    features,
    frechet,
    kept_factors,
    pair_of_codes,
    posterior,
    report,
    separation,
    worlds,
)
from benchmarks import trial as digits_trial
from benchmarks.digits import sealed
from infogan_lite import evaluate, load, pretrained, recipe
from infogan_lite.figures.curves import limits
from infogan_lite.measures.bounds import circular_limits
from infogan_lite.results import verdicts, world_claims
from infogan_lite.running.sweep import tuning_split
from infogan_lite.settings import PRESETS

LOG = report.ROOT / "benchmarks/research-log.md"


@functools.cache
def rows(table: str) -> list[dict[str, str]]:
    return report.read(report.folder_of(table) / f"{table}.csv")[0]


def column(table: str, name: str, **where: object) -> np.ndarray:
    """The numbers of a column, in the rows where other columns have the named values."""
    found = [r for r in rows(table) if all(r[k] == str(v) for k, v in where.items())]
    return np.array([float(row[name]) for row in found])


def note(table: str, name: str) -> object:
    """A line above a table; as a value if it is one."""
    text = report.read(report.folder_of(table) / f"{table}.csv")[1][name]
    try:
        return ast.literal_eval(re.sub(r"\bnull\b", "None", re.sub(r"\b(true|false)\b", cap, text)))
    except (ValueError, SyntaxError):
        return text


def cap(word: re.Match) -> str:
    return word[0].capitalize()


def entry(ident: str, which: int = 0) -> list[str]:
    """The cells of a row in the research log, below the header that names them."""
    lines = LOG.read_text(encoding="utf8").splitlines()
    return [line for line in lines if line.startswith(f"| {ident} |")][which].split(" | ")


def logged(ident: str, which: int = 0) -> list[float]:
    """The errors in a row of the research log, as parts."""
    after_steps = next(i for i, cell in enumerate(entry(ident, which)) if " x 64" in cell) + 1
    found = re.findall(r"(?<![\w.])\d*\.?\d+", entry(ident, which)[after_steps])
    return [float(error) / 100 for error in found]


def log_says(ident: str, *words: str) -> bool:
    """Whether all these words stand in a row of the research log."""
    return all(any(w in cell for cell in entry(ident)) for w in words)


digits = functools.cache(lambda: load("digits"))
shipped = functools.cache(lambda: evaluate(pretrained(), digits()))


@functools.cache
def shipped_looks() -> dict:
    return separation.separation(pretrained(), digits(), features.load())


NAMES = {name: value for name, value in globals().items() if not name.startswith("_")}
NAMES |= {"lite": PRESETS["lite"], "paper": PRESETS["paper"]}
NAMES |= {"factor_nets": factor_nets, "kept_factors": kept_factors, "worlds": worlds}
NAMES |= {"world_claims": world_claims, "ablation": ablation}
NAMES |= {"limits": limits, "circular_limits": circular_limits}
NAMES |= {"claims": claims, "cost": cost, "frechet": frechet, "digits_trial": digits_trial}
NAMES |= {"pair_of_codes": pair_of_codes, "posterior": posterior, "verdicts": verdicts}
NAMES |= {
    "binomtest": binomtest,
    "recipe": recipe,
    "sealed": sealed,
    "tuning_split": tuning_split,
}
NAMES |= {"exp": exp, "log": log, "pi": pi, "sqrt": sqrt, "mean": mean, "median": median}
