"""Nets that read factors: on pictures whose factors can be seen, and the measure R2."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import r2_score
from torch import nn

from benchmarks.factor_nets import FactorNet, goodness, is_circle, taught, width
from infogan_lite.worlds.scene import Factor, Factored, draw

GRAY, HUE, SIDE = (
    Factor("gray", 2.0, 6.0),
    Factor("hue", -math.pi, math.pi),
    Factor("side", 0, 2, discrete=True),
)
SPACE = (GRAY, HUE, SIDE)


def patches(n: int, seed: int) -> Factored:
    """Three stripes of 8 x 8: a gray, the cosine and sine of a hue, and one of three marks."""
    factors = draw(SPACE, n, seed)
    gray, hue, side = factors.T
    images = torch.zeros(n, 1, 8, 8)
    images[:, 0, 0:2] = ((gray - 2) / 4)[:, None, None]
    images[:, 0, 2:4] = (hue.cos() / 2 + 0.5)[:, None, None]
    images[:, 0, 4:6] = (hue.sin() / 2 + 0.5)[:, None, None]
    images[torch.arange(n), 0, 7, side.long()] = 1.0
    return Factored(images, factors, ("gray", "hue", "side"), (False, False, True))


def test_widths_and_circles():
    assert [width(f) for f in SPACE] == [1, 2, 3]
    assert [is_circle(f) for f in SPACE] == [False, True, False]


def test_a_net_reads_what_can_be_seen():
    net, new = taught(patches(500, 0), SPACE, steps=150), patches(300, 1)
    found = goodness(net, new)
    assert min(found.values()) > 0.9
    read = net.read(new.images)
    assert (read[:, 2] == new.factors[:, 2]).float().mean() > 0.95
    assert (read[:, 1] - new.factors[:, 1]).cos().mean() > 0.95
    assert read[:, 0].min() > 1 and read[:, 0].max() < 7  # in the factor's own unit


def test_goodness_is_r2():
    """Of a net that puts out the pixels as they are, against scikit-learn."""
    data = patches(200, 2)
    rows = torch.randn(200, 6, generator=torch.Generator().manual_seed(3))
    images = rows.view(200, 1, 1, 6)
    net = FactorNet(nn.Flatten(), SPACE)
    found = goodness(net, data._replace(images=images))
    guess = net.read(images)
    gray, hue, side = data.factors.double().numpy().T
    assert found["gray"] == pytest.approx(r2_score(gray, guess[:, 0].numpy()), abs=1e-4)
    circles = [np.column_stack([np.cos(a), np.sin(a)]) for a in (hue, guess[:, 1].numpy())]
    expected = r2_score(*circles, multioutput="variance_weighted")
    assert found["hue"] == pytest.approx(expected, abs=1e-4)
    marks = [np.eye(3)[a.astype(int)] for a in (side, guess[:, 2].numpy())]
    expected = r2_score(*marks, multioutput="variance_weighted")
    assert found["side"] == pytest.approx(expected, abs=1e-4)


def test_plain_is_the_share_of_sure_labels_that_are_wanted():
    shares = torch.tensor([[0.95, 0.03, 0.02], [0.04, 0.05, 0.91], [0.6, 0.3, 0.1]]).log()
    rows = torch.cat([torch.zeros(3, 3), shares], dim=1)  # logits come after gray and hue
    net = FactorNet(nn.Flatten(), SPACE)
    images = rows.view(3, 1, 1, 6)
    assert net.plain(images, "side") == pytest.approx(2 / 3)
    assert net.plain(images, "side", torch.tensor([0, 1, 0])) == pytest.approx(1 / 3)
    assert net.plain(images, "side", torch.tensor([1, 1, 0])) == 0


def test_the_same_seed_teaches_the_same_net():
    images = patches(20, 4).images
    one, same, other = (
        taught(patches(120, 5), SPACE, steps=3, seed=seed).net(images) for seed in (0, 0, 1)
    )
    assert torch.equal(one, same) and not torch.equal(one, other)
