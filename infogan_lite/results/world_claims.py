"""The claims about rendered worlds, judged from the raw rows of ``benchmarks/worlds.py``.

``benchmarks/protocol.md`` says why each bar is what it is; both stood before the first run.

Used in chapter 9.
"""

from collections.abc import Callable, Iterable, Mapping
from statistics import fmean
from typing import NamedTuple

from infogan_lite.results.trial import Row, number
from infogan_lite.results.verdicts import Verdict, judge

READABLE = 0.95  # R2 of the taught net from which on a factor is judged in G's pictures too
SAME = 0.9  # the share of rows in which what is not meant must stay
Rows = Mapping[str, Row]  # the rows of one run, by factor


class Claim(NamedTuple):
    """A claim about a world, and how a run is judged.

    ``value`` takes the rows of a run by factor, and those of a net that was taught 100 labels, and
    gives the number that is reported; ``bar`` is what it must reach.
    """

    name: str
    world: str
    bar: float
    value: Callable[[Rows, Rows], float]


class Judged(NamedTuple):
    """A verdict on a claim, and the number of each seed that it rests on."""

    claim: Claim
    values: dict[int, float]
    verdict: Verdict


def found(row: Row) -> float:
    """The strength of a factor's code: the smaller of what Q reads and what G makes.

    Where the taught net cannot read the factor well, what Q reads counts alone.
    """
    read, made = number(row, "strength"), number(row, "made")
    return min(read, made) if number(row, "net") >= READABLE else read


def each(*factors: str) -> Callable[[Rows, Rows], float]:
    """The weakest of these factors; codes are different ones, as the matching gives each once."""
    return lambda run, _: min(found(run[factor]) for factor in factors)


def left_alone(*factors: str) -> Callable[[Rows, Rows], float]:
    """The smallest share of rows in which all that is not the code's own factor stays."""
    return lambda run, _: min((number(run[f], "kept") if run[f]["code"] else 0.0) for f in factors)


def context(run: Rows, _: Rows) -> float:
    """Ink and wall by a code that leaves the central digit; 0 where the digit changes."""
    row = run["bright_ink"]
    same = row["code"] != "" and number(row, "same_digit") >= SAME
    return found(row) if same else 0.0


def more_than_labels(run: Rows, taught: Rows) -> float:
    """The mean strength of the codes minus that of a net that was taught 100 labels."""
    means = [fmean(number(row, "strength") for row in rows.values()) for rows in (run, taught)]
    return means[0] - means[1]


HEADS, PORTRAITS = ("azimuth", "elevation", "light"), ("azimuth", "glasses", "hair")
CLAIMS = (
    Claim("C15 heads: azimuth, elevation, light", "heads", 0.85, each(*HEADS)),
    Claim("C15 heads: width", "heads", 0.6, each("width")),
    Claim("C15 each leaves the others", "heads", SAME, left_alone(*HEADS, "width")),
    Claim("C16 chairs: rotation", "chairs", 0.85, each("azimuth")),
    Claim("C16 chairs: width", "chairs", 0.7, each("width")),
    Claim("C16 each leaves the others", "chairs", SAME, left_alone("azimuth", "width")),
    Claim("C17 street numbers: lighting", "streets", 0.85, each("lighting")),
    Claim("C17 street numbers: context", "streets", 0.8, context),
    Claim("C17 lighting leaves the others", "streets", SAME, left_alone("lighting")),
    *(Claim(f"C18 portraits: {f}", "portraits", 0.8, each(f)) for f in PORTRAITS),
    Claim("C18 portraits: emotion", "portraits", 0.8, each("emotion")),
    Claim("C18 each leaves the others", "portraits", SAME, left_alone(*PORTRAITS)),
    Claim("S3 heads, as codes: like 100 labels", "heads", 0.0, more_than_labels),
)


def judged(rows: Iterable[Row], kind: str = "InfoGAN") -> list[Judged]:
    """Each claim with its verdict, from the rows about factors, for a kind of net.

    A claim of which there is no run yet is left out.
    """
    runs: dict[tuple[str, str, int], dict[str, Row]] = {}
    for row in rows:
        runs.setdefault((row["set"], row["codes"], int(row["seed"])), {})[row["factor"]] = row
    results = []
    for claim in CLAIMS:
        pairs = {
            seed: (run, runs.get((world, "100 labels", seed), {}))
            for (world, codes, seed), run in runs.items()
            if (world, codes) == (claim.world, kind)
        }
        if claim.value is more_than_labels:
            pairs = {seed: pair for seed, pair in pairs.items() if pair[1]}
        if pairs:
            values = {seed: claim.value(*pair) for seed, pair in sorted(pairs.items())}
            verdict = judge([value >= claim.bar for value in values.values()])
            results.append(Judged(claim, values, verdict))
    return results
