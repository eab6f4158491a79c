"""Votes for factors: the count by hand, the spread by hand, and impossible votes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infogan_lite.measures.factor_vae import factor_vae_score, gini_variance, vote_score
from known_codes import DISCRETE, flags, small, turn, votes_for


def test_dead_codes_do_not_vote():
    make = (lambda v: np.column_stack([0 * v[:, 0], v]), np.array([False, *DISCRETE]))
    assert votes_for(make) == 1


def test_rotation_of_two_factors_leaves_votes_at_chance():
    case = (lambda v: turn(np.column_stack([v, v[:, 0]]))[:, :2], DISCRETE[:2])
    assert votes_for(case, k=2) == pytest.approx(0.5, abs=0.12)


def test_votes_by_hand():
    """Rules: code 0 means factor 0, code 1 factor 2, code 2 (a tie) factor 0."""
    votes = [[5, 1, 0], [0, 2, 3], [1, 1, 0]]
    assert vote_score(votes) == pytest.approx((5 + 3 + 1) / 13)
    assert vote_score(votes, [[1, 2, 0], [0, 0, 4], [0, 3, 0]]) == pytest.approx((1 + 4) / 10)


def test_gini_variance_by_hand():
    codes = np.array([[1.0, 0], [2, 0], [4, 1], [9, 5]])
    pairs = [(a, b) for a in range(4) for b in range(4)]
    usual = sum((codes[a, 0] - codes[b, 0]) ** 2 for a, b in pairs) / (2 * 4 * 3)
    differ = sum(codes[a, 1] != codes[b, 1] for a, b in pairs) / (2 * 4 * 3)
    assert gini_variance(codes, np.array([False, True])) == pytest.approx([usual, differ])
    assert usual == pytest.approx(np.var(codes[:, 0], ddof=1))


@given(small, flags, st.permutations(range(3)))
def test_votes_on_any_codes(codes, categorical, order):
    def draw(columns):
        return lambda fixed, n, rng: codes[rng.integers(24, size=n)][:, columns]

    value = factor_vae_score(draw([0, 1, 2]), 2, categorical, votes=4, batch=5, reference=30)
    assert 0 <= value <= 1
    doubled = factor_vae_score(
        draw([0, 1, 2] * 2), 2, np.tile(categorical, 2), votes=4, batch=5, reference=30
    )
    assert doubled == value


@pytest.mark.parametrize(
    ("votes", "held_out", "message"),
    [
        ([1, 2], None, "votes must be counts"),
        ([[1, -2]], None, "votes must be counts"),
        ([[1, 2]], [[1, 2], [3, 4]], "held_out must be counts"),
        ([[1, 2]], [[0, 0]], "no votes"),
        ([[0, 0]], None, "no votes"),
    ],
)
def test_wrong_votes_are_an_error(votes, held_out, message):
    with pytest.raises(ValueError, match=message):
        vote_score(votes, held_out)


@pytest.mark.parametrize(
    "wrong",
    [dict(k=0), dict(votes=0), dict(batch=1), dict(reference=1), dict(k=2.5), dict(batch=3.5)],
)
def test_impossible_votes_are_an_error(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be a whole number from"):
        factor_vae_score(lambda fixed, n, rng: rng.normal(size=(n, 2)), **({"k": 2} | wrong))


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda fixed, n, rng: np.ones(n), "codes must have the shape"),
        (lambda fixed, n, rng: np.ones((5, 2)), r"draw\(fixed, 2000, rng\) gave 5 rows"),
        (lambda fixed, n, rng: np.full((n, 2), np.nan), "NaN"),
        (
            lambda fixed, n, rng: rng.normal(size=(n, 2 if fixed is None else 3)),
            "draw gave 2 codes at first and 3 later",
        ),
    ],
)
def test_wrong_draws_are_an_error(draw, message):
    with pytest.raises(ValueError, match=message):
        factor_vae_score(draw, 2)
