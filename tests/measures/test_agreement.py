"""Runs compared with each other."""

import numpy as np
import pytest

from infogan_lite.measures.agreement import agreement, most_central

RNG = np.random.default_rng(0)
KINDS = RNG.integers(0, 5, 3000)
VALUES = RNG.uniform(-1, 1, (3000, 2))


def test_categories_need_no_common_names():
    renamed, other = (KINDS + 2) % 5, RNG.integers(0, 5, 3000)
    table = agreement([KINDS, renamed, other], categorical=True)
    assert table[0, 1] == pytest.approx(1) and table[0, 2] < 0.01
    assert np.array_equal(table, table.T) and np.diag(table).tolist() == [1, 1, 1]


def test_merged_categories_agree_in_part():
    """H of the merged one over the mean of both entropies, as it is a function of the other."""
    merged = np.where(KINDS == 4, 3, KINDS)

    def entropy(x):
        p = np.bincount(x) / len(x)
        p = p[p > 0]
        return -(p * np.log(p)).sum()

    wanted = entropy(merged) / ((entropy(merged) + entropy(KINDS)) / 2)
    assert agreement([KINDS, merged], categorical=True)[0, 1] == pytest.approx(wanted)


def test_numbers_need_no_common_order_and_sign():
    swapped = VALUES[:, ::-1] * [-1, 1]
    turned = VALUES @ np.array([[1, 1], [-1, 1]])
    table = agreement([VALUES, swapped**3, turned])
    assert table[0, 1] == pytest.approx(1)
    assert 0.6 < table[0, 2] < 0.8  # each is half of both


def test_the_run_that_agrees_most_is_central():
    near = [VALUES + RNG.normal(0, s, VALUES.shape) for s in (0.5, 0.0, 0.6)]
    far = RNG.uniform(-1, 1, VALUES.shape)
    assert most_central(agreement([*near, far])) == 1


def test_a_dead_code_agrees_with_none_wherever_it_stands():
    dead = VALUES * [1, 0]
    for table in (agreement([VALUES, dead]), agreement([dead, VALUES])):
        assert table[0, 1] == pytest.approx(0.5) and np.diag(table).tolist() == [1, 1]


def test_runs_that_put_all_into_one_category_agree_with_none_and_are_not_central():
    dead, near = np.full(3000, 2), np.where(RNG.random(3000) < 0.2, 0, KINDS)
    table = agreement([dead, KINDS, dead * 2, near], categorical=True)
    assert table[0].tolist() == [1, 0, 0, 0] and table[2].tolist() == [0, 0, 1, 0]
    assert table[1, 3] > 0.3 and most_central(table) in (1, 3)


@pytest.mark.parametrize(
    ("readings", "categorical", "message"),
    [
        ([KINDS], True, "readings must be of two runs or more"),
        ([KINDS, KINDS[:90]], True, "readings must be of two runs or more"),
        ([VALUES[:9]] * 2, False, "the same 20 pictures or more"),
        ([KINDS, KINDS], False, r"readings\[0\] must have the shape \(n, k\)"),
        ([KINDS, VALUES], True, r"readings\[1\] must have the shape \(n,\)"),
        ([KINDS, KINDS + 0.5], True, r"readings\[1\] is flagged categorical but has fractions"),
        ([VALUES, VALUES * np.nan], False, r"readings\[1\] has NaN"),
        ([["a", "b"]] * 2, True, r"readings\[0\] must be an array of real"),
    ],
)
def test_other_readings_are_refused(readings, categorical, message):
    with pytest.raises(ValueError, match=message):
        agreement(readings, categorical)


@pytest.mark.parametrize("table", [np.ones((2, 3)), np.ones(3), np.eye(2) * np.nan, [[]]])
def test_what_is_no_table_of_runs_has_no_central_one(table):
    with pytest.raises(ValueError, match="a table of runs is square, without NaN"):
        most_central(table)
