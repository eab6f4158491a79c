"""Forests and the formulas of DCI: on tables by hand, on noise, and out of range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy

from infogan_lite.measures.dci import completeness_of, dci, disentanglement_of
from known_codes import flags, good, small, varied


def test_noise_in_codes_is_not_blamed_on_idle_codes():
    """With leaves of one sample the forest explains noise by the other codes: D is below 0.6."""
    rng = np.random.default_rng(0)
    v = rng.uniform(-1, 1, (1000, 3))
    assert dci(v + 0.3 * rng.normal(size=v.shape), v, trees=10).disentanglement > 0.7


IMPORTANCE = [[3, 1, 0], [0, 2, 2], [0, 0, 0]]


def test_dci_formulas_by_hand():
    d = [1 - entropy([3 / 4, 1 / 4, 0]) / np.log(3), 1 - np.log(2) / np.log(3)]
    assert disentanglement_of(IMPORTANCE) == pytest.approx(np.mean(d))  # both rows sum to 4
    c = [1, 1 - entropy([1 / 3, 2 / 3, 0]) / np.log(3), 1]
    assert completeness_of(IMPORTANCE) == pytest.approx(np.mean(c))


def test_each_factor_counts_the_same_in_completeness():
    """The authors' mean: .364; weights by the sums of the columns would give .698."""
    table = np.array([[10, 0, 0.1], [0, 0.1, 0.1], [1, 0.1, 0.1]])
    shares = table / table.sum(0)
    logs = np.log(np.where(shares > 0, shares, 1))
    by_hand = 1 + (shares * logs).sum(0) / np.log(3)
    assert completeness_of(table) == pytest.approx(by_hand.mean())
    assert completeness_of(table) == pytest.approx(0.364, abs=5e-4)
    assert completeness_of([[1, 0], [0, 0]]) == pytest.approx(1 / 2)  # nobody holds the second


@pytest.mark.parametrize(
    ("table", "d", "c"),
    [
        (np.eye(3), 1, 1),
        (np.zeros((3, 2)), 0, 0),
        (np.ones((2, 3)), 0, 0),
        ([[1, 0], [1, 0], [0, 2]], 1, 1 - np.log(2) / np.log(3) / 2),
        ([[1], [1]], 1, 0),  # one factor: no code can be about two
        ([[1, 1]], 0, 1),
    ],
)
def test_dci_formulas_on_special_tables(table, d, c):
    assert disentanglement_of(table) == pytest.approx(d, abs=1e-12)
    assert completeness_of(table) == pytest.approx(c, abs=1e-12)


@given(small, flags, st.integers(0, 3))
def test_forests_stay_in_range(codes, categorical, seed):
    scores = dci(codes, varied, categorical, [False, True], trees=2, seed=seed)
    assert all(0 <= s <= 1 for s in scores[:3])
    assert np.all(scores.importance >= 0)
    assert np.all(scores.importance.sum(axis=0) <= 1 + 1e-9)


@given(arrays(float, (3, 4), elements=st.floats(0, 1e6)), st.permutations(range(3)))
def test_dci_formulas_stay_in_range_in_any_order(table, order):
    for formula in (disentanglement_of, completeness_of):
        value = formula(table)
        assert 0 <= value <= 1
        assert formula(table[list(order)]) == pytest.approx(value, abs=1e-9)
        assert formula(table[:, ::-1]) == pytest.approx(value, abs=1e-9)
        assert formula(table * 8) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("trees", [0, -1, 2.5])
def test_a_forest_has_trees(trees):
    with pytest.raises(ValueError, match=f"trees must be a whole number from 1 on, got {trees}"):
        dci(good, good, trees=trees)


@pytest.mark.parametrize("table", [[1, 2], [[-1, 2]], [[np.nan, 1]], np.ones((2, 0))])
@pytest.mark.parametrize("formula", [disentanglement_of, completeness_of])
def test_wrong_importances_are_an_error(formula, table):
    with pytest.raises(ValueError, match="give the absolute values"):
        formula(table)
