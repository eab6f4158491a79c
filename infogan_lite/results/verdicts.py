"""What a number of seeds can say about a claim.

The rule of ``benchmarks/protocol.md``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

LEVEL, DRAWS = 0.95, 9999


class Verdict(NamedTuple):
    """A word, and what it rests on.

    The word is "holds" if the claim is true of more than half of all seeds at 95%, "fails" if it
    is true of fewer than half, and "undecided" if these seeds cannot tell.  Of ``seeds`` seeds
    ``passed`` cleared the bar; Wilson's interval for the share of all seeds that would is from
    ``low`` to ``high``.
    """

    word: str
    passed: int
    seeds: int
    low: float
    high: float

    def __str__(self) -> str:
        share = f"{self.passed} of {self.seeds}"
        return f"{self.word} ({share}; {self.low:.0%} to {self.high:.0%})"


def judge(passed: Sequence[bool]) -> Verdict:
    """The verdict on a claim, from whether each seed cleared the bar.

    Raises:
        ValueError: for no seed at all, and for what is neither True nor False.
    """
    values = np.asarray(passed)
    if values.ndim != 1 or not len(values) or values.dtype != bool:
        raise ValueError(f"passed must be one True or False for each seed, got {passed!r:.200}")
    k, n = int(values.sum()), len(values)
    low, high = binomtest(k, n).proportion_ci(LEVEL, method="wilson")
    word = "holds" if low > 0.5 else "fails" if high < 0.5 else "undecided"
    return Verdict(word, k, n, float(low), float(high))


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """A 95% interval for the median over all seeds, from some of them, by the bootstrap.

    With five or ten seeds it is rough: no number beyond the smallest and the largest can be in it.

    Raises:
        ValueError: for fewer than two values, and for what is not finite.
    """
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or len(array) < 2 or not np.isfinite(array).all():
        raise ValueError(f"values must be two or more finite numbers, got {values!r:.200}")
    drawn = np.random.default_rng(0).choice(array, (DRAWS, len(array)))
    low, high = np.quantile(np.median(drawn, axis=1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
