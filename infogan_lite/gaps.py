"""Two scores of the gap between the code that fits a factor best and the next: MIG and SAP.

Both make a table with a row for each code and a column for each factor; ``gap_of`` is the
formula on that table.  Scores run from 0 to 1, higher is better.

Explained in the chapter *Measuring what a code means*.
"""

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.tree import DecisionTreeClassifier

from infogan_lite.factors import checked, columns_of, information_table, is_constant


def gap_of(table: np.ndarray, floor: np.ndarray = 0.0) -> float:
    """The mean over factors of the gap between the best code and the next::

        gap = 1/k sum_j (S_1j - S_2j),    S_1j >= S_2j the largest two entries of column j

    Args:
        table: scores, shape (m, k).
        floor: what a dead code scores, a number or shape (k,); lower entries are raised to it,
            and it is the runner-up of a code that is alone.

    Raises:
        ValueError: if the table has another form, or NaN or infinity in it.
    """
    table = np.asarray(table, dtype=float)
    if table.ndim != 2 or 0 in table.shape or not np.isfinite(table).all():
        raise ValueError(
            f"a table of scores has the shape (codes, factors), got {table.shape}, "
            "and finite numbers"
        )
    floor = np.broadcast_to(floor, table.shape[1])
    ranked = np.sort(np.vstack([np.maximum(table, floor), floor]), axis=0)
    return float(np.mean(ranked[-1] - ranked[-2]))


def mig(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: np.ndarray | None = None,
    discrete: np.ndarray | None = None,
    bins: int = 20,
) -> float:
    """The mutual information gap (Chen et al., 2018, https://arxiv.org/abs/1802.04942)::

        MIG = 1/k sum_j (I(c_1st; v_j) - I(c_2nd; v_j)) / H(v_j)

    with the two codes that know most about v_j.  Information and entropy are in nats, their
    ratio has no unit.  Codes that are numbers are cut into ``bins`` values of equal width, as
    Locatello et al. (2019) do.  Factors are not, if they take few values; those that vary
    continuously, which their data sets have not, are (see ``information_table``).  Give some
    thousands of samples.

    1: each factor is known entirely to one code and not at all to the others.  0: duplicated,
    equally mixed, or dead codes.  A categorical code with fewer values than the factor has
    cannot reach 1.

    What it misses: a code that knows several factors at once is not punished (one label for
    every pair of shape and size has MIG 1), nor is a third code that knows a factor too.
    Information survives any bend of a code, but 20 bins of equal width do not: cubed uniform
    codes score about 0.7, not 1.  For a score that depends on the order of values alone give ranks,
    ``scipy.stats.rankdata(codes, axis=0)``, for factors too if they are numbers.

    Raises:
        ValueError: see ``factors.checked``; or if bins < 2.
    """
    tables = checked(codes, factors, categorical, discrete)
    information, entropies = information_table(tables, bins)
    return gap_of(information / entropies)


def separability(code: np.ndarray, is_label: bool, factor: np.ndarray, discrete: bool) -> float:
    """How well thresholds, or a line, on one code predict one factor: an entry of SAP's table."""
    if is_constant(code):
        return 0.0  # which gap_of raises to chance where the factor is a label
    x = columns_of(code, is_label)
    if not discrete:
        return LinearRegression().fit(x, factor).score(x, factor)
    # 2K - 1 intervals of a number are enough for a code that is folded once, and so few that
    # a code which knows nothing gains little by them.  A label has all its values told apart.
    leaves = None if is_label else 2 * len(np.unique(factor)) - 1
    tree = DecisionTreeClassifier(class_weight="balanced", max_leaf_nodes=leaves, random_state=0)
    return balanced_accuracy_score(factor, tree.fit(x, factor).predict(x))


def sap(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: np.ndarray | None = None,
    discrete: np.ndarray | None = None,
) -> float:
    """Separated attribute predictability (Kumar et al., 2018, https://arxiv.org/abs/1711.00848)::

        SAP = 1/k sum_j (S_1j - S_2j)
        S_ij = R^2 of a linear regression of v_j on c_i = corr(c_i, v_j)^2      v_j a number
        S_ij = balanced accuracy of thresholds on c_i that tell v_j             v_j a label

    No units.  Both are measured on the samples they are fitted to, as in the paper.  It fits
    "one or more thresholds"; here a decision tree finds up to 2K - 2 of them for a label with
    K values, so that a fold such as v = (abs(c) < 0.5) is seen.  (disentanglement_lib fits a
    linear support vector machine, which has one interval for each value, and counts plain
    accuracy: compare with its numbers with care.)  Labels of a categorical code enter one-hot.

    Range: at best 1 for a number and 1 - 1/K for a label with K values, as a code that knows
    nothing is right 1/K of the time.  0: duplicated, equally mixed, or dead codes.

    What it misses: all that is not linear where the factor is a number (a code that knows the
    size of v scores 0, and a bent but perfect code less than 1); a code that knows several
    factors; a third code.

    Raises:
        ValueError: see ``factors.checked``; each value of a label must occur 4 times.
    """
    t = checked(codes, factors, categorical, discrete, each=4)
    rows = zip(t.codes.T, t.categorical, strict=True)
    columns = list(zip(t.factors.T, t.discrete, strict=True))
    table = [[separability(c, is_label, v, d) for v, d in columns] for c, is_label in rows]
    return gap_of(table, [1 / len(np.unique(v)) if d else 0.0 for v, d in columns])
