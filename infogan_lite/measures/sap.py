"""Separated attribute predictability: how much better the best code predicts than the next.

Explained in the chapter *Measuring what a code means*.
"""

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.tree import DecisionTreeClassifier

from infogan_lite.measures.codes_and_factors import checked, columns_of, is_constant
from infogan_lite.measures.mig import gap_of


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
        S_ij = R^2 of v_j on c_i, that is corr(c_i, v_j)^2         for v_j a number
        S_ij = balanced accuracy of thresholds on c_i for v_j      for v_j a label

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
        ValueError: see ``checked``; each value of a label must occur 4 times.
    """
    t = checked(codes, factors, categorical, discrete, each=4)
    rows = zip(t.codes.T, t.categorical, strict=True)
    columns = list(zip(t.factors.T, t.discrete, strict=True))
    table = [[separability(c, is_label, v, d) for v, d in columns] for c, is_label in rows]
    return gap_of(table, [1 / len(np.unique(v)) if d else 0.0 for v, d in columns])
