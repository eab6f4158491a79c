"""Information in nats, exact, on tables."""

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from sklearn.metrics import mutual_info_score

from infogan_lite.measures.channels import (
    entropy,
    exact_lower_bound,
    joint,
    kl,
    mutual_information,
    posterior,
)
from probability_tables import D, random_channel, tensor
from without_float64 import OnMPS


@st.composite
def tables(draw, shape: tuple[int, int] | None = None, positive: bool = False) -> np.ndarray:
    """Non-negative tables with sum 1; zeros are common unless they must be positive."""
    shape = shape or draw(st.tuples(st.integers(2, 6), st.integers(1, 6)))
    weights = st.floats(0.01, 1) if positive else st.just(0.0) | st.floats(0.01, 1)
    table = draw(hnp.arrays(float, shape, elements=weights).filter(lambda t: t.sum() > 0))
    return table / table.sum()


@st.composite
def channels_and_guesses(draw):
    """A joint table P(c, x) and a positive Q(c|x) of the same shape."""
    p_cx = draw(tables())
    q = draw(tables(shape=p_cx.shape, positive=True))
    return p_cx, q / q.sum(0)


@given(tables())
def test_entropy_is_that_of_scipy(p):
    assert entropy(tensor(p.ravel())).item() == pytest.approx(stats.entropy(p.ravel()), abs=1e-12)


@given(st.data())
def test_kl_is_that_of_scipy_and_never_negative(data):
    p, q = data.draw(tables(shape=(1, 5))), data.draw(tables(shape=(1, 5), positive=True))
    assert kl(tensor(p), tensor(q)).item() == pytest.approx(stats.entropy(p[0], q[0]), abs=1e-12)
    assert kl(tensor(p), tensor(q)).item() >= -1e-15


def test_kl_is_infinite_where_q_misses_p_and_only_there():
    p, q = tensor([[0.5, 0.5, 0], [0.5, 0.5, 0]]), tensor([[1, 0, 0], [0.25, 0.25, 0.5]])
    assert kl(p, q).tolist() == pytest.approx([math.inf, math.log(2)])


@given(hnp.arrays(int, (4, 3), elements=st.integers(0, 20)).filter(lambda t: t.sum() > 0))
def test_mutual_information_is_that_of_scikit_learn(counts):
    expected = mutual_info_score(None, None, contingency=counts)
    assert mutual_information(tensor(counts / counts.sum())).item() == pytest.approx(
        expected, abs=1e-12
    )


@given(tables())
def test_mutual_information_both_ways_as_in_equation_2(p_cx):
    p_c, p_x = p_cx.sum(1), p_cx.sum(0)
    seen_x, seen_c = p_x > 0, p_c > 0
    h_c_given_x = p_x[seen_x] @ stats.entropy(p_cx[:, seen_x], axis=0)
    h_x_given_c = p_c[seen_c] @ stats.entropy(p_cx[seen_c], axis=1)
    information = mutual_information(tensor(p_cx)).item()
    assert information == pytest.approx(stats.entropy(p_c) - h_c_given_x, abs=1e-12)
    assert information == pytest.approx(stats.entropy(p_x) - h_x_given_c, abs=1e-12)
    assert -1e-12 <= information <= stats.entropy(p_c) + 1e-12


@given(tables())
def test_bayes(p_cx):
    result = posterior(tensor(p_cx)).numpy()
    assert result.sum(0) == pytest.approx(np.ones(p_cx.shape[1]))
    assert result * p_cx.sum(0) == pytest.approx(p_cx)
    for x in np.flatnonzero(p_cx.sum(0) == 0):
        assert result[:, x] == pytest.approx(p_cx.sum(1))


def test_joint_is_prior_times_channel():
    prior, channel = np.array([0.2, 0.3, 0.5]), random_channel(3, 4)
    assert joint(tensor(prior), tensor(channel)).numpy() == pytest.approx(
        np.diag(prior) @ channel, abs=1e-15
    )


@pytest.mark.parametrize(
    ("prior", "channel", "message"),
    [
        ([0.5, 0.5], [[0.5, 0.5]], "one row for each of the 2 values"),
        ([0.5, 0.5], [0.5, 0.5], "one row for each of the 2 values"),
        ([0.5, 0.4], [[1.0, 0.0], [0.0, 1.0]], "prior is not a distribution"),
        ([0.5, 0.5], [[1.0, 0.0], [0.5, 0.6]], "channel is not a distribution"),
        ([0.5, 0.5], [[1.0, 0.0], [1.5, -0.5]], "channel is not a distribution"),
    ],
)
def test_joint_refuses_what_is_no_channel(prior, channel, message):
    with pytest.raises(ValueError, match=message):
        joint(tensor(prior), tensor(channel))


def bits(p_cx: np.ndarray) -> float:
    """I in nats by its definition, in logarithms, summed without rounding."""
    p_c, p_x = p_cx.sum(1), p_cx.sum(0)
    return math.fsum(
        p_cx[i, j] * (math.log(p_cx[i, j]) - math.log(p_c[i]) - math.log(p_x[j]))
        for i, j in np.argwhere(p_cx > 0)
    )


@pytest.mark.parametrize("dtype", [torch.float32, D])
@pytest.mark.parametrize("tiny", [1e-10, 1e-25, 1e-30])
def test_rare_values_stay_finite(tiny, dtype):
    """The product of two small probabilities is 0 in float32, its logarithm is not infinite."""
    p_cx = torch.diag(torch.tensor([1.0, tiny], dtype=dtype))
    result = mutual_information(p_cx)
    assert result.dtype == dtype
    assert result.item() == pytest.approx(bits(p_cx.double().numpy()), rel=1e-6)
    assert posterior(p_cx).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("logit", [-30.0, -80.0, -90.0, -100.0])
def test_an_x_that_hardly_occurs_has_a_posterior(logit):
    p_x = torch.tensor([0.0, logit]).softmax(0)  # at -90 below the normal numbers of float32
    q = posterior(torch.tensor([[0.25], [0.75]]) * p_x)
    assert q[:, 1].tolist() == pytest.approx([0.25, 0.75], rel=0.05)
    assert q.sum(0).tolist() == pytest.approx([1, 1], abs=1e-6)


@given(
    hnp.arrays(np.float32, (3, 4), elements=st.floats(-100, 0, width=32)),
    st.sampled_from([torch.float32, torch.float64]),
)
def test_any_softmax_is_a_table(logits, dtype):
    p_cx = torch.from_numpy(logits).to(dtype).flatten().softmax(0).view(3, 4)
    exact = p_cx.double().numpy()
    assert mutual_information(p_cx).item() == pytest.approx(bits(exact), abs=2e-6)
    assert posterior(p_cx).sum(0).tolist() == pytest.approx([1] * 4, abs=1e-5)
    assert entropy(p_cx.flatten()).item() == pytest.approx(stats.entropy(exact.ravel()), abs=2e-6)


GOOD = np.full((2, 3), 1 / 6)
SIX = torch.full((6,), 1 / 6, dtype=D)
EXACT = {
    "entropy": lambda p: entropy(p.flatten()),
    "kl, p": lambda p: kl(p.flatten(), SIX),
    "kl, q": lambda p: kl(SIX, p.flatten()),
    "mutual_information": mutual_information,
    "posterior": posterior,
    "exact_lower_bound": lambda p: exact_lower_bound(p, tensor(3 * GOOD)),
    "q": lambda q: exact_lower_bound(tensor(GOOD), 3 * q),  # each of 3 columns sums to 1
}
SPOILED = {
    "counts": 600 * GOOD,
    "half": GOOD / 2,
    "negative": GOOD + [[0.5, 0, 0], [-0.5, 0, 0]],
    "NaN": np.where(np.arange(6).reshape(2, 3) == 4, np.nan, GOOD),
    "infinite": np.where(np.arange(6).reshape(2, 3) == 4, np.inf, GOOD),
}


@pytest.mark.parametrize("function", EXACT)
@pytest.mark.parametrize("how", SPOILED)
def test_what_is_no_distribution_is_refused(function, how):
    EXACT[function](tensor(GOOD))
    with pytest.raises(ValueError, match="is not a distribution: values >= 0 with sum 1.*got"):
        EXACT[function](tensor(SPOILED[how]))


@given(hnp.arrays(float, (2, 3), elements=st.floats(0, 1e300)), st.sampled_from(sorted(EXACT)))
def test_every_function_knows_a_distribution(table, function):
    """Weights become a distribution by division; before that they pass only if their sum is 1."""
    by_column = function == "q"
    sums = table.sum(0) if by_column else table.sum()
    assume(np.all(sums > 0) and np.all(np.abs(sums - 1) > 1e-4))
    EXACT[function](tensor(table / sums / (3 if by_column else 1)))
    with pytest.raises(ValueError, match="is not a distribution"):
        EXACT[function](tensor(table / (3 if by_column else 1)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mutual_information(tensor([0.5, 0.5])), r"shape \(K, X\), got \(2,\)"),
        (lambda: posterior(tensor(np.ones((0, 3)))), r"shape \(K, X\), got \(0, 3\)"),
        (lambda: entropy(tensor(1.0)), "at least one value"),
        (lambda: entropy(torch.ones(0)), "at least one value"),
        (lambda: kl(tensor([0.5, 0.5]), tensor([0.5, 0.25, 0.25])), "2 values, but q 3"),
        (lambda: kl(tensor([0.5, 0.5]), tensor([1.0])), "2 values, but q 1"),
        (
            lambda: exact_lower_bound(tensor(GOOD), tensor(GOOD.T * 2)),
            r"q must have the shape of the joint table, \(2, 3\), got \(3, 2\)",
        ),
        (
            lambda: joint(tensor(1.0), tensor([[1.0]])),
            r"prior must have the shape \(K,\), got \(\)",
        ),
        (lambda: joint(tensor([0.5, 0.5]), tensor([[math.nan, 1], [0, 1]])), "the channel is not"),
        (lambda: entropy(torch.tensor([True, True])), "got sum 2"),
        (
            lambda: entropy(torch.tensor([1.0 + 0j])),
            "p must be an array of real numbers",
        ),
        (lambda: entropy("half"), "p must be an array of real numbers"),
        (lambda: entropy([[0.5, 0.5], [1.0]]), "p must be an array of real numbers"),
    ],
)
def test_wrong_tables_are_answered_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_lists_and_arrays_and_whole_numbers_are_tables_too():
    assert entropy([0.5, 0.5]).item() == pytest.approx(math.log(2))
    assert entropy(np.array([0.5, 0.5])).dtype == D
    assert entropy(torch.tensor([1, 0])).item() == 0
    assert entropy(torch.tensor([0.5, 0.5], dtype=torch.float16)).dtype == torch.float16
    assert mutual_information(np.eye(3) / 3).item() == pytest.approx(math.log(3))
    thirds = torch.full((3,), 1 / 3, dtype=torch.bfloat16)  # its sum is 1.002
    assert entropy(thirds).item() == pytest.approx(math.log(3), rel=0.01)


def test_the_bound_of_a_table_can_be_climbed():
    """Its gradient is that of finite differences: Q may be a softmax that is learned."""
    p_cx = tensor(random_channel(3, 4) / 3)
    logits = torch.randn(3, 4, dtype=D, generator=torch.Generator().manual_seed(0))
    assert torch.autograd.gradcheck(
        lambda a: exact_lower_bound(p_cx, a.softmax(0)), logits.requires_grad_()
    )


@given(channels_and_guesses())
def test_the_gap_between_i_and_the_bound_is_the_expected_kl(case):
    p_cx, q = case
    gap = mutual_information(tensor(p_cx)) - exact_lower_bound(tensor(p_cx), tensor(q))
    seen = p_cx.sum(0) > 0
    expected_kl = p_cx.sum(0)[seen] @ stats.entropy(p_cx[:, seen], q[:, seen], axis=0)
    assert gap.item() == pytest.approx(expected_kl, abs=1e-12)
    assert gap.item() >= -1e-12


@given(tables())
def test_an_exact_q_attains_i(p_cx):
    p_cx = tensor(p_cx)
    attained = exact_lower_bound(p_cx, posterior(p_cx)).item()
    assert attained == pytest.approx(mutual_information(p_cx).item(), abs=1e-12)


@given(tables(positive=True))
def test_a_q_that_ignores_x_attains_0_at_best(p_cx):
    prior = p_cx.sum(1, keepdims=True)
    ignorant = tensor(np.broadcast_to(prior, p_cx.shape).copy())
    assert exact_lower_bound(tensor(p_cx), ignorant).item() == pytest.approx(0, abs=1e-12)


def test_tables_on_a_gpu_without_numbers_of_64_bits_have_the_same_information():
    p_cx = torch.tensor([[0.1, 0.2], [0.3, 0.4]])
    there = p_cx.as_subclass(OnMPS)
    for call in (mutual_information, posterior, lambda t: exact_lower_bound(t, posterior(t))):
        assert torch.equal(call(there), call(p_cx)) and call(there).dtype == torch.float32
    rows = p_cx / p_cx.sum(1, keepdim=True)
    assert torch.equal(kl(rows.as_subclass(OnMPS), rows.flip(0)), kl(rows, rows.flip(0)))
    assert torch.equal(joint(p_cx.sum(1), rows.as_subclass(OnMPS)), joint(p_cx.sum(1), rows))
