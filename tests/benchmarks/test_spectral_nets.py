"""The nets of InfoGAN-CR: their largest singular values, their shapes, and what a seed draws."""

import pytest
import torch
from scipy import stats
from torch import nn

from benchmarks import infogan_cr
from benchmarks.spectral_nets import Drawer, Judge, authors_nets, layers_of
from infogan_lite import sample_noise

SHAPE = (1, 32, 32)


@pytest.fixture
def model():
    return authors_nets(infogan_cr.recipe(seed=3), SHAPE)


def test_no_layer_of_d_q_and_h_but_the_last_of_h_stretches_anything(model):
    """After enough passes in train mode, by numpy's singular values of kernels as matrices."""
    judge = Judge(model.settings, 32, torch.Generator().manual_seed(0))
    nets = nn.ModuleList([model.D, model.Q, judge]).train()
    x = torch.rand(4, *SHAPE)
    for _ in range(60):
        model.Q(model.D.trunk(x)), model.D(x), judge(x, x)
    largest = {
        layer: torch.linalg.svdvals(layer.weight.detach().flatten(1))[0].item()
        for layer in layers_of(nets.eval())
    }
    free = largest.pop(judge.head)
    assert len(largest) == 5 + 2 + 4
    assert all(abs(value - 1) < 0.02 for value in largest.values()), largest
    assert abs(free - 1) > 0.1


def test_d_q_and_h_have_no_batch_norm_and_g_has_it_behind_its_activations(model):
    norms = nn.modules.batchnorm._BatchNorm
    judge = Judge(model.settings, 32, torch.Generator())
    for net in (model.D, model.Q, judge):
        assert not [layer for layer in net.modules() if isinstance(layer, norms)]
    net = list(model.G.net)
    places = [i for i, layer in enumerate(net) if isinstance(layer, norms)]
    assert len(places) == 4
    assert all(isinstance(net[i - 1], (nn.ReLU, nn.LeakyReLU)) for i in places)


def test_they_do_what_the_nets_of_the_package_do(model):
    z, c = torch.randn(5, 4), model.code.sample(5)
    images = model.generate(z, c)
    assert images.shape == (5, *SHAPE) and ((images >= 0) & (images <= 1)).all()
    q = model.recognise(images)
    assert q.mean.shape == (5, 4) and torch.equal(q.log_sigma, torch.zeros(5, 4))
    assert model.D(images).shape == (5,)


def test_noise_reaches_g_uniform():
    net = Drawer(infogan_cr.recipe(), SHAPE)
    net.net = nn.Sequential(nn.Identity())
    drawn = net(sample_noise(4000, 4, torch.Generator().manual_seed(0)), torch.zeros(4000, 4))
    for column in drawn[:, :4].T.numpy():
        assert stats.kstest(column, stats.uniform(-1, 2).cdf).pvalue > 1e-3


def test_a_seed_draws_all_of_it_and_nothing_else(model):
    before = torch.get_rng_state()
    again = authors_nets(infogan_cr.recipe(seed=3), SHAPE)
    assert torch.equal(before, torch.get_rng_state())
    one, other = model.state_dict(), again.state_dict()
    assert one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)
    changed = authors_nets(infogan_cr.recipe(seed=4), SHAPE).state_dict()
    assert not all(torch.equal(one[key], changed[key]) for key in one)
