"""Modularity: the distance to a template, and what disentanglement_lib counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import mutual_info_score

from infogan_lite.measures.modularity import modularity, modularity_of
from known_codes import DISCRETE, DUPLICATED, FACTORS, IDENTITY, ROTATED, SHUFFLED, ZEROS


def modularity_by_hand(table: np.ndarray) -> float:
    """Distance to the template that has the largest entry of each row and zeros beside it."""
    scores = []
    for row in table:
        template = np.where(np.arange(len(row)) == row.argmax(), row, 0)
        distance = np.sum((row - template) ** 2) / (row.max() ** 2 * (len(row) - 1))
        scores.append(1 - distance)
    return np.mean(scores)


@given(arrays(float, (4, 3), elements=st.floats(0.001, 5)))
def test_modularity_is_the_distance_to_a_template(table):
    assert modularity_of(table) == pytest.approx(modularity_by_hand(table), abs=1e-9)
    assert 0 <= modularity_of(table) <= 1
    assert modularity_of(table[:, ::-1]) == pytest.approx(modularity_of(table))
    assert modularity_of(8 * table) == pytest.approx(modularity_of(table))


@pytest.mark.parametrize(
    ("table", "value"),
    [
        (np.eye(3), 1),
        (np.ones((2, 3)), 0),
        ([[2, 1, 0]], 1 - 1 / 8),
        ([[2, 1, 0], [0, 0, 0]], 7 / 16),
        (np.zeros((3, 2)), 0),
        ([[2], [0]], 1 / 2),
    ],
)
def test_modularity_of_special_tables(table, value):
    assert modularity_of(table) == pytest.approx(value)


def modularity_case(case):
    make, categorical = case
    return modularity(make(FACTORS), FACTORS, categorical, DISCRETE)


def test_modularity_of_codes():
    assert modularity_case(IDENTITY) == pytest.approx(1, abs=0.01)
    assert modularity_case(DUPLICATED) == pytest.approx(modularity_case(IDENTITY))
    assert modularity_case(SHUFFLED) == pytest.approx(modularity_case(IDENTITY), abs=0.01)
    # Two codes know two of three factors alike: 1 - 1/2, and the label is as it was.
    assert modularity_case(ROTATED) == pytest.approx((1 / 2 + 1 / 2 + 1) / 3, abs=0.02)
    assert modularity_case(ZEROS) == 0
    assert modularity(np.full((40, 1), 0.1), varied_by(40)) == 0


def varied_by(n: int) -> np.ndarray:
    return np.column_stack([np.arange(n) % 2, np.arange(n) % 5])


def test_modularity_counts_as_disentanglement_lib_does():
    """Its two steps by scikit-learn and NumPy: codes in 20 bins, then the template."""
    rng = np.random.default_rng(2)
    v = np.column_stack([rng.integers(k, size=2000) for k in (3, 6, 32)])
    c = v @ [[1, 0.3, 0], [0, 1, 0.2], [0.1, 0, 1]] + rng.normal(0, 0.3, v.shape)
    bins = [np.digitize(x, np.histogram(x, 20)[1][:-1]) for x in c.T]
    known = np.array([[mutual_info_score(b, x) for x in v.T] for b in bins])
    assert modularity(c, v) == pytest.approx(modularity_by_hand(known), abs=1e-9)
    assert modularity(c, v) == pytest.approx(0.9438468857944392)  # what that program gives
