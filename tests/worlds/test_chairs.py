"""Chairs: does each factor do to the pictures what its name says?"""

import math

import numpy as np
import pytest
import torch

from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import draw
from rendered import pictures, silhouette


@pytest.mark.parametrize("style", range(6))
def test_a_mirrored_chair_has_the_mirrored_outline(style):
    azimuth = torch.linspace(-3, 3, 8)
    there = pictures("chairs", 8, azimuth=azimuth, width=1.0, style=style)
    back = pictures("chairs", 8, azimuth=-azimuth, width=1.0, style=style)
    outline = (there < 0.99).mean(), (there < 0.99) != (back[:, :, ::-1] < 0.99)
    assert outline[1].mean() < 0.01 < 0.1 < outline[0]


def test_a_full_turn_of_a_chair_ends_where_it_began():
    start, end = pictures("chairs", 2, azimuth=torch.tensor([-math.pi, math.pi]), width=1.0)
    np.testing.assert_allclose(start, end, atol=0.02)


@pytest.mark.parametrize("style", range(6))
def test_a_wide_chair_is_wide_and_no_taller(style):
    widths = torch.linspace(0.7, 1.3, 4)
    chairs = pictures("chairs", 4, 64, azimuth=0.0, width=widths, style=style)
    sizes = np.array([silhouette(p, background=1) for p in chairs])
    assert (np.diff(sizes[:, 0]) > 0).all() and np.ptp(sizes[:, 1]) <= 1
    assert sizes[-1, 0] / sizes[0, 0] == pytest.approx(1.3 / 0.7, rel=0.1)


def test_no_chair_and_no_head_leaves_the_picture():
    for name, background in (("chairs", 1.0), ("heads", 0.0)):
        rows = draw(space(name), 60, seed=1)
        rows[:, 1 if name == "chairs" else 3] = 1.25
        seen = render(name, rows, 64)[:, 0]
        for edge in (seen[:, 0], seen[:, -1], seen[:, :, 0], seen[:, :, -1]):
            assert (edge - background).abs().max() < 0.02, name
