"""Codes held against factors, beside brute force; sheets of traversals."""

import math
from itertools import permutations

import numpy as np
import pytest
import torch

from benchmarks import known_factors
from benchmarks.known_factors import COLUMNS, ROWS
from benchmarks.world_settings import WORLDS
from infogan_lite import InfoGAN, Posterior, traverse
from infogan_lite.measures.matching import Matching, match_codes
from infogan_lite.worlds.scene import Factored


def test_an_angle_is_told_by_a_code_that_runs_round_either_way():
    rng = np.random.default_rng(0)
    angle = rng.uniform(-math.pi, math.pi, 4000)
    for direction in (1, -1):
        code = ((direction * angle + 2) / math.pi + 1) % 2 - 1  # it starts elsewhere
        assert known_factors.circle_strength(code, angle) == pytest.approx(1)
    blurred = angle / math.pi + rng.normal(0, 0.3, 4000)
    expected = math.exp(-((0.3 * math.pi) ** 2) / 2)  # the mean of the cosine of a Gaussian
    assert known_factors.circle_strength(blurred, angle) == pytest.approx(expected, abs=0.02)
    half = np.abs(angle) / math.pi * 2 - 1  # left and right alike: once round in half a turn
    assert known_factors.circle_strength(half, angle) < 0.45
    assert known_factors.circle_strength(rng.uniform(-1, 1, 4000), angle) < 0.05


def test_the_ceiling_is_what_a_perfect_code_of_so_many_values_reaches():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 6, 3000)
    number = rng.uniform(size=3000)
    pairs = np.array([[0.0], [0], [1], [1], [2], [2]])[labels]  # two labels a value
    best = match_codes(pairs, labels[:, None], np.array([True]), np.array([True])).strength[0]
    assert known_factors.ceiling(3, labels, True) == pytest.approx(best, abs=0.01)
    fifths = np.floor(number * 5)[:, None]
    best = match_codes(fifths, number[:, None], np.array([True]), np.array([False])).strength[0]
    assert known_factors.ceiling(5, number, False) == pytest.approx(best, abs=0.01)
    assert known_factors.ceiling(6, labels, True) == known_factors.ceiling(9, labels, True) == 1


def test_codes_are_judged_as_by_brute_force():
    """Four codes of three factors, one an angle: every assignment is tried."""
    rng = np.random.default_rng(1)
    factors = rng.uniform(-math.pi, math.pi, size=(500, 3))
    codes = factors[:, [1, 0, 2, 2]] / math.pi + rng.normal(0, [0.1, 0.4, 0.3, 0.2], (500, 4))
    given = codes, factors, [False] * 4, [False] * 3, [False, False, True]
    scores, found = known_factors.scored(*given)
    ranks = np.hstack([codes, factors]).argsort(0).argsort(0)
    table = abs(np.corrcoef(ranks.T))[:4, 4:]
    table[:, 2] = [known_factors.circle_strength(code, factors[:, 2]) for code in codes.T]
    best = max(permutations(range(4), 3), key=lambda p: sum(table[i, j] for j, i in enumerate(p)))
    assert list(found.code) == list(best) == [1, 0, 3]
    assert found.table == pytest.approx(table)
    assert scores["match"] == pytest.approx(np.mean([table[i, j] for j, i in enumerate(best)]))


def test_a_row_for_each_factor():
    table = np.array([[0.9, 0.2], [0.1, 0.3], [0.5, 0.8]])
    found = Matching(np.array([0, 2]), np.array([0.9, 0.8]), np.array([1, -1]), table)
    rows = known_factors.each_factor(found, table / 2, np.ones((3, 2)), ("a", "b"))
    assert rows == [
        dict(factor="a", code="c1", strength=0.9, sign=1, next=0.5, made=0.45, ceiling=1),
        dict(factor="b", code="c3", strength=0.8, sign=-1, next=0.3, made=0.4, ceiling=1),
    ]
    left = Matching(np.array([0, -1]), np.array([0.9, 0.0]), np.array([1, 0]), table)
    row = known_factors.each_factor(left, table, np.ones((3, 2)), ("a", "b"))[1]
    assert (row["code"], row["made"], row["ceiling"], row["next"]) == ("", 0, 0, 0.8)


def test_a_factor_that_never_changes_has_no_code():
    rng = np.random.default_rng(2)
    codes = rng.uniform(-1, 1, (200, 2))
    factors = np.column_stack([np.full(200, 0.7), codes[:, 1], np.full(200, 3.0)])
    given = [False] * 2, [False, False, True], [True, False, False]
    table = known_factors.table_of_made(codes, factors, *given)
    assert np.all(table[:, [0, 2]] == 0) and table[1, 1] == pytest.approx(1)
    assert 0 < table[0, 1] < 0.3
    assert np.all(known_factors.table_of_made(codes, factors[:, [0]], given[0], [0], [1]) == 0)


def test_drawn_codes_are_those_of_the_pictures():
    net = InfoGAN(WORLDS["chairs"].settings, (1, 32, 32)).eval()
    codes, images = known_factors.drawn(net, 6, seed=4)
    z = torch.randn(6, net.settings.z_dim, generator=(g := torch.Generator().manual_seed(4)))
    c = net.code.sample(6, g)
    assert torch.equal(images, net.generate(z, c))
    assert codes[:, 0].tolist() == c[:, :6].argmax(1).tolist()
    assert np.array_equal(codes[:, 1], c[:, 6].numpy())
    assert codes[:, 2] == pytest.approx(torch.atan2(c[:, 8], c[:, 7]).numpy() / np.pi)
    assert codes.shape == (6, 3)


def test_an_angle_is_read_as_a_part_of_half_a_turn(monkeypatch):
    """A Q that points at the angle of the first pixel: what is read tells the circle exactly."""
    angle = torch.linspace(-3, 3, 500)
    x = (angle / 10 + 0.5)[:, None, None, None].expand(-1, 1, 32, 32)
    net = InfoGAN(WORLDS["chairs"].settings, (1, 32, 32))

    def points(images):
        turned = (images[:, 0, 0, 0] - 0.5) * 10
        direction = torch.stack([turned.cos(), turned.sin()], dim=1)[:, None]
        n = len(images)
        return Posterior((torch.zeros(n, 6),), torch.ones(n, 1), torch.zeros(n, 1), direction)

    monkeypatch.setattr(net, "recognise", points)
    monkeypatch.setattr(known_factors, "reader", lambda net, images: net)
    data = Factored(x, angle[:, None], ("angle",), (False,))
    codes, labels = known_factors.readings(net, data, data)
    assert labels == [True, False, False] and codes.shape == (500, 3)
    assert codes[:, 2] == pytest.approx(angle.numpy() / np.pi, abs=1e-5)
    assert np.all(codes[:, 1] == 1)
    assert known_factors.circle_strength(codes[:, 2], angle.numpy()) == pytest.approx(1)


def test_factors_are_taken_by_name():
    data = Factored(None, torch.tensor([[0.5, 1.0, 2.0]]), ("a", "b", "c"), (False, False, True))
    columns, labels = known_factors.wanted(data, ("c", "a"))
    assert columns.tolist() == [[2.0, 0.5]] and labels == [True, False]


def test_a_sheet_has_the_traversals_in_order():
    model = InfoGAN(WORLDS["chairs"].settings, (1, 32, 32)).eval()
    tiles = known_factors.sheet(model).reshape(3 * ROWS, 32, COLUMNS, 32)
    assert np.all(tiles[:ROWS, :, 6:] == 0)  # six categories, then nothing
    expected = traverse(model, "c2", torch.linspace(-1, 1, COLUMNS).tolist(), rows=ROWS)
    assert np.array_equal(tiles[ROWS + 1, :, 4], expected[1, 4, 0].numpy())
    angles = [-np.pi + 2 * np.pi * (i + 1) / COLUMNS for i in range(COLUMNS)]  # once round
    expected = traverse(model, "c3", angles, rows=ROWS)[:, :, 0].permute(0, 2, 1, 3)
    assert tiles[2 * ROWS :] == pytest.approx(expected.numpy(), abs=1e-5)
    assert np.all(tiles[:, :, :6].std(axis=(1, 3)) > 0)


def test_the_sign_is_that_of_the_code_that_a_circle_leaves_to_a_number():
    """By ranks alone the first code would take the number, and the second the angle."""
    rng = np.random.default_rng(0)
    angle = rng.uniform(-np.pi, np.pi, 4000)
    circle = ((angle + 2 * np.pi) % (2 * np.pi) - np.pi) / np.pi  # counted from the other side
    number = circle + 0.1 * rng.normal(size=4000)
    codes = np.column_stack([circle, -number - 0.3 * rng.normal(size=4000)])
    factors, no = np.column_stack([angle, number]), [False, False]
    assert match_codes(codes, factors).code.tolist() == [1, 0]
    found = known_factors.strengths(codes, factors, no, no, [True, False])
    assert found.code.tolist() == [0, 1] and found.sign.tolist() == [0, -1]
