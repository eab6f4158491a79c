"""Heads: does each factor do to the pictures what its name says?"""

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import torch

from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import draw
from rendered import moments, pictures, silhouette


def test_a_mirrored_head_gives_the_mirrored_picture():
    rows = draw(space("heads"), 12, seed=2)
    mirrored = rows * torch.tensor([-1.0, 1, -1, 1, 1])
    difference = render("heads", mirrored) - render("heads", rows).flip(3)
    assert difference.abs().mean() < 1e-3


def test_the_light_brightens_its_own_side():
    for light in (-1.2, -0.6, 0.6, 1.2):
        picture = pictures("heads", azimuth=0.0, elevation=0.0, light=light, width=1.0)[0]
        right, left = picture[:, 16:].sum(), picture[:, :16].sum()
        assert (right - left) * light > 0 and abs(right - left) > 0.15 * (right + left)


def test_a_wide_head_is_wide_and_no_taller():
    widths = torch.linspace(0.75, 1.25, 5)
    heads = pictures("heads", 5, 64, azimuth=0.0, elevation=0.0, light=0.0, width=widths)
    sizes = np.array([silhouette(p, background=0) for p in heads])
    assert (np.diff(sizes[:, 0]) > 0).all() and np.ptp(sizes[:, 1]) <= 1
    assert sizes[-1, 0] / sizes[0, 0] == pytest.approx(1.25 / 0.75, rel=0.06)


@pytest.mark.parametrize(("factor", "axis"), [("azimuth", 1), ("elevation", 2)])
def test_the_face_follows_pose(factor, axis):
    """The dark of eyes and mouth moves to the right, or upward, in a head lit from the front."""
    still = {"azimuth": 0.0, "elevation": 0.0, "light": 0.0, "width": 1.0} | {
        factor: torch.linspace(-0.4, 0.4, 5)
    }
    heads = pictures("heads", 5, 64, **still)
    dark = scipy.ndimage.black_tophat(heads, (1, 9, 9))  # dark spots, less wide than that
    places = [moments(p)[axis] for p in dark]
    assert (np.diff(places) > 0.5).all()
