"""The bound L_I on samples, in nats."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import integrate, optimize, special, stats
from torch.distributions import Categorical, Normal

from infogan_lite import (
    LatentCode,
    Posterior,
    log_q,
    lower_bound,
    preset,
    uninformed_gaussian_bound,
)
from infogan_lite.codes import on_circle
from infogan_lite.information import weighted
from infogan_lite.measures.bounds import circular_limits
from probability_tables import D, random_channel, tensor


def categorical_q(*logits: torch.Tensor) -> Posterior:
    n = len(logits[0])
    return Posterior(logits, torch.zeros(n, 0), torch.zeros(n, 0))


def gaussian_q(mean: torch.Tensor, log_sigma: torch.Tensor) -> Posterior:
    return Posterior((), mean, log_sigma)


ONE_UNIFORM = LatentCode((), 1)
# The middle of each of many equal parts of [-1, 1]: a mean over them is an integral.
GRID = ((torch.arange(20_000, dtype=D) + 0.5) / 10_000 - 1)[:, None]


@given(st.integers(2, 12), st.integers(1, 8), st.data())
def test_the_categorical_bound_never_exceeds_ln_k(k, n, data):
    logit = st.floats(-1e4, 1e4, width=32)
    logits = torch.from_numpy(data.draw(hnp.arrays(np.float32, (n, k), elements=logit)))
    index = data.draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n))
    code = LatentCode((k,), 0)
    c = code.encode([torch.tensor(index)], torch.zeros(n, 0))
    assert lower_bound(code, c, categorical_q(logits))["c1"].item() <= math.log(k) + 1e-6


def test_a_sure_and_right_q_reaches_ln_k():
    code = LatentCode((7,), 0)
    c = code.sample(50)
    bound = lower_bound(code, c, categorical_q(200 * c))["c1"].item()
    assert bound == pytest.approx(math.log(7), abs=1e-6)


def test_the_estimate_with_an_exact_q_converges_to_i():
    k, n_x, n = 4, 6, 200_000
    channel = random_channel(k, n_x)
    p_cx = channel / k
    code, rng = LatentCode((k,), 0), np.random.default_rng(1)
    c_index = rng.integers(k, size=n)
    u = rng.random(n)[:, None]
    x = (u > channel.cumsum(1)[c_index, :-1]).sum(1)
    c = code.encode([torch.tensor(c_index)], torch.zeros(n, 0)).double()
    q = categorical_q(tensor(np.log(p_cx / p_cx.sum(0)).T[x]))
    error = log_q(code, c, q)["c1"].std().item() / math.sqrt(n)
    information = math.log(k) - p_cx.sum(0) @ stats.entropy(p_cx, axis=0)
    assert error < 0.005
    assert lower_bound(code, c, q)["c1"].item() == pytest.approx(information, abs=4 * error)


def test_log_q_of_categories_is_that_of_torch_distributions():
    code = LatentCode((3, 5), 0)
    c = code.sample(40).double()
    logits = torch.randn(40, 3, dtype=D), torch.randn(40, 5, dtype=D)
    result = log_q(code, c, categorical_q(*logits))
    for name, part in zip(("c1", "c2"), logits, strict=True):
        index = c[:, code.slices[name]].argmax(1)
        torch.testing.assert_close(result[name], Categorical(logits=part).log_prob(index))


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-4, 2))
def test_log_q_of_a_gaussian_is_that_of_torch_and_scipy(c, mean, log_sigma):
    q = gaussian_q(tensor([[mean]]), tensor([[log_sigma]]))
    result = log_q(ONE_UNIFORM, tensor([[c]]), q)["c1"].item()
    expected = stats.norm.logpdf(c, mean, math.exp(log_sigma))
    assert result == pytest.approx(expected, rel=1e-10, abs=1e-10)
    torch_says = Normal(tensor(mean), tensor(math.exp(log_sigma))).log_prob(tensor(c)).item()
    assert result == pytest.approx(torch_says, rel=1e-10, abs=1e-10)


def test_each_uniform_factor_meets_its_own_gaussian():
    code = LatentCode((2,), 3)
    c = code.sample(10).double()
    mean, log_sigma = torch.randn(10, 3, dtype=D), torch.randn(10, 3, dtype=D)
    result = log_q(code, c, Posterior((torch.zeros(10, 2, dtype=D),), mean, log_sigma))
    expected = Normal(mean, log_sigma.exp()).log_prob(c[:, 2:])
    torch.testing.assert_close(torch.stack([result[n] for n in ("c2", "c3", "c4")], 1), expected)


def test_the_bound_is_the_mean_of_log_q_plus_the_entropy_and_adds_up():
    code = LatentCode((3,), 1)
    c = code.sample(30).double()
    q = Posterior(*[(torch.randn(30, 3, dtype=D),), *torch.randn(2, 30, 1, dtype=D)])
    log_prob_c1 = Categorical(logits=q.logits[0]).log_prob(c[:, :3].argmax(1))
    log_prob_c2 = Normal(q.mean, q.log_sigma.exp()).log_prob(c[:, 3:]).squeeze(1)
    bound = lower_bound(code, c, q)
    assert bound["c1"].item() == pytest.approx(log_prob_c1.mean().item() + math.log(3))
    assert bound["c2"].item() == pytest.approx(log_prob_c2.mean().item() + math.log(2))
    # The sum is the bound of the whole code: the density of all factors, and their joint entropy.
    whole = (log_prob_c1 + log_prob_c2).mean().item() + math.log(3 * 2)
    assert sum(bound.values()).item() == pytest.approx(whole)


def numeric_bound(mean: float, sigma: float) -> float:
    """L_I of U(-1, 1) under one Gaussian for all x, by quadrature."""
    log_density = lambda c: 0.5 * stats.norm.logpdf(c, mean, sigma)  # noqa: E731
    return integrate.quad(log_density, -1, 1)[0] + math.log(2)


def test_the_uninformed_value_is_the_best_that_numerics_finds():
    best = optimize.minimize(lambda p: -numeric_bound(p[0], math.exp(p[1])), [0.3, 0.2], tol=1e-10)
    assert best.x == pytest.approx([0, math.log(1 / math.sqrt(3))], abs=1e-4)
    assert uninformed_gaussian_bound() == pytest.approx(-best.fun, abs=1e-8)
    assert uninformed_gaussian_bound() == pytest.approx(-0.176, abs=5e-4)


@given(st.floats(-2, 2), st.floats(-3, 2))
def test_a_gaussian_that_ignores_x_never_beats_the_uninformed_value(mean, log_sigma):
    q = gaussian_q(torch.full_like(GRID, mean), torch.full_like(GRID, log_sigma))
    bound = lower_bound(ONE_UNIFORM, GRID, q)["c1"].item()
    assert bound == pytest.approx(numeric_bound(mean, math.exp(log_sigma)), rel=1e-6)
    assert bound <= uninformed_gaussian_bound() + 1e-6


@given(hnp.arrays(float, (6, 1), elements=st.floats(-2, 2)))
def test_with_sigma_1_the_bound_stays_below_a_negative_number(mean):
    c = ONE_UNIFORM.sample(6).double()
    for guess in (tensor(mean), c):  # the second is the best there can be
        bound = lower_bound(ONE_UNIFORM, c, gaussian_q(guess, torch.zeros(6, 1, dtype=D)))["c1"]
        assert bound.item() <= -0.22579  # -0.2258, rounded
    assert bound.item() == pytest.approx(math.log(2) + stats.norm.logpdf(0), abs=1e-12)


@pytest.mark.parametrize(
    ("sigma", "expected"), [(0.3, 0.478), (0.2, 0.884), (0.1, 1.577), (0.05, 2.270)]
)
def test_a_smaller_sigma_earns_a_larger_bound_without_a_ceiling(sigma, expected):
    error = torch.randn(1000, 1, dtype=D)
    error = (error - error.mean()) / error.std(correction=0)
    c = ONE_UNIFORM.sample(1000).double()
    q = gaussian_q(c - sigma * error, torch.full_like(c, math.log(sigma)))
    assert lower_bound(ONE_UNIFORM, c, q)["c1"].item() == pytest.approx(expected, abs=5e-4)


# --- Circular factors -------------------------------------------------------------------

ONE_CIRCLE = LatentCode((), 0, 1)
AROUND = math.pi * GRID  # angles all the way round


def von_mises_q(mean: torch.Tensor, kappa: float) -> Posterior:
    nothing = mean.new_zeros(len(mean), 0)
    return Posterior((), nothing, nothing, torch.stack([mean.cos(), mean.sin()], 2), kappa)


def circle_bound(angle: torch.Tensor, mean: torch.Tensor, kappa: float) -> float:
    return lower_bound(ONE_CIRCLE, on_circle(angle), von_mises_q(mean, kappa))["c1"].item()


@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(1e-3, 1e4))
def test_log_q_of_a_von_mises_is_that_of_scipy(c, mean, kappa):
    row = torch.tensor([[math.cos(c), math.sin(c)]], dtype=D)
    result = log_q(ONE_CIRCLE, row, von_mises_q(tensor([[mean]]), kappa))["c1"].item()
    assert result == pytest.approx(stats.vonmises.logpdf(c, kappa, mean), rel=1e-9, abs=1e-9)


def test_each_circular_factor_meets_its_own_von_mises():
    code, rng = LatentCode((2,), 1, 2), np.random.default_rng(0)
    angle, mean = rng.uniform(-np.pi, np.pi, (2, 30, 2))
    c = code.encode([torch.arange(30) % 2], torch.zeros(30, 1), torch.from_numpy(angle))
    direction = torch.from_numpy(np.stack([np.cos(mean), np.sin(mean)], 2)).float()
    q = Posterior((torch.zeros(30, 2),), *torch.zeros(2, 30, 1), direction, 2.5)
    result = log_q(code, c, q)
    for i, name in enumerate(("c3", "c4")):
        expected = stats.vonmises.logpdf(angle[:, i], 2.5, mean[:, i])
        assert result[name].numpy() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("kappa", [0.1, 1.0, 6.0, 50.0, 2000.0])
def test_the_circular_bound_of_one_who_knows_and_of_one_who_points_anywhere(kappa):
    log_i0 = math.log(special.ive(0, kappa)) + kappa
    blind = circle_bound(AROUND, torch.full_like(AROUND, 0.7), kappa)
    assert blind == pytest.approx(-log_i0, rel=1e-6, abs=1e-6)
    assert circle_bound(AROUND, AROUND, kappa) == pytest.approx(kappa - log_i0, abs=1e-6)
    assert circular_limits(kappa) == pytest.approx((-log_i0, kappa - log_i0), rel=1e-9)


def test_the_circular_limits_of_the_usual_kappa():
    assert preset("lite").kappa == 6.0
    assert circular_limits(6.0) == pytest.approx((-4.21, 1.79), abs=0.005)


@pytest.mark.parametrize("kappa", [1.0, 6.0])
def test_where_q_is_right_the_circular_bound_is_h_minus_the_entropy_of_a_von_mises(kappa):
    rng = np.random.default_rng(3)
    mean = rng.uniform(-np.pi, np.pi, (200_000, 1))
    angle = mean + stats.vonmises.rvs(kappa, size=mean.shape, random_state=rng)
    expected = math.log(2 * math.pi) - stats.vonmises(kappa).entropy()
    found = circle_bound(torch.from_numpy(angle), torch.from_numpy(mean), kappa)
    assert found == pytest.approx(expected, abs=0.01)


def test_a_direction_is_needed_where_there_are_angles_and_nowhere_else():
    c = ONE_CIRCLE.sample(4)
    with pytest.raises(ValueError, match=r"q must have the shapes .*\(4, 1, 2\)\]"):
        log_q(ONE_CIRCLE, c, gaussian_q(torch.zeros(4, 0), torch.zeros(4, 0)))
    with pytest.raises(ValueError, match="q must have the shapes"):
        log_q(ONE_CIRCLE, c[:3], von_mises_q(torch.zeros(4, 1), 6.0))
    none = torch.zeros(4, 0, 2)
    q = Posterior((), torch.zeros(4, 1), torch.zeros(4, 1), none)
    assert log_q(ONE_UNIFORM, ONE_UNIFORM.sample(4), q)["c1"].shape == (4,)
    with pytest.raises(ValueError, match=r"got .*\(4, 1, 2\)\]"):
        log_q(ONE_UNIFORM, ONE_UNIFORM.sample(4), q._replace(direction=torch.ones(4, 1, 2)))


def test_a_row_that_holds_no_angle_has_no_log_q():
    with pytest.raises(ValueError, match="the cosine and sine of each angle"):
        log_q(ONE_CIRCLE, torch.full((3, 2), 0.5), von_mises_q(torch.zeros(3, 1), 6.0))


# --- Gradients ------------------------------------------------------------------------


def test_the_gradients_are_those_of_finite_differences():
    code = LatentCode((3, 4), 2, 1)
    c = code.sample(5).double()
    shapes = (5, 3), (5, 4), (5, 2), (5, 2), (5, 1, 2)
    inputs = [torch.randn(s, dtype=D, requires_grad=True) for s in shapes]

    def bounds(a, b, *rest):
        return tuple(lower_bound(code, c, Posterior((a, b), *rest)).values())

    assert torch.autograd.gradcheck(bounds, inputs)


def test_the_categorical_gradient_is_one_hot_minus_softmax_over_n():
    code, n = LatentCode((5,), 0), 7
    c = code.sample(n).double()
    logits = torch.randn(n, 5, dtype=D, requires_grad=True)
    (gradient,) = torch.autograd.grad(lower_bound(code, c, categorical_q(logits))["c1"], logits)
    torch.testing.assert_close(gradient, (c - logits.softmax(1)) / n)


def test_lambda_weighs_categories_and_numbers_apart():
    bound = {"c1": torch.tensor(2.0), "c2": torch.tensor(-1.0), "c3": torch.tensor(5.0)}
    settings = preset("paper", lam=0.5, lam_uniform=0.25)
    assert weighted(bound, settings).item() == pytest.approx(0.5 * 2 + 0.25 * (-1 + 5))
    settings = preset("paper", lam=0.5, lam_uniform=0.25, lam_circular=3.0, code=(10, 1, 1))
    assert weighted(bound, settings).item() == pytest.approx(0.5 * 2 + 0.25 * -1 + 3 * 5)
    assert weighted(bound, preset("paper", lam=0.0)).item() == 0  # nobody feels L_I
