"""The claims about digits, judged from the raw rows of the trial.

``benchmarks/trial.py`` makes the rows and ``benchmarks/protocol.md`` says why each bar is what it
is; both stood before the first run.

Used in chapter 9.
"""

from collections.abc import Callable, Iterable, Mapping
from math import log, nan
from typing import NamedTuple

from infogan_lite.results.verdicts import Verdict, judge

Row = Mapping[str, str]


class Claim(NamedTuple):
    """A claim, the kinds of net that it needs a row of, and how a seed is judged.

    value: the number that is reported, from the rows of one seed, one for each kind in order.
    passed: whether that seed clears the bar.
    """

    name: str
    kinds: tuple[str, ...]
    bar: str
    value: Callable[..., float]
    passed: Callable[..., bool]


class Judged(NamedTuple):
    """A verdict on a claim, and the number of each seed that it rests on."""

    claim: Claim
    values: dict[int, float]
    verdict: Verdict


def number(row: Row, column: str) -> float:
    """What stands in a column; not-a-number, which clears no bar, where nothing does."""
    return float(row[column]) if row[column] != "" else nan


def below(name: str, kind: str, column: str, most: float, bar: str = "") -> Claim:
    """That a column is at most so much."""

    def value(row):
        return number(row, column)

    return Claim(name, (kind,), bar or f"at most {most:g}", value, lambda row: value(row) <= most)


def difference(
    name: str, kinds: tuple[str, str], columns: tuple[str, str], most: float, bar: str
) -> Claim:
    """That the first column of the one kind minus the second of the other is at most so much."""

    def value(one, other):
        return number(one, columns[0]) - number(other, columns[1])

    return Claim(name, kinds, bar, value, lambda one, other: value(one, other) <= most)


def moves(row: Row, shape: str) -> bool:
    """Whether the code for a shape moves it a deviation, in order, and the digit stays."""
    bars = {"moved": 1.0, "order": 0.8, "same": 0.9}
    return all(number(row, f"{shape} {what}") >= bar for what, bar in bars.items())


def goes_on(row: Row) -> bool:
    """Whether the codes for slant and width go on in order to -2 and 2, and the digit stays."""
    columns = [f"{s} {what} far" for s in ("slant", "width") for what in ("order", "same")]
    return all(number(row, column) >= 0.8 for column in columns)


def entangled(row: Row) -> bool:
    """Whether two numbers of z or more move each shape, and half of all these move both."""
    slant, width, both = (number(row, f"z {what}") for what in ("slant", "width", "both"))
    return slant >= 2 and width >= 2 and both >= (slant + width - both) / 2


def a_code(name: str, shape: str) -> Claim:
    """That a code of its own moves a shape in InfoGAN, and in the plain GAN none does."""
    bar = "1 deviation, order .8, digit kept in 90%; not so in the plain GAN"
    return Claim(
        name,
        ("lite", "plain GAN"),
        bar,
        lambda lite, plain: number(lite, f"{shape} moved"),
        lambda lite, plain: moves(lite, shape) and not moves(plain, shape),
    )


HIGH = 0.9 * log(10)
VALUES = ("lambda / 3", "lite", "lambda x 3", "uniform lambda / 3", "uniform lambda x 3")
CLAIMS = (
    below("C1 a GAN may ignore its code", "plain GAN", "L_I c1", 0.5),
    Claim(
        "C2 noise is entangled",
        ("plain GAN, no bend",),
        "two numbers of z or more for slant, as many for width; half of them move both",
        lambda row: number(row, "z both"),
        entangled,
    ),
    Claim(
        "C3 L_I rises",
        ("lite",),
        "at least 0.9 ln 10 at the end",
        lambda row: number(row, "end"),
        lambda row: number(row, "end") >= HIGH,
    ),
    Claim(
        "C3 the bump",
        ("paper, plain GAN",),
        "the peak is 0.1 nats above the end, or more",
        lambda row: number(row, "peak") - number(row, "end"),
        lambda row: number(row, "peak") - number(row, "end") >= 0.1,
    ),
    Claim(
        "C5 it comes quickly",
        ("lite",),
        "0.9 ln 10 are reached before the pictures settle",
        lambda row: number(row, "step of nine tenths") / number(row, "settled"),
        lambda row: 0 < number(row, "step of nine tenths") < number(row, "settled"),
    ),
    below("C6, C8 c1 is the digit", "lite", "error", 0.05),
    Claim(
        "C7 a plain GAN's c1 has no meaning",
        ("plain GAN",),
        "above one half",
        lambda row: number(row, "not its digit"),
        lambda row: number(row, "not its digit") > 0.5,
    ),
    a_code("C9 a code is the slant", "slant"),
    a_code("C10 a code is the width", "width"),
    below("C9, C10 they are separate", "lite", "crossed", 1 / 3, "at most a third"),
    Claim(
        "C10 width is no mere stretch",
        ("lite", "plain GAN"),
        "at least 0.1; not so in the plain GAN",
        lambda lite, plain: number(lite, "no mere stretch"),
        lambda lite, plain: (
            number(lite, "no mere stretch") >= 0.1 and not number(plain, "no mere stretch") >= 0.1
        ),
    ),
    Claim(
        "C11 the codes go on to -2 and 2",
        ("lite",),
        "order .8, and the digit kept in 80%, of both",
        lambda row: min(number(row, "slant same far"), number(row, "width same far")),
        goes_on,
    ),
    *(below(f"C12 {kind} will do", kind, "error", 0.1) for kind in VALUES),
    difference(
        "C13 a factored Gaussian is enough",
        ("lite", "lite"),
        ("L_I mixture", "L_I factored"),
        0.1,
        "a mixture gains at most 0.1 nats",
    ),
    below("C14 no tricks are needed, 1,000 steps", "paper", "error", 0.1),
    below("C14 no tricks are needed, 5,000 steps", "paper, 5000 steps", "error", 0.05),
    difference(
        "C19 H(c) could be learned",
        ("learned prior", "equal prior"),
        ("error", "error"),
        -1e-9,
        "the error is smaller",
    ),
    difference(
        "S1 as features, like 100 labels",
        ("lite", "supervised"),
        ("probe by 100", "named by 100"),
        1e-9,
        "not more errors than a supervised net",
    ),
    difference(
        "S2 as a classifier, like 100 labels",
        ("lite", "supervised"),
        ("named by 100", "named by 100"),
        1e-9,
        "not more errors than a supervised net",
    ),
)


def clears(claim: Claim, rows: list[Row]) -> bool:
    """Whether a seed clears the bar; not if one of its runs diverged, be it that of a control."""
    return all(row["diverged"] == "0" for row in rows) and claim.passed(*rows)


def judged(rows: Iterable[Row], instructions: str) -> list[Judged]:
    """Each claim with its verdict, from the rows of the trial under one set of instructions.

    A claim counts the seeds of which every kind that it needs has a row; one of which there is
    none yet is left out.  A run that diverged clears no bar.
    """
    table = {(r["kind"], int(r["seed"])): r for r in rows if r["instructions"] == instructions}
    found = []
    for claim in CLAIMS:
        seeds = sorted({seed for kind, seed in table if kind == claim.kinds[0]})
        seeds = [s for s in seeds if all((kind, s) in table for kind in claim.kinds)]
        each = {s: [table[kind, s] for kind in claim.kinds] for s in seeds}
        if each:
            values = {s: claim.value(*some) for s, some in each.items()}
            passed = [clears(claim, some) for some in each.values()]
            found.append(Judged(claim, values, judge(passed)))
    return found
