"""A prior that learns: its draws, its bound, and the step that moves it."""

import math

import pytest
import torch
from scipy.stats import entropy

from benchmarks.learned_prior import Prior, with_learned_prior
from infogan_lite import LatentCode, Settings, lower_bound
from infogan_lite.information import Posterior

CODE = LatentCode((4,), 1)
LOGITS = torch.tensor([1.0, 0.0, -1.0, 0.5])


def prior(logits=LOGITS) -> Prior:
    made = Prior(len(logits))
    made.logits.data.copy_(logits)
    return made


def test_categories_come_as_often_as_the_prior_says():
    generator = torch.Generator().manual_seed(0)
    n, before = 40_000, CODE.sample(40_000, generator)
    c = prior().draw(before, generator)
    share, p = c[:, :4].mean(0).detach(), LOGITS.softmax(0)
    assert (share - p).abs().max() < 5 * math.sqrt(0.25 / n)
    assert torch.allclose(c[:, :4].sort(1).values, torch.tensor([0.0, 0.0, 0.0, 1.0]), atol=1e-5)
    assert torch.equal(c[:, 4:], before[:, 4:])


def test_entropy_is_that_of_scipy():
    assert prior().entropy().item() == pytest.approx(entropy(LOGITS.softmax(0).numpy()), rel=1e-5)


def test_an_equal_prior_has_the_usual_bound():
    generator = torch.Generator().manual_seed(0)
    equal, c = prior(torch.zeros(4)), CODE.sample(50, generator)
    q = Posterior(
        (torch.randn(50, 4, generator=generator),), torch.zeros(50, 1), torch.zeros(50, 1)
    )
    expected = lower_bound(CODE, c, q)["c1"].item()
    assert equal.bound(c, q).item() == pytest.approx(expected, abs=1e-5)


def test_the_bound_draws_the_prior_towards_what_q_can_tell():
    """Two categories that Q takes for one another: one of them is worth little."""
    generator, learned = torch.Generator().manual_seed(0), prior(torch.zeros(4))
    adam = torch.optim.Adam(learned.parameters(), 0.02)
    certain = torch.tensor([[9.0, 0, 0, 0], [0, 9.0, 0, 0], [0, 0, 9.0, 0], [0, 0, 9.0, 0]])
    for _ in range(200):
        c = learned.draw(CODE.sample(64, generator), generator)
        q = Posterior((c[:, :4] @ certain,), torch.zeros(64, 1), torch.zeros(64, 1))
        adam.zero_grad()
        (-learned.bound(c, q)).backward()
        adam.step()
    p = learned.logits.softmax(0)
    assert p[3] < 0.05 and (p[:3] - 1 / 3).abs().max() < 0.1


def test_it_trains_and_the_prior_moves():
    nets = dict(z_dim=2, channels=(4,), hidden=16, q_hidden=8, batch_size=8, steps=3)
    settings = Settings(code=CODE, **nets, lam_real=0.0, lam_alike=0.0)
    images = torch.rand(40, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    model, learned = with_learned_prior(images, settings)
    assert model.sample(2).shape == (2, 1, 8, 8) and learned.logits.abs().max() > 0
    with pytest.raises(ValueError, match="without practice"):
        with_learned_prior(images, Settings(code=CODE, **nets))
