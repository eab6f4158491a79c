"""Factors are drawn and checked, and a turn goes where it should."""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import torch

from infogan_lite.worlds.scene import Factor, as_factors, draw, rotation


def test_factors_are_uniform_over_their_ranges_and_independent():
    ranges = (Factor("a", -1.0, 3.0), Factor("b", 2, 4, discrete=True), Factor("c", 0.0, 1.0))
    rows = draw(ranges, 20_000, seed=1).double().numpy()
    a, b, c = rows.T
    assert scipy.stats.kstest((a + 1) / 4, "uniform").pvalue > 0.001
    assert scipy.stats.kstest(c, "uniform").pvalue > 0.001
    values, counts = np.unique(b, return_counts=True)
    assert values.tolist() == [2, 3, 4] and scipy.stats.chisquare(counts).pvalue > 0.001
    assert np.abs(np.corrcoef(rows.T) - np.eye(3)).max() < 0.03


def test_a_category_is_a_whole_number():
    with pytest.raises(ValueError, match="b counts"):
        as_factors((Factor("b", 0, 4, discrete=True),), torch.tensor([[1.5]]))


def test_turning_moves_the_front_right_and_up():
    turn = rotation(torch.tensor([0.3, 0.0]), torch.tensor([0.0, 0.3])).double().numpy()
    front = turn @ [0, 0, 1]
    wanted = [[math.sin(0.3), 0, math.cos(0.3)], [0, math.sin(0.3), math.cos(0.3)]]
    np.testing.assert_allclose(front, wanted, atol=1e-6)
    np.testing.assert_allclose(turn @ turn.transpose(0, 2, 1), [np.eye(3)] * 2, atol=1e-6)
