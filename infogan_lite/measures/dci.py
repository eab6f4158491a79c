"""DCI: disentanglement, completeness and informativeness, from the importances of forests.

Forests make a table with a row for each code and a column for each factor; the formulas on
such a table are functions of their own.  Scores run from 0 to 1, higher is better.

Explained in the chapter *Measuring what a code means*.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split

from infogan_lite.inputs import whole
from infogan_lite.measures.codes_and_factors import checked, columns_of


class DCI(NamedTuple):
    """The three scores, each from 0 to 1, and the importances (m, k) behind the first two."""

    disentanglement: float
    completeness: float
    informativeness: float
    importance: np.ndarray


def _purity(importance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1 - H(P_i) / ln k of each row of a table, 0 for a row of zeros; and the rows' sums.

    Raises:
        ValueError: if the shape is wrong or a number is negative, infinite or NaN.
    """
    table = np.asarray(importance, dtype=float)
    if table.ndim != 2 or 0 in table.shape or not np.all((table >= 0) & np.isfinite(table)):
        raise ValueError(
            "importance must have the shape (codes, factors) and finite numbers >= 0: "
            "give the absolute values of weights"
        )
    if table.max() > 0:
        table = table / table.max()  # sums of the largest floats would overflow
    sums, scores = table.sum(axis=1), np.zeros(len(table))
    live, k = sums > 0, table.shape[1]
    scores[live] = 1.0 if k == 1 else 1 - stats.entropy(table[live], axis=1) / np.log(k)
    return scores.clip(0, 1), sums


def disentanglement_of(importance: np.ndarray) -> float:
    """Is each code about one factor only?  D of Eastwood and Williams::

        P_ij = R_ij / sum_j R_ij,   D_i = 1 - H(P_i) / ln k,   D = sum_i D_i R_i. / R..

    A code counts as much as it matters (R_i. is the sum of its row); a dead code counts
    nothing.  1 if there is one factor only, 0 if no code matters at all.

    Args:
        importance: R, shape (m, k), numbers >= 0: how much code i helps to predict factor j.

    Raises:
        ValueError: if the shape is wrong or a number is negative, infinite or NaN.
    """
    scores, weights = _purity(importance)
    return float(np.average(scores, weights=weights)) if weights.any() else 0.0


def completeness_of(importance: np.ndarray) -> float:
    """Is each factor held by one code only?  C of Eastwood and Williams, from the columns::

        P_ij = R_ij / sum_i R_ij,   C_j = 1 - H(P_.j) / ln m,   C = 1/k sum_j C_j

    The plain mean over factors, as the authors take it: each factor counts the same.  (Where
    each column sums to 1, as in ``dci``, weights by the columns' sums, as disentanglement_lib
    has them, change nothing.)  A factor whose column is 0 is held by no code and scores 0.
    1 if there is one code only, 0 if none matters.  Arguments and errors as in
    ``disentanglement_of``.
    """
    scores, _ = _purity(np.asarray(importance, dtype=float).T)
    return float(scores.mean())


def forest_of(x: np.ndarray, factor: np.ndarray, is_label: bool, trees: int, seed: int):
    """The importances of x's columns for one factor, and the held-out score, from 0 to 1."""
    x_fit, x_test, v_fit, v_test = train_test_split(
        x, factor, test_size=0.5, random_state=seed, stratify=factor if is_label else None
    )
    # All columns at each split: drawn at random, they would give idle codes their turn too.
    # Leaves of at least 1% of the samples: smaller ones explain noise, and by idle codes.
    options = dict(n_estimators=trees, max_features=None, min_samples_leaf=0.01, random_state=seed)
    if is_label:
        forest = RandomForestClassifier(class_weight="balanced", **options).fit(x_fit, v_fit)
        score = balanced_accuracy_score(v_test, forest.predict(x_test), adjusted=True)
    else:
        forest = RandomForestRegressor(**options).fit(x_fit, v_fit)
        score = forest.score(x_test, v_test)
    return forest.feature_importances_, max(score, 0.0)


def dci(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: np.ndarray | None = None,
    discrete: np.ndarray | None = None,
    trees: int = 50,
    seed: int = 0,
) -> DCI:
    """Eastwood and Williams, 2018 (https://openreview.net/forum?id=By-7dz-AZ).

    Half of the samples teach a random forest to predict each factor from all codes.  Its
    importances (the fall in squared error or Gini impurity by splits on a code, with sum 1 for
    each factor) are R; ``disentanglement_of`` and ``completeness_of`` are the formulas.
    Informativeness is the mean score on the other half: R^2 for numbers, balanced accuracy
    with chance at 0 for labels; below 0 counts as 0, and higher is better.  The authors give
    an error instead, where lower is better: for a number the root of the mean squared error
    over that of a guess of the mean, which is sqrt(1 - R^2).

    Why forests: the authors use them too, they need no scaling, and thresholds do not care how
    a code is bent.  (Locatello et al. (2019) boost trees instead: compare with their numbers
    with care.)  Labels of a categorical code enter one-hot, and their importances are summed.

    Identity codes have 1, 1, 1; dead codes 0, 0, 0; duplicated codes keep D = 1 and lose C.

    What it misses: R is a property of the predictor too.  Where codes are correlated it is the
    forest's choice which to use, and noise in a good code gives the idle ones some importance,
    so D falls although nothing is shared.  Importances say which code is used, not how well:
    for a factor that no code knows they are noise, yet count as much.  Read D and C beside
    informativeness.

    Args:
        codes, factors, categorical, discrete: see ``checked``.
        trees: in each forest.
        seed: of the halves and of the forests.

    Raises:
        ValueError: see ``checked``; each value of a label must occur 4 times; or if
            there is no tree.
    """
    trees, seed = whole("trees", trees, 1), whole("seed", seed, 0, 2**32 - 1)
    t = checked(codes, factors, categorical, discrete, each=4)
    blocks = [columns_of(c, is_label) for c, is_label in zip(t.codes.T, t.categorical, strict=True)]
    owner = np.repeat(np.arange(len(blocks)), [block.shape[1] for block in blocks])
    importance, scores = np.zeros((len(blocks), t.factors.shape[1])), []
    for j, (factor, is_label) in enumerate(zip(t.factors.T, t.discrete, strict=True)):
        found, score = forest_of(np.hstack(blocks), factor, is_label, trees, seed)
        importance[:, j] = np.bincount(owner, found)
        scores.append(score)
    return DCI(
        disentanglement_of(importance),
        completeness_of(importance),
        float(np.mean(scores)),
        importance,
    )
