"""The distance of Gaussians by hand, and when training settles."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from benchmarks.frechet import Pace, frechet, moments


def test_frechet_distance_of_independent_gaussians():
    a, b = torch.tensor([1.0, 4.0]).double(), torch.tensor([9.0, 0.25]).double()
    mean = torch.tensor([3.0, -1.0]).double()
    by_hand = 3**2 + 1 + float((a.sqrt() - b.sqrt()).square().sum())
    zero = torch.zeros(2).double()
    found = frechet((zero, a.diag()), (mean, b.diag()))
    assert found == pytest.approx(by_hand)


def test_frechet_distance_of_stretched_and_moved_features_is_known():
    a = torch.randn(500, 3, generator=torch.Generator().manual_seed(0))
    assert frechet(moments(a), moments(a)) == pytest.approx(0, abs=1e-6)
    assert frechet(moments(a), moments(a + 2)) == pytest.approx(12, rel=1e-4)
    spread = a.double().var(0).sum().item()
    wide = moments(3 * (a - a.mean(0)) + a.mean(0))
    assert frechet(moments(a), wide) == pytest.approx(4 * spread)


def test_frechet_distance_of_gaussians_that_lean_is_that_of_the_root_of_a_matrix():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(40, 5)) @ rng.normal(size=(5, 5)), rng.normal(size=(30, 5)) + 1
    A, B = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    expected = np.square(a.mean(0) - b.mean(0)).sum() + np.trace(A + B - 2 * sqrtm(A @ B).real)
    found = frechet(moments(torch.from_numpy(a)), moments(torch.from_numpy(b)))
    assert found == pytest.approx(expected, rel=1e-6)


def test_settled_is_when_the_distance_stays_low():
    pace = Pace(torch.rand(30, 1, 8, 8), n=10)
    pace.steps, pace.distances = [50, 100, 150, 200, 250], [10.0, 1.0, 5.0, 1.5, 1.0]
    assert pace.settled() == 200
