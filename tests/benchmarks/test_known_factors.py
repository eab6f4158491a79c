"""Codes held against factors, beside brute force; sheets of traversals."""

import math
from itertools import permutations

import numpy as np
import pytest
import torch

from benchmarks import known_factors
from benchmarks.known_factors import COLUMNS, ROWS
from benchmarks.worlds import WORLDS
from infogan_lite import InfoGAN, traverse
from infogan_lite.worlds.scene import Factored


def test_a_circle_is_cut_where_a_code_starts():
    rng = np.random.default_rng(0)
    factors = rng.uniform(-math.pi, math.pi, (1000, 2))
    codes = np.column_stack([(factors[:, 0] - 2) % (2 * math.pi), np.zeros(1000)])
    opened = known_factors.cut(factors, [True, False], codes)
    assert np.corrcoef(opened[:, 0], codes[:, 0])[0, 1] > 0.9  # 36 turns are tried
    assert abs(np.corrcoef(factors[:, 0], codes[:, 0])[0, 1]) < 0.5
    assert np.array_equal(opened[:, 1], factors[:, 1])
    turns = (opened[:, 0] - factors[:, 0]) % (2 * math.pi)  # one turn for all angles
    assert np.ptp(np.angle(np.exp(1j * (turns - turns[0])))) < 1e-6


def test_codes_are_judged_as_by_brute_force():
    """Four codes of three factors, two of them mixed: every assignment is tried."""
    rng = np.random.default_rng(1)
    factors = rng.uniform(size=(500, 3))
    codes = factors[:, [1, 0, 2, 2]] + rng.normal(0, [0.1, 0.4, 0.3, 0.2], (500, 4))
    scores, each = known_factors.judge(codes, factors, [False] * 4, [False] * 3, ("a", "b", "c"))
    ranks = np.hstack([codes, factors]).argsort(0).argsort(0)
    rho = abs(np.corrcoef(ranks.T))[:4, 4:]
    best = max(permutations(range(4), 3), key=lambda p: sum(rho[i, j] for j, i in enumerate(p)))
    assert [row["code"] for row in each] == [f"c{i + 1}" for i in best] == ["c2", "c1", "c4"]
    assert [row["strength"] for row in each] == pytest.approx(
        [rho[i, j] for j, i in enumerate(best)]
    )
    assert each[2]["next"] == pytest.approx(rho[2, 2])
    assert scores["match"] == pytest.approx(np.mean([row["strength"] for row in each]))


def test_factors_are_taken_by_name():
    data = Factored(None, torch.tensor([[0.5, 1.0, 2.0]]), ("a", "b", "c"), (False, False, True))
    columns, labels = known_factors.wanted(data, ("c", "a"))
    assert columns.tolist() == [[2.0, 0.5]] and labels == [True, False]


def test_a_sheet_has_the_traversals_in_order():
    model = InfoGAN(WORLDS["chairs"].settings, (1, 32, 32)).eval()
    tiles = known_factors.sheet(model).reshape(5 * ROWS, 32, COLUMNS, 32)
    assert np.all(tiles[: 2 * ROWS, :, 6:] == 0)  # six categories, then nothing
    expected = traverse(model, "c3", torch.linspace(-1, 1, COLUMNS).tolist(), rows=ROWS)
    assert np.array_equal(tiles[2 * ROWS + 1, :, 4], expected[1, 4, 0].numpy())
    assert np.all(tiles[:, :, :6].std(axis=(1, 3)) > 0)
