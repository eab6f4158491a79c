"""A choice without labels: runs that read each other, and one that is the odd one out."""

import numpy as np
import pytest
import torch

from benchmarks.model_centrality import both_ways, centrality, understood
from infogan_lite import LatentCode, Posterior, preset
from infogan_lite.measures.agreement import most_central


class Channel:
    """Its pictures are the codes, turned by R; its Q turns them back: a run without nets."""

    def __init__(self, R, loss=0.0):
        self.R, self.loss, self.code = torch.tensor(R), loss, LatentCode((), 3)
        self.settings = preset("lite", code=self.code, z_dim=2)

    def generate(self, z, c):
        return c.double() @ self.R.T + self.loss * z[:, :1]

    def recognise(self, x):
        mean = x @ self.R
        return Posterior((), mean, torch.zeros_like(mean))


PERMUTED = np.eye(3)[[2, 0, 1]]
TURNED = np.linalg.qr(np.array([[1.0, 1, 1], [1, -1, 0], [1, 1, -2]]).T)[0]


def test_a_run_is_understood_by_itself_and_by_one_that_only_named_its_codes_otherwise():
    plain, named, turned = Channel(np.eye(3)), Channel(PERMUTED), Channel(TURNED)
    assert understood(plain, plain, 60) == understood(named, plain, 60) == 1
    assert understood(turned, turned, 60) == 1
    assert understood(turned, plain, 60) < 0.8


def test_a_reader_that_sees_nothing_understands_nothing():
    class Blind(Channel):
        def recognise(self, x):
            return Posterior((), 0 * x, 0 * x)

    assert understood(Blind(np.eye(3)), Channel(np.eye(3)), 60) == 0


def test_the_medoid_is_one_of_those_that_agree():
    runs = [Channel(TURNED), Channel(np.eye(3)), Channel(PERMUTED)]
    table = both_ways(runs, 40)
    assert np.array_equal(table, table.T) and np.array_equal(np.diag(table), np.ones(3))
    found = centrality(table)
    assert found.argmin() == 0 and found.argmax() == most_central(table) != 0


def test_centrality_by_hand():
    table = np.array([[1, 0.5, 0.2], [0.5, 1, 0.9], [0.2, 0.9, 1]])
    assert centrality(table) == pytest.approx([0.35, 0.7, 0.55])
