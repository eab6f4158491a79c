"""What Q reads from real pictures: bounds, extremes, and the exact mutual information."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import entropy as scipy_entropy

from infogan_lite import LatentCode, Posterior
from infogan_lite.measures.channels import mutual_information
from infogan_lite.recipe import disagreement, lateness, read_information

pytestmark = pytest.mark.sensitive


def read(*logits: torch.Tensor) -> list[float]:
    none = torch.zeros(len(logits[0]), 0)
    return [float(nats) for nats in read_information(Posterior(logits, none, none))]


@given(n=st.integers(1, 20), k=st.integers(2, 7), scale=st.floats(0, 30), seed=st.integers(0, 99))
def test_it_is_the_mutual_information_of_picture_and_reading(n, k, scale, seed):
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(n, k, generator=generator, dtype=torch.float64)
    (nats,) = read(logits)
    table = logits.softmax(1).T / n  # P(c, x): each picture of the batch is equally likely
    assert nats == pytest.approx(float(mutual_information(table)), abs=1e-8)
    assert -1e-9 <= nats <= min(math.log(k), math.log(n)) + 1e-9


def test_sure_readings_carry_the_entropy_of_their_counts():
    logits = 1000 * torch.eye(4)[torch.tensor([0, 0, 0, 1, 1, 2])]
    assert read(logits)[0] == pytest.approx(scipy_entropy([3, 2, 1]), abs=1e-5)


def test_each_categorical_factor_has_its_own():
    sure, unsure = 50 * torch.eye(3), torch.zeros(3, 5)
    assert read(sure, unsure) == pytest.approx([math.log(3), 0.0], abs=1e-6)


def test_its_gradient_is_finite_where_q_is_sure_and_a_category_is_never_used():
    logits = torch.tensor([[1e4, -1e4, 0.0], [-1e4, -1e4, 1e4]], requires_grad=True)
    read_information(Posterior((logits,), torch.zeros(2, 0), torch.zeros(2, 0)))[0].backward()
    assert logits.grad.isfinite().all()


def test_disagreement_is_a_cross_entropy_and_moves_the_second_reading_alone():
    q, other = (torch.randn(5, 3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    none = torch.zeros(10, 0)
    (nats,) = disagreement(Posterior((torch.cat([q, other]),), none, none))
    p, r = (softmax(x.detach().numpy(), axis=1) for x in (q, other))
    assert nats.item() == pytest.approx(
        (scipy_entropy(p, axis=1) + scipy_entropy(p, r, axis=1)).mean()
    )
    nats.backward()
    assert not q.grad.any()
    assert other.grad.numpy() == pytest.approx((r - p) / 5)


def test_practice_on_real_pictures_begins_late_and_a_plain_gan_has_none(tiny):
    settings = replace(tiny, steps=100, real_from=0.5)
    late = [lateness(settings, step) for step in range(1, 101)]
    assert late[:50] == [0.0] * 50
    assert late[54] == pytest.approx(0.5)  # half way up
    assert late[59:] == pytest.approx([1.0] * 41)
    assert lateness(replace(settings, lam=0.0), 100) == 0
    assert lateness(replace(settings, code=LatentCode((), 2)), 100) == 0  # nothing to practice


def test_practice_that_begins_very_late_still_reaches_its_weight(tiny):
    settings = replace(tiny, steps=100, real_from=0.95)
    assert lateness(settings, 95) == 0
    assert lateness(settings, 100) == pytest.approx(1)
    assert lateness(replace(settings, real_from=1.0), 100) == 0
