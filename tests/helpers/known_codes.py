"""Factors, and codes made from them, that the tests of the measures share."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from infogan_lite.measures.dci import dci
from infogan_lite.measures.factor_vae import factor_vae_score

DISCRETE = np.array([False, False, True])  # two numbers and a label with three values


def sample(n: int, rng: np.random.Generator) -> np.ndarray:
    return np.column_stack([rng.uniform(-1, 1, (n, 2)), rng.integers(3, size=n)])


def turn(v: np.ndarray) -> np.ndarray:
    """The two numbers rotated by 45 degrees."""
    return np.column_stack([v[:, 0] - v[:, 1], v[:, 0] + v[:, 1], v[:, 2]])


FACTORS = sample(2000, np.random.default_rng(0))
# How codes are made from factors, and which of them are labels.
IDENTITY = (lambda v: v, DISCRETE)
ZEROS = (lambda v: 0 * v, DISCRETE)
DUPLICATED = (lambda v: np.hstack([v, v]), np.tile(DISCRETE, 2))
ROTATED = (turn, DISCRETE)
SHUFFLED = (lambda v: v[:, [2, 1, 0]] * [1, -1, -1], DISCRETE[::-1])
CUBED = (lambda v: v ** [3, 3, 1], DISCRETE)


def forest_scores(case):
    make, categorical = case
    return dci(make(FACTORS), FACTORS, categorical, DISCRETE, trees=10)


def votes_for(case, k=3):
    make, categorical = case

    def draw(fixed, n, rng):
        factors = sample(n, rng)[:, :k]
        if fixed is not None:
            factors[:, fixed] = factors[0, fixed]
        return make(factors)

    return factor_vae_score(draw, k, categorical[: None if k == 3 else k], 150, 32, seed=1)


small = arrays(float, (24, 3), elements=st.integers(-3, 3).map(float))
flags = arrays(bool, 3)
varied = np.tile([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]], (4, 1))
good = np.arange(60.0).reshape(30, 2)
with_nan = np.where(good == 5, np.nan, good)
