"""The measures of codes and pictures beside oracles."""

import numpy as np
import pytest
import torch

from benchmarks import digits, features, separation
from infogan_lite import load
from infogan_lite.codes import LatentCode


class Slanted:
    """A stand-in for a model: bars that lean as c2 says and widen as c3 says, whatever z is."""

    code = LatentCode((2,), 2)

    class settings:
        z_dim = 3

    def generate(self, z, c):
        x = torch.linspace(-13.5, 13.5, 28)
        slant, width = 0.25 * c[:, -2, None, None], 2 + 0.5 * c[:, -1, None, None]
        y = -x[:, None]
        ink = (-0.5 * ((x[None] - slant * y) / width) ** 2 - 0.5 * (y / 4) ** 2).exp()
        return ink[:, None]


def test_effects_are_what_was_built_in():
    table = separation.effects(Slanted(), {"slant": 0.5, "width": 0.25, "ink": 1.0}, rows=20)
    assert table[:, :2] == pytest.approx(np.array([[1.0, 0.0], [0.0, 4.0]]), abs=0.05)
    best = separation.pair(table)
    assert (best.slant, best.width) == (0, 1) and best.own == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    "table, separate",
    [
        ([[1.0, 0.3, 9.0], [-0.3, -1.0, 9.0]], True),
        ([[1.0, 0.4, 0.0], [0.0, 1.0, 0.0]], False),  # c2 widens more than a third of c3
        ([[0.9, 0.0, 0.0], [0.0, 2.0, 0.0]], False),  # the slant is too weak
        ([[2.0, 2.0, 0.0], [0.1, 1.5, 0.0], [2.0, 0.1, 5.0]], True),  # c4 and c3, not c2
    ],
)
def test_a_pair_is_separate_if_each_moves_its_own_alone(table, separate):
    assert separation.pair(np.array(table)).separate == separate


def test_units_are_deviations_within_a_digit():
    data = load("digits")
    units = separation.within(data.x_train, data.y_train)
    assert units["slant"] == pytest.approx(0.268, abs=0.001)
    assert units["width"] == pytest.approx(0.730, abs=0.001)
    assert units["ink"] == pytest.approx(0.0339, abs=0.0001)


def test_faint_counts_pixels_between_paper_and_ink():
    assert separation.faint(torch.tensor([0.0, 0.01, 0.03, 0.19, 0.5, 1.0])) == pytest.approx(1 / 3)


def test_the_judge_reads_held_out_digits_and_sees_that_copies_do_not_vary():
    data, net = load("digits"), features.load()
    right = (net(data.x_test).argmax(1) == data.y_test).float().mean()
    assert right > 0.96
    whole = separation.variance(data.x_test, data.y_test, net)
    alike = data.x_test[[(data.y_test == k).nonzero()[0].item() for k in range(10)]]
    assert (
        whole > 35
        and separation.variance(alike.repeat(3, 1, 1, 1), torch.arange(10).repeat(3), net) == 0
    )


def test_sealed_digits_are_in_no_other_part():
    data, (x, y) = load("digits"), digits.sealed()
    assert len(data.x_train) == 3500 and len(x) == 500 and y.bincount().min() >= 45
    seen = {row.numpy().tobytes() for row in torch.cat([data.x_train, data.x_test])}
    assert not seen & {row.numpy().tobytes() for row in x}
