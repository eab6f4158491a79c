"""The distance of Gaussians by hand, and when training settles."""

import pytest
import torch

from benchmarks.frechet import Pace, frechet


def test_frechet_distance_of_independent_gaussians():
    a, b = torch.tensor([1.0, 4.0]).double(), torch.tensor([9.0, 0.25]).double()
    mean = torch.tensor([3.0, -1.0]).double()
    by_hand = 3**2 + 1 + float((a.sqrt() - b.sqrt()).square().sum())
    zero = torch.zeros(2).double()
    found = frechet((zero, a.diag()), (mean, b.diag()))
    assert found == pytest.approx(by_hand)


def test_settled_is_when_the_distance_stays_low():
    pace = Pace(torch.rand(30, 1, 8, 8), n=10)
    pace.steps, pace.distances = [50, 100, 150, 200, 250], [10.0, 1.0, 5.0, 1.5, 1.0]
    assert pace.settled() == 200
