"""Metrics against known factors: reference codes, hand-made tables, and what must not matter."""

from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy, pearsonr, rankdata, spearmanr
from sklearn.metrics import mutual_info_score

from infogan_lite.measures.dci import completeness_of, dci, disentanglement_of
from infogan_lite.measures.factor_vae import factor_vae_score, gini_variance, vote_score
from infogan_lite.measures.matching import checked, information_table, is_constant, match_codes
from infogan_lite.measures.mig import gap_of, mig
from infogan_lite.measures.modularity import modularity, modularity_of
from infogan_lite.measures.sap import sap, separability

DISCRETE = np.array([False, False, True])  # two numbers and a label with three values


def sample(n: int, rng: np.random.Generator) -> np.ndarray:
    return np.column_stack([rng.uniform(-1, 1, (n, 2)), rng.integers(3, size=n)])


def turn(v: np.ndarray) -> np.ndarray:
    """The two numbers rotated by 45 degrees."""
    return np.column_stack([v[:, 0] - v[:, 1], v[:, 0] + v[:, 1], v[:, 2]])


FACTORS = sample(2000, np.random.default_rng(0))
# How codes are made from factors, and which of them are labels.
IDENTITY = (lambda v: v, DISCRETE)
ZEROS = (lambda v: 0 * v, DISCRETE)
DUPLICATED = (lambda v: np.hstack([v, v]), np.tile(DISCRETE, 2))
ROTATED = (turn, DISCRETE)
SHUFFLED = (lambda v: v[:, [2, 1, 0]] * [1, -1, -1], DISCRETE[::-1])
CUBED = (lambda v: v ** [3, 3, 1], DISCRETE)


def gap_scores(case):
    make, categorical = case
    return [score(make(FACTORS), FACTORS, categorical, DISCRETE) for score in (mig, sap)]


def forest_scores(case):
    make, categorical = case
    return dci(make(FACTORS), FACTORS, categorical, DISCRETE, trees=10)


def votes_for(case, k=3):
    make, categorical = case

    def draw(fixed, n, rng):
        factors = sample(n, rng)[:, :k]
        if fixed is not None:
            factors[:, fixed] = factors[0, fixed]
        return make(factors)

    return factor_vae_score(draw, k, categorical[: None if k == 3 else k], 150, 32, seed=1)


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


def test_dead_codes_do_not_vote():
    make = (lambda v: np.column_stack([0 * v[:, 0], v]), np.array([False, *DISCRETE]))
    assert votes_for(make) == 1


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


def test_rotation_of_two_factors_leaves_votes_at_chance():
    case = (lambda v: turn(np.column_stack([v, v[:, 0]]))[:, :2], DISCRETE[:2])
    assert votes_for(case, k=2) == pytest.approx(0.5, abs=0.12)


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


def test_noise_in_codes_is_not_blamed_on_idle_codes():
    """With leaves of one sample the forest explains noise by the other codes: D is below 0.6."""
    rng = np.random.default_rng(0)
    v = rng.uniform(-1, 1, (1000, 3))
    assert dci(v + 0.3 * rng.normal(size=v.shape), v, trees=10).disentanglement > 0.7


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


# By hand


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


def test_bins_have_equal_width():
    """Of 2 bins on [0, 1] the first takes 3/4 of these; the factor that says so is known."""
    code = np.tile([0, 0.1, 0.2, 1], 10)
    factor = code > 0.5
    tables = checked(code[:, None], factor[:, None], None, [True])
    information, entropies = information_table(tables, bins=2)
    assert entropies == pytest.approx([entropy([3 / 4, 1 / 4])])
    assert information[0] == pytest.approx(entropies)


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


@pytest.mark.parametrize(
    ("scale", "offset"), [(1e-4, 1000.0), (1.0, 1.7e9), (1.0, 30000.0), (1e-9, 1.0), (3e4, -1e12)]
)
def test_what_moves_a_little_far_from_zero_is_not_constant(scale, offset):
    """Times in seconds, ids, float64 codes such as 1000 + k / 10,000: the same scores as k."""
    k = np.random.default_rng(0).integers(10, size=(400, 2)).astype(float)
    moved = offset + scale * k
    assert not any(is_constant(column) for column in moved.T)
    assert mig(moved, k) == pytest.approx(mig(k, k), abs=0.05)  # edges of bins may round
    assert mig(k, moved) == pytest.approx(mig(k, k), abs=0.05)
    assert sap(moved, k) == pytest.approx(sap(k, k), abs=1e-3)
    assert match_codes(moved, k).strength == pytest.approx([1, 1])


@given(
    st.floats(-1e6, 1e6, width=32).filter(lambda x: abs(x) > 1e-3),
    arrays(int, 30, elements=st.integers(-2, 2)),
    st.booleans(),
)
def test_a_dead_code_is_off_by_units_in_its_last_place(value, ulps, kept_in_float64):
    """Noise of rounding is none, in a float32 table and beside integers in a float64 one."""
    value = np.float32(value) + np.float32(0.001) * np.float32(value)
    if value % 1 == 0:
        value = np.nextafter(value, np.float32(0))
    assume(value % 1)
    column = (value + ulps * np.spacing(value)).astype("float32")
    assume(np.any(column % 1))
    assert is_constant(column.astype(float) if kept_in_float64 else column)


@given(st.integers(-(2**52), 2**52), st.integers(1, 9))
def test_whole_numbers_are_exact(start, step):
    column = start + step * np.arange(20.0)
    assert not is_constant(column) and is_constant(np.full(20, float(start)))


@given(st.floats(1e-2, 1e6), st.integers(20, 10**9))
def test_float64_keeps_what_float32_would_lose(value, parts):
    column = value * (1 + np.arange(20.0) / parts / 7)
    assume(len(np.unique(column)) == 20 and np.ptp(column) > 1e-13 * value)
    assert not is_constant(column)


def test_gap_by_hand():
    assert gap_of([[0.9, 0.2], [0.5, 0.1], [0.4, 0.6]]) == pytest.approx((0.4 + 0.4) / 2)
    assert gap_of([[0.9, 0.2]], floor=[0, 0.5]) == pytest.approx(0.9 / 2)


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


def test_matching_is_one_to_one():
    """Code 0 is the best for both factors, but the sum is larger if it gives one away."""
    v = FACTORS[:, :2]
    codes = np.column_stack([v[:, 0] + 0.8 * v[:, 1], v[:, 0]])
    found = match_codes(codes, v)
    assert found.code.tolist() == [1, 0]
    assert found.table[0].min() > 0.5
    few = match_codes(-codes[:, 1:], v)
    assert few.code.tolist() == [0, -1]
    assert few.sign.tolist() == [-1, 0]
    assert few.strength == pytest.approx([1, 0])


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


# Any small table

small = arrays(float, (24, 3), elements=st.integers(-3, 3).map(float))
flags = arrays(bool, 3)
varied = np.tile([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]], (4, 1))


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


# Errors

good = np.arange(60.0).reshape(30, 2)
with_nan = np.where(good == 5, np.nan, good)


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
    with pytest.raises(ValueError, match=f"bins={bins}: a whole number from 2 on"):
        metric(good, good, bins=bins)


@pytest.mark.parametrize("trees", [0, -1, 2.5])
def test_a_forest_has_trees(trees):
    with pytest.raises(ValueError, match=f"trees={trees}: a forest has a whole number"):
        dci(good, good, trees=trees)


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


@pytest.mark.parametrize("table", [[1, 2], [[-1, 2]], [[np.nan, 1]], np.ones((2, 0))])
@pytest.mark.parametrize("formula", [disentanglement_of, completeness_of])
def test_wrong_importances_are_an_error(formula, table):
    with pytest.raises(ValueError, match="give the absolute values"):
        formula(table)


@pytest.mark.parametrize(
    "wrong",
    [dict(k=0), dict(votes=0), dict(batch=1), dict(reference=1), dict(k=2.5), dict(batch=3.5)],
)
def test_impossible_votes_are_an_error(wrong):
    with pytest.raises(ValueError, match="give at least 1 factor"):
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
