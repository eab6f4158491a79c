"""Richer posteriors beside scipy."""

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal, norm

from benchmarks.posterior import Head


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
