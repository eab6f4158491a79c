"""Richer posteriors beside scipy."""

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal, norm

from benchmarks.posterior import Head, compare_posteriors
from infogan_lite import LatentCode, Settings


@pytest.mark.parametrize("correlated", [False, True])
def test_heads_are_the_gaussians_they_say(correlated):
    torch.manual_seed(0)
    head = Head(hidden=3, d=2, parts=1, correlated=correlated)
    h, c = torch.randn(4, 3), torch.randn(4, 2)
    q = head(h)
    component = q.component_distribution
    for i in range(4):
        mean = component.mean[i, 0].detach().numpy()
        cov = component.covariance_matrix[i, 0].detach().numpy()
        expected = multivariate_normal(mean, cov).logpdf(c[i].numpy())
        assert q.log_prob(c)[i].item() == pytest.approx(expected, abs=1e-4)
        if not correlated:
            alone = norm(mean, np.sqrt(np.diag(cov))).logpdf(c[i].numpy()).sum()
            assert expected == pytest.approx(alone, abs=1e-4)
    assert bool((component.covariance_matrix[:, 0, 0, 1] != 0).all()) == correlated


class Shown(torch.nn.Module):
    """Shows c2 in the first pixel and |c3| in the second, with noise: c3 has two explanations."""

    def __init__(self):
        super().__init__()
        self.settings = Settings(code=LatentCode((2,), 2), z_dim=2)
        self.code = self.settings.code
        self.D = torch.nn.Module()
        self.D.trunk = torch.nn.Flatten()

    def generate(self, z, c):
        return (torch.stack([c[:, 2], c[:, 3].abs()], 1) + 0.1 * z)[:, None, None]


def test_a_mixture_gains_where_a_code_has_two_explanations():
    """The sign of c3 is not shown: one Gaussian must cover both, a mixture need not."""
    found = compare_posteriors(Shown(), n=2000, steps=300)
    assert found["L_I mixture"] - found["L_I factored"] > 0.4
    assert abs(found["L_I full"] - found["L_I factored"]) < 0.1
