"""The gap of information: by hand, and by counting as disentanglement_lib does."""

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from infogan_lite.measures.codes_and_factors import checked, information_table
from infogan_lite.measures.mig import gap_of, mig
from known_codes import FACTORS


def test_information_and_gap_by_hand():
    """A label with P = (1/2, 1/4, 1/4); one code knows the first value, another nothing."""
    factor = np.tile([0, 0, 1, 2], 20)
    knows, idle = np.minimum(factor, 1), np.repeat([0, 1], 40)
    tables = checked(np.column_stack([knows, idle]), factor[:, None], [True] * 2, [True])
    information, entropies = information_table(tables)
    h = entropy([1 / 2, 1 / 4, 1 / 4])
    assert entropies == pytest.approx([h])
    assert information == pytest.approx(np.array([[np.log(2)], [0]]), abs=1e-12)
    assert mig(*tables[0::2], *tables[1::2]) == pytest.approx(np.log(2) / h)


def mig_by_counting(codes: np.ndarray, factors: np.ndarray, bins: int = 20) -> float:
    """MIG of two codes or more as disentanglement_lib counts it: codes in bins, factors as is."""
    gaps = []
    for v in factors.T:
        known = []
        for c in codes.T:
            binned = np.digitize(c, np.histogram(c, bins)[1][:-1])
            known.append(mutual_info_score(binned, v))
        h = entropy(np.unique(v, return_counts=True)[1])
        gaps.append(np.subtract(*sorted(known)[:-3:-1]) / h)
    return np.mean(gaps)


@pytest.mark.parametrize("flagged", [True, False])
def test_factors_with_few_values_are_not_binned(flagged):
    """3, 6 and 32 ordered values, as in dSprites: 32 do not become 20."""
    rng = np.random.default_rng(0)
    v = np.column_stack([rng.integers(k, size=3000) for k in (3, 6, 32)])
    c = v + rng.normal(0, 0.4, v.shape)
    ours = mig(c, v, None, [flagged] * 3)
    assert ours == pytest.approx(mig_by_counting(c, v), abs=1e-9)
    binned = np.column_stack([v[:, :2], np.digitize(v[:, 2], np.histogram(v[:, 2], 20)[1][:-1])])
    assert abs(ours - mig_by_counting(c, binned)) > 0.005


def test_factors_that_vary_continuously_are_binned():
    v = FACTORS[:, :2]
    binned = np.column_stack([np.digitize(x, np.histogram(x, 20)[1][:-1]) for x in v.T])
    assert mig(v, v) == pytest.approx(mig_by_counting(v, binned), abs=1e-9)


def test_gap_by_hand():
    assert gap_of([[0.9, 0.2], [0.5, 0.1], [0.4, 0.6]]) == pytest.approx((0.4 + 0.4) / 2)
    assert gap_of([[0.9, 0.2]], floor=[0, 0.5]) == pytest.approx(0.9 / 2)
