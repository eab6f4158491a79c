"""What the sources of numbers in prose are written in: tables, the log, settings, the data."""

import ast
import functools
import re
from math import exp, log, pi, sqrt

import numpy as np
from numpy import mean, median

from benchmarks import features, report, separation
from infogan_lite import evaluate, load, pretrained
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


@functools.cache
def logged(ident: str, name: str = "Error, %", which: int = 0) -> list[float]:
    """The numbers in a row of the research log, the first with this Id or a later one."""
    header, found = [], []
    for line in LOG.read_text(encoding="utf8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "Id":
            header = cells
        elif cells[0] == ident and line.startswith("|"):
            found.append(dict(zip(header, cells, strict=True)))
    return [float(n) for n in re.findall(r"(?<![\w.])-?\d*\.?\d+", found[which][name])]


def percents(ident: str, which: int = 0) -> list[float]:
    """Errors in the research log, as parts."""
    return [error / 100 for error in logged(ident, which=which)]


digits = functools.cache(lambda: load("digits"))
shipped = functools.cache(lambda: evaluate(pretrained(), digits()))


@functools.cache
def shipped_looks() -> dict:
    return separation.separation(pretrained(), digits(), features.load())


NAMES = {name: value for name, value in globals().items() if not name.startswith("_")}
NAMES |= {"lite": PRESETS["lite"], "paper": PRESETS["paper"]}
NAMES |= {"exp": exp, "log": log, "pi": pi, "sqrt": sqrt, "mean": mean, "median": median}
