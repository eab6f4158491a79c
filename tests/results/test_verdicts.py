"""Verdicts over seeds, held against formulas of their own."""

import math

import numpy as np
import pytest

from infogan_lite.results.verdicts import judge, median_interval

Z = 1.959963984540054  # of a normal distribution, 97.5% lie below


def wilson(k: int, n: int) -> tuple[float, float]:
    """The interval as Wilson wrote it in 1927."""
    p, z2 = k / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


@pytest.mark.parametrize("n", [1, 3, 5, 10, 20])
def test_the_interval_is_wilsons(n):
    for k in range(n + 1):
        found = judge([True] * k + [False] * (n - k))
        assert (found.passed, found.seeds) == (k, n)
        assert (found.low, found.high) == pytest.approx(wilson(k, n), abs=1e-12)


@pytest.mark.parametrize(
    ("n", "holds", "fails"), [(3, 4, -1), (4, 4, 0), (5, 5, 0), (10, 9, 1), (20, 15, 5)]
)
def test_how_many_seeds_a_verdict_takes(n, holds, fails):
    """From so many passes on it holds, up to so many it fails; three seeds decide nothing."""
    words = [judge([True] * k + [False] * (n - k)).word for k in range(n + 1)]
    assert [k for k, word in enumerate(words) if word == "holds"] == list(range(holds, n + 1))
    assert [k for k, word in enumerate(words) if word == "fails"] == list(range(fails + 1))


def test_a_verdict_reads_as_a_sentence():
    assert str(judge([True] * 9 + [False])) == "holds (9 of 10; 60% to 98%)"


@pytest.mark.parametrize("wrong", [[], [0.3, 0.9], [[True], [False]], ["yes"], True])
def test_no_seed_and_no_yes_or_no_are_refused(wrong):
    with pytest.raises(ValueError, match="passed must be one True or False for each seed"):
        judge(wrong)


def test_the_interval_of_a_median_covers_it_about_as_often_as_it_says():
    generator = np.random.default_rng(1)
    hits = 0
    for _ in range(100):
        low, high = median_interval(generator.normal(size=10))
        hits += low <= 0 <= high
    assert 85 <= hits <= 100


def test_equal_values_have_no_width_and_wrong_ones_are_refused():
    assert median_interval([2.0, 2.0, 2.0]) == (2.0, 2.0)
    for wrong in ([1.0], [], [1.0, math.nan], [[1.0, 2.0]]):
        with pytest.raises(ValueError, match="two or more finite numbers"):
            median_interval(wrong)
