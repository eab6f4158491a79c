"""Portraits: does each factor do to the pictures what its name says?"""

import math

import numpy as np
import torch

from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import draw
from rendered import table


def portraits(n: int = 1, size: int = 64, **values) -> np.ndarray:
    """Pictures (n, 3, size, size); the face looks at the viewer if not told otherwise."""
    still = {"azimuth": 0.0, "glasses": 0, "hair": 1, "shade": 0.0, "skin": 1.0} | values
    return render("portraits", table("portraits", n, **still), size).double().numpy()


def test_a_mirrored_portrait_looks_the_other_way():
    rows = draw(space("portraits"), 12, seed=2)
    mirrored = rows * torch.tensor([-1, 1, 1, 1, 1, 1, 1, 1])
    difference = render("portraits", mirrored) - render("portraits", rows).flip(3)
    assert difference.abs().max() < 0.02


def test_glasses_darken_what_is_around_the_eyes_and_nothing_else():
    without, glasses = portraits(2, glasses=torch.tensor([0, 1]))
    change = (glasses - without).mean(axis=0)
    rows = np.flatnonzero(np.abs(change).max(axis=1) > 0.05)
    assert 20 < rows.min() < rows.max() < 40  # of 64, the eyes a little above the middle
    assert change.min() < -0.3 and change.max() < 0.01


def test_each_kind_of_hair_is_where_its_name_says():
    """Hair is where the picture follows the shade: bald, short, a fringe, long."""
    kinds = torch.arange(4)
    fair, dark = (portraits(4, hair=kinds, shade=s) for s in (1.0, 0.0))
    hair = np.abs(fair - dark).max(axis=1) > 0.05
    assert not hair[0].any() and (hair[1:].mean(axis=(1, 2)) > 0.1).all()
    forehead = hair[:, :26, 30:34].all(axis=2).sum(axis=1)  # pixels from the crown down
    assert forehead[2] > forehead[1] + 3 and forehead[2] > forehead[3] + 3
    chin = hair[:, 46:].any(axis=(1, 2))
    assert chin.tolist() == [False, False, False, True]


def test_the_corners_of_a_glad_mouth_are_up():
    faces = portraits(3, emotion=torch.tensor([-1.0, 0.0, 1.0]), hair=0)
    red = (faces[:, 0] - faces[:, 1])[:, 36:56]  # lips; below the nose
    lips = np.clip(red - np.median(red, axis=(1, 2), keepdims=True) - 0.1, 0, None)

    def height(columns):
        part = lips[:, :, columns].sum(axis=2)
        return -(part * np.arange(20)).sum(axis=1) / part.sum(axis=1)

    ends = (height(slice(20, 27)) + height(slice(37, 44))) / 2 - height(slice(30, 34))
    assert ends[0] < -1 and ends[2] > 1 and (np.diff(ends) > 0.5).all()


def test_skin_and_hair_become_fairer_by_their_own_factors():
    values = torch.linspace(0, 1, 4)
    cheek = portraits(4, skin=values)[:, :, 36:40, 30:34].mean(axis=(1, 2, 3))
    crown = portraits(4, shade=values)[:, :, 6:10, 30:34].mean(axis=(1, 2, 3))
    assert (np.diff(cheek) > 0.05).all() and (np.diff(crown) > 0.05).all()


def test_the_wall_has_the_hue_that_was_asked_for():
    hues = torch.tensor([0.0, 2 * math.pi / 3, -2 * math.pi / 3])
    corners = portraits(3, wall=hues)[:, :, :3, :3].mean(axis=(2, 3))
    assert corners.argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(corners.mean(axis=1), 0.5, atol=1e-4)
