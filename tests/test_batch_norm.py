"""The averages that batch norm takes anew, beside those of all pictures at once."""

import numpy as np
import pytest
import torch
from torch import nn

from infogan_lite.batch_norm import settle


@pytest.fixture
def net(float64) -> nn.Sequential:
    """Two norms, the second behind the first: its averages depend on the first one's."""
    generator = torch.Generator().manual_seed(0)
    net = nn.Sequential(nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 4), nn.BatchNorm1d(4))
    for parameter in net.parameters():
        parameter.data.copy_(torch.randn(parameter.shape, generator=generator))
    return net.eval()


@pytest.mark.parametrize("sizes", [[20], [1, 19], [7, 7, 6], [1] * 20])
def test_they_are_those_of_all_pictures_however_they_are_cut(net, sizes):
    x = 3 + 2 * torch.randn(20, 3, 2, 2, generator=torch.Generator().manual_seed(1))
    settle([net], lambda: [net(part) for part in x.split(sizes)])

    def standard(values, norm):
        """By numpy: values (n, features) less their mean, over their deviation; then the scale."""
        scale, offset = (w.detach().numpy() for w in (norm.weight, norm.bias))
        variance = values.var(axis=0, ddof=1) + norm.eps
        return scale * (values - values.mean(axis=0)) / np.sqrt(variance) + offset

    pixels = x.permute(0, 2, 3, 1).reshape(-1, 3).numpy()
    first = standard(pixels, net[0]).reshape(20, 2, 2, 3).transpose(0, 3, 1, 2).reshape(20, 12)
    linear = first @ net[2].weight.detach().numpy().T + net[2].bias.detach().numpy()
    np.testing.assert_allclose(net(x).detach().numpy(), standard(linear, net[3]), atol=1e-12)


def test_weights_and_nets_that_are_not_named_stay_as_they_are(net):
    other, x = nn.BatchNorm2d(3).eval(), torch.randn(9, 3, 2, 2)
    before = [p.clone() for p in net.parameters()]
    settle([net], lambda: net(other(x)))
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))
    assert not other.running_mean.any() and net[0].running_mean.any()
