"""What a code moves along a row, and what it leaves."""

import math

import pytest
import torch

from benchmarks.kept_factors import COLUMNS, kept, rows_read, spans, values_of
from infogan_lite import InfoGAN, LatentCode, preset
from infogan_lite.worlds.scene import Factor

NUMBER, LABEL = Factor("n", -1, 3), Factor("l", 0, 4, discrete=True)
CIRCLE = Factor("a", -math.pi, math.pi)


def test_a_number_goes_through_its_part_of_the_range():
    read = torch.tensor([[0.0, 1.0, 0.5], [2.0, 2.0, 2.0]])
    assert spans(read, NUMBER).tolist() == [0.25, 0.0]


def test_a_label_stays_or_does_not():
    assert spans(torch.tensor([[2.0, 2.0], [2.0, 3.0]]), LABEL).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("start", [0.0, 1.0, 3.0, -2.0])
def test_an_angle_goes_through_the_shortest_arc_wherever_it_begins(start):
    """Ten steps of 20 degrees are 180 degrees, also where the count jumps from pi to -pi."""
    angles = start + torch.deg2rad(20.0 * torch.arange(10))
    wrapped = torch.atan2(angles.sin(), angles.cos())
    shuffled = wrapped[torch.tensor([3, 1, 0, 7, 9, 2, 5, 4, 6, 8])]
    assert spans(shuffled[None], CIRCLE).item() == pytest.approx(0.5, abs=1e-5)
    assert spans(torch.full((1, 5), start), CIRCLE).item() == pytest.approx(0, abs=1e-5)


def test_kept_counts_rows_in_which_all_others_stay():
    factors = (NUMBER, LABEL, CIRCLE)
    rows = torch.zeros(4, 3, 3)
    rows[:, :, 0] = torch.tensor([-1.0, 1.0, 3.0])  # its own: never counted
    rows[1, 2, 1] = 1  # a label that changes
    rows[2, :, 2] = torch.tensor([0.0, 1.0, 2.2])  # 2.2 of 6.28 radians: more than a third
    rows[3, :, 2] = torch.tensor([0.0, 1.0, 2.0])  # less than a third
    assert kept(rows, factors, "n", ["n", "l", "a"]) == 0.5
    assert kept(rows, factors, "n", ["n", "l"]) == 0.75
    assert kept(rows, factors, "l", ["n", "l", "a"]) == 0.0
    assert kept(rows, factors, "n", ["n"]) == 1.0


def test_a_code_takes_all_its_values():
    net = InfoGAN(preset("lite", code=LatentCode((3,), 1, 1)), (1, 28, 28))
    assert values_of(net, "c1") == [0, 1, 2]
    assert values_of(net, "c2")[:: COLUMNS - 1] == [-1, 1]
    steps = torch.tensor(values_of(net, "c3")).diff()
    assert steps.tolist() == pytest.approx([2 * math.pi / COLUMNS] * (COLUMNS - 1), rel=1e-4)


def test_along_a_row_z_stands_still():
    """A G that puts out its z: whoever reads the pictures finds the same in all columns."""
    net = InfoGAN(preset("lite", code=LatentCode((), 2), z_dim=3), (1, 28, 28))
    net.generate = lambda z, c: torch.cat([z, c], dim=1)[:, None, None, :]

    class Reader:
        def read(self, images):
            return images[:, 0, 0]

    read = rows_read(net, "c2", Reader(), rows=5)
    assert read.shape == (5, COLUMNS, 5)
    assert torch.equal(read[..., :4], read[:, :1, :4].expand(-1, COLUMNS, -1))
    assert read[0, :, 4].tolist() == pytest.approx(values_of(net, "c2"))
    assert (read[0, 0, :4] != read[1, 0, :4]).all()
