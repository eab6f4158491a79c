"""The gap of predictions by one code: correlations, thresholds, balanced accuracy."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from infogan_lite.measures.dci import dci
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.sap import sap, separability


def test_linear_scores_are_squared_correlations():
    rng = np.random.default_rng(3)
    v = rng.normal(size=(300, 1))
    codes = v + rng.normal(size=(300, 2)) * [0.3, 1]
    near, far = (pearsonr(c, v[:, 0]).statistic ** 2 for c in codes.T)
    assert sap(codes, v) == pytest.approx(near - far)
    found = match_codes(codes, v)
    assert found.table[:, 0] == pytest.approx([spearmanr(c, v[:, 0]).statistic for c in codes.T])
    assert found.code == 0


def test_balanced_accuracy_by_hand():
    """90 zeros, 10 ones; the code knows half of the ones: (1 + 1/2) / 2, whatever is common."""
    factor = np.repeat([0, 1, 1], [90, 5, 5])
    code = np.repeat([0, 0, 1], [90, 5, 5])
    assert sap(code[:, None], factor[:, None], [True], [True]) == pytest.approx(0.75 - 0.5)


def test_the_classifier_itself_is_balanced():
    """All ones lie in one half of the code, where zeros are 4 times as common: it says 1."""
    factor = np.repeat([0, 0, 1], [100, 80, 20])
    code = np.repeat([0, 1, 1], [100, 80, 20])
    score = sap(code[:, None], factor[:, None], [True], [True])
    assert score == pytest.approx((100 / 180 + 1) / 2 - 1 / 2)
    accuracy = dci(code[:, None], factor[:, None], [True], [True], trees=5).informativeness
    assert accuracy == pytest.approx(100 / 180, abs=0.1)


def best_thresholds(code: np.ndarray, factor: np.ndarray, cuts: int) -> float:
    """The largest balanced accuracy that so many thresholds can give, by trying all of them."""
    values, labels = np.unique(code), np.unique(factor)
    best = 0.0
    for some in combinations((values[1:] + values[:-1]) / 2, cuts):
        part = np.digitize(code, some)
        recall = [
            np.bincount(part[factor == k], minlength=cuts + 1) / sum(factor == k) for k in labels
        ]
        best = max(best, np.max(recall, axis=0).sum() / len(labels))
    return best


def test_thresholds_see_a_fold():
    """A label that says whether a number is small is known to that number: 1 - 1/2 in full."""
    code = np.random.default_rng(0).uniform(-1, 1, 1000)
    factor = (abs(code) < 0.5).astype(int)
    assert separability(code, False, factor, True) == 1
    assert sap(code[:, None], factor[:, None], None, [True]) == pytest.approx(1 / 2)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_thresholds_are_nearly_the_best_ones(k, seed):
    rng = np.random.default_rng(seed)
    factor = rng.permutation(np.arange(40) % k)
    code = np.round(factor + rng.normal(0, 0.5, 40), 1)
    found, best = separability(code, False, factor, True), best_thresholds(code, factor, k - 1)
    assert best - 0.1 <= found <= best_thresholds(code, factor, 2 * k - 2) + 1e-9


def test_idle_codes_gain_little_by_thresholds():
    rng = np.random.default_rng(0)
    code, factor = rng.normal(size=2000), rng.integers(3, size=2000)
    assert separability(code, False, factor, True) < 1 / 3 + 0.05
