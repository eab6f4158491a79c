"""Values that L_I is read against, beside sums over a fine grid."""

import math

import numpy as np
import pytest
from scipy import stats

from infogan_lite.measures.bounds import circular_limits, uninformed_gaussian_bound

GRID = (np.arange(100_000) + 0.5) / 50_000 - 1  # the middles of equal parts of [-1, 1]


def test_no_gaussian_that_ignores_x_beats_the_uninformed_value():
    bounds = [
        stats.norm.logpdf(GRID, mean, sigma).mean() + math.log(2)
        for mean in (-0.1, 0.0, 0.1)
        for sigma in (0.5, 3**-0.5, 0.7)
    ]
    assert max(bounds) == pytest.approx(uninformed_gaussian_bound(), abs=1e-8)
    assert uninformed_gaussian_bound() == pytest.approx(-0.176, abs=5e-4)


@pytest.mark.parametrize("kappa", [0.2, 6.0, 300.0])
def test_circular_limits_are_those_of_a_blind_and_of_a_perfect_von_mises(kappa):
    blind = stats.vonmises.logpdf(np.pi * GRID, kappa).mean() + math.log(2 * math.pi)
    ceiling = stats.vonmises.logpdf(0, kappa) + math.log(2 * math.pi)
    assert circular_limits(kappa) == pytest.approx((blind, ceiling))
