"""Shapes: does each factor do to the pictures what its name says?"""

import math

import numpy as np
import pytest
import torch

from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import draw
from rendered import moments, pictures, table


@pytest.mark.parametrize("shape", [0, 1, 2])
def test_a_shape_has_its_center_of_mass_and_its_area(shape):
    rows = draw(space("shapes"), 30, seed=shape)
    rows[:, 0] = shape
    for row, picture in zip(rows, render("shapes", rows, 64)[:, 0].double().numpy(), strict=True):
        scale, x, y = (row[j].item() for j in (1, 3, 4))
        mass, right, up, _ = moments(picture)
        assert (right, up) == pytest.approx((64 * x, 64 * y), abs=0.15)
        assert mass == pytest.approx((0.3 * scale * 64) ** 2, rel=0.03)


def test_no_shape_leaves_the_picture():
    worst = torch.cat([
        table("shapes", 16, shape=s, scale=1.0, x=0.25, y=0.25,
              rotation=torch.linspace(0, 2 * math.pi, 16)) for s in range(3)
    ])  # fmt: skip
    mass = render("shapes", worst, 64).double().sum(dim=(1, 2, 3)).numpy()
    np.testing.assert_allclose(mass, (0.3 * 64) ** 2, rtol=0.02)


def test_rotation_turns_the_long_axis_of_the_ellipse():
    for angle in (0.0, 0.4, 1.2, 2.0, 3.0, 5.0):
        picture = pictures("shapes", shape=1, scale=1.0, rotation=angle, x=0.0, y=0.0)[0]
        variances, axes = np.linalg.eigh(moments(picture)[3])
        x, y = axes[:, 1]
        gap = (math.atan2(y, x) - angle + math.pi / 2) % math.pi - math.pi / 2
        assert abs(gap) < 0.02
        assert math.sqrt(variances[1] / variances[0]) == pytest.approx(2, rel=0.05)


def test_the_heart_stands_on_its_tip_and_has_two_lobes():
    picture = pictures("shapes", size=64, shape=2, scale=1.0, rotation=0.0, x=0.0, y=0.0)[0]
    rows = np.flatnonzero(picture.max(axis=1) > 0.5)
    top, bottom = picture[rows[0] + 1] > 0.5, picture[rows[-1]] > 0.5
    assert top.sum() > bottom.sum() and np.abs(np.diff(top.astype(int))).sum() == 4
    np.testing.assert_allclose(picture, picture[:, ::-1], atol=1e-5)
