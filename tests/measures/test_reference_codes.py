"""Reference codes whose scores are known: what each measure sees, and what must not matter."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from infogan_lite.measures.dci import dci
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import gap_of, mig
from infogan_lite.measures.modularity import modularity, modularity_of
from infogan_lite.measures.sap import sap
from known_codes import (
    CUBED,
    DISCRETE,
    DUPLICATED,
    FACTORS,
    IDENTITY,
    ROTATED,
    SHUFFLED,
    ZEROS,
    flags,
    forest_scores,
    good,
    small,
    varied,
    votes_for,
    with_nan,
)


def gap_scores(case):
    make, categorical = case
    return [score(make(FACTORS), FACTORS, categorical, DISCRETE) for score in (mig, sap)]


def matching(case):
    make, categorical = case
    return match_codes(make(FACTORS), FACTORS, categorical, DISCRETE)


# Identity


def test_identity_is_best():
    m, s = gap_scores(IDENTITY)
    assert m > 0.95
    # R^2 is 1 for two factors, and a label with 3 values is guessed 1/3 of the time.
    assert s == pytest.approx((1 + 1 + 2 / 3) / 3, abs=0.02)
    assert forest_scores(IDENTITY)[:3] == pytest.approx([1, 1, 1], abs=0.01)
    assert votes_for(IDENTITY) == 1
    found = matching(IDENTITY)
    assert found.code.tolist() == [0, 1, 2]
    assert found.strength == pytest.approx([1, 1, 1])
    assert found.sign.tolist() == [1, 1, 0]


# Dead codes


@pytest.mark.parametrize("value", [0, 0.1, -7, 1e9])
def test_dead_codes_are_worst(value):
    dead = (lambda v: 0 * v + value, [False] * 3)
    assert gap_scores(dead) == [0, 0]
    assert forest_scores(dead)[:3] == pytest.approx((0, 0, 0), abs=1e-12)
    assert votes_for(dead) == 0
    assert matching(dead).code.tolist() == [-1, -1, -1]
    assert matching(dead).strength.tolist() == matching(dead).sign.tolist() == [0, 0, 0]


def test_dead_labels_are_worst_too():
    assert gap_scores(ZEROS) == [0, 0]
    assert forest_scores(ZEROS)[:3] == (0, 0, 0)
    assert votes_for(ZEROS) == 0
    assert not matching(ZEROS).table.any()


@pytest.mark.parametrize("score", [mig, sap])
def test_a_dead_code_beside_live_ones_changes_no_gap(score):
    more = np.column_stack([FACTORS, np.full(len(FACTORS), 0.3)])
    with_dead = score(more, FACTORS, [*DISCRETE, False], DISCRETE)
    assert with_dead == score(FACTORS, FACTORS, DISCRETE, DISCRETE)


# Duplicated and rotated codes


def test_duplicates_close_the_gaps_and_spread_factors_but_win_all_votes():
    assert gap_scores(DUPLICATED) == pytest.approx([0, 0], abs=1e-9)
    scores = forest_scores(DUPLICATED)
    assert scores.disentanglement == pytest.approx(1, abs=0.01)
    # Each factor is shared by 2 of 6 codes: C is at least 1 - ln 2 / ln 6.
    assert 1 - np.log(2) / np.log(6) - 0.01 < scores.completeness < 0.8
    assert votes_for(DUPLICATED) == 1
    assert sorted(matching(DUPLICATED).code % 3) == [0, 1, 2]


def test_rotation_lowers_each_score():
    """The two numbers lose all, the label nothing."""
    m, s = gap_scores(ROTATED)
    assert m == pytest.approx(1 / 3, abs=0.03)
    assert s == pytest.approx(2 / 9, abs=0.05)
    # Rows (1/2, 1/2, 0) twice and (0, 0, 1): D = 1 - 2/3 ln 2 / ln 3.
    scores = forest_scores(ROTATED)
    by_hand = 1 - 2 / 3 * np.log(2) / np.log(3)
    assert scores[:3] == pytest.approx((by_hand, by_hand, 1), abs=0.03)
    assert votes_for(ROTATED) < 0.8
    # A sum of two independent uniform numbers: Pearson's correlation with each is 0.71.
    strength = matching(ROTATED).strength
    assert strength == pytest.approx([0.7, 0.7, 1], abs=0.05)


# What must not matter


def test_order_and_sign_of_codes_do_not_matter():
    assert gap_scores(SHUFFLED) == pytest.approx(gap_scores(IDENTITY), abs=1e-6)
    ours, theirs = forest_scores(SHUFFLED), forest_scores(IDENTITY)
    assert ours[:3] == pytest.approx(theirs[:3], abs=0.01)
    assert votes_for(SHUFFLED) == votes_for(IDENTITY)
    found = matching(SHUFFLED)
    assert found.code.tolist() == [2, 1, 0]
    assert found.sign.tolist() == [-1, -1, 0]
    assert found.strength == pytest.approx([1, 1, 1])


def test_monotone_maps():
    """Ranks and thresholds do not change; bins of equal width and straight lines do."""
    assert matching(CUBED).strength == pytest.approx(matching(IDENTITY).strength)
    assert forest_scores(CUBED)[:3] == pytest.approx(forest_scores(IDENTITY)[:3], abs=0.01)
    m, s = gap_scores(CUBED)
    assert m < 0.85
    # For v uniform on [-1, 1]: E[v^4]^2 / (E[v^2] E[v^6]) = (1/25) / (1/21).
    assert s == pytest.approx((21 / 25 * 2 + 2 / 3) / 3, abs=0.02)
    numbers = FACTORS[:, :2]
    ranks = [mig(rankdata(c, axis=0), rankdata(numbers, axis=0)) for c in (numbers**3, numbers)]
    assert ranks[0] == ranks[1] > 0.9


def test_names_of_labels_do_not_matter():
    names = np.array([40, -3, 7])
    renamed = FACTORS.copy()
    renamed[:, 2] = names[FACTORS[:, 2].astype(int)]
    for score in (mig, sap, lambda *a: dci(*a, trees=5)[:3]):
        ours = score(renamed, renamed, DISCRETE, DISCRETE)
        assert ours == pytest.approx(score(FACTORS, FACTORS, DISCRETE, DISCRETE), abs=0.01)


def test_seeds_repeat():
    assert votes_for(ROTATED) == votes_for(ROTATED)
    first, second = forest_scores(ROTATED), forest_scores(ROTATED)
    assert np.array_equal(first.importance, second.importance)


# What they miss, as their docstrings say


def test_a_code_for_two_factors_is_seen_by_disentanglement_alone():
    both = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 100, axis=0)
    packed, labels = (both @ [2, 1])[:, None], [True, True]
    assert mig(packed, both, [True], labels) == pytest.approx(1)
    assert sap(packed, both, [True], labels) == pytest.approx(1 / 2)  # the best for two values
    scores = dci(packed, both, [True], labels, trees=5)
    assert scores[:3] == pytest.approx((0, 1, 1), abs=0.01)


def test_a_folded_code_is_missed_by_lines_and_ranks():
    v = FACTORS[:, :2]
    assert sap(abs(v), v) < 0.01
    assert match_codes(abs(v), v).strength.max() < 0.05
    assert mig(abs(v), v) > 0.7
    assert votes_for((lambda v: abs(v), DISCRETE)) == 1


@given(small, flags, arrays(bool, 2), st.permutations(range(3)))
def test_gaps_and_matching_on_any_codes(codes, categorical, discrete, order):
    order = np.array(order)
    for score in (mig, sap):
        value = score(codes, varied, categorical, discrete)
        assert 0 <= value <= 1
        moved = score(codes[:, order], varied, categorical[order], discrete)
        assert moved == pytest.approx(value, abs=1e-6)
    found = match_codes(codes, varied, categorical, discrete)
    moved = match_codes(codes[:, order], varied, categorical[order], discrete)
    assert np.all((found.table >= 0) & (found.table <= 1))
    assert moved.strength.sum() == pytest.approx(found.strength.sum())
    named = found.code[found.code >= 0]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((good[:, 0], good), r"codes must have the shape .* single column is codes\[:, None\]"),
        ((good, good[:, :0]), "factors must have the shape"),
        ((good, good[:25]), "30 rows of codes but 25 of factors"),
        ((good[:19], good[:19]), "19 samples are too few: give at least 20"),
        ((with_nan, good), "column 1 of codes has NaN"),
        ((good, with_nan / 0.5), "column 1 of factors has NaN"),
        ((good, good * [1, 0]), "factor 1 is constant"),
        ((good, good, [True]), "categorical must be True or False for each of 2 columns"),
        ((good, good, None, [0, 1]), "discrete must be True or False"),
        ((good / 4, good, [True, False]), "column 0 of codes is flagged categorical but has"),
        ((good, good / 4, None, [False, True]), "column 1 of factors is flagged discrete but"),
        ((good, 1e200 * good), "factors has numbers as large as .*, whose squares overflow"),
        ((np.ma.masked_less(good, 3), good), "codes has masked numbers"),
        ((good + 1j, good), "codes must be real numbers, got complex128"),
        ((good.astype(str), good), "codes must be real numbers, got <U"),
        ((good, [[1.0], [2.0, 3.0]]), "factors must be a table of numbers"),
        ((good, 2**60 + np.arange(60).reshape(30, 2)), "factors has integers beyond 2"),
        ((torch.ones(30, 2, dtype=torch.bfloat16), good), "codes must be a table of numbers"),
    ],
)
@pytest.mark.parametrize("metric", [mig, sap, dci, match_codes, modularity])
def test_errors_say_what_to_do(metric, arguments, message):
    with pytest.raises(ValueError, match=message):
        metric(*arguments)


@pytest.mark.parametrize("metric", [sap, dci])
def test_rare_values_of_a_label_are_an_error(metric):
    with pytest.raises(ValueError, match="discrete factor 0 occurs only 3 times"):
        metric(good, np.repeat([0, 1], [27, 3])[:, None], None, [True])


@pytest.mark.parametrize("metric", [mig, match_codes, modularity])
@pytest.mark.parametrize("bins", [1, 0, -3, 2.5])
def test_one_bin_is_an_error(metric, bins):
    with pytest.raises(ValueError, match=f"bins must be a whole number from 2 on, got {bins}"):
        metric(good, good, bins=bins)


def test_what_q_says_is_a_table_as_it_is():
    """A tensor that carries a gradient is a table of numbers like any other."""
    v = torch.from_numpy(FACTORS)
    for score in (mig, sap, modularity):
        ours = score(v.clone().requires_grad_(), v, DISCRETE, DISCRETE)
        assert ours == score(FACTORS, FACTORS, DISCRETE, DISCRETE)


@pytest.mark.parametrize("table", [[1, 2], [[np.nan, 1]], np.ones((2, 0)), [[np.inf, 1]]])
def test_wrong_tables_of_scores_are_an_error(table):
    with pytest.raises(ValueError, match=r"shape \(codes, factors\)"):
        gap_of(table)
    with pytest.raises(ValueError, match=r"shape \(codes, factors\)"):
        modularity_of(table)


@given(
    arrays(float, (24, 2), elements=st.floats(-1e308, 1e308)),
    st.sampled_from([mig, sap, match_codes, modularity]),
)
def test_any_finite_codes_have_a_score_or_are_refused_in_words(codes, score):
    """No warning, no NaN, no error of a library, however large or close the numbers are."""
    if np.abs(codes).max() > 1e100:
        with pytest.raises(ValueError, match="whose squares overflow"):
            score(codes, varied)
        return
    value = score(codes, varied)
    assert np.all(np.isfinite(value.table if score is match_codes else value))
