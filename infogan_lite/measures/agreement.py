"""Do runs that differ in nothing but their seed find the same codes?  No label is needed.

Used in chapter 12.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from infogan_lite.inputs import as_tensor
from infogan_lite.measures.codes_and_factors import MINIMUM, checked_columns, rank_correlation


def agreement(readings: Sequence[np.ndarray], categorical: bool = False) -> np.ndarray:
    """How far each two runs agree about the same real pictures, shape (runs, runs).

    Args:
        readings: for each run what its Q reads from the pictures, in the same order for all:
            the categories of one factor, shape (n,), or the means of k uniform factors,
            shape (n, k).
        categorical: whether they are categories.

    Returns:
        For categories the normalized mutual information, which needs no names for them: 1 if
        two runs sort the pictures alike, about 0 by chance.  For uniform factors the mean
        size of Spearman's rank correlation between matched factors, from 0 to 1, as a run
        does not know the order of its codes nor their signs.  A dead code, which is the same
        for all pictures, agrees with none, not even with another.  1 on the diagonal.

    Raises:
        ValueError: for fewer than 2 runs or 20 pictures, readings of different shapes, NaN,
            or categories with fractions.
    """
    tables = [_checked(reading, i, categorical) for i, reading in enumerate(readings)]
    shapes = [table.shape for table in tables]
    if len(tables) < 2 or len(set(shapes)) > 1 or shapes[0][0] < MINIMUM:
        text = f"readings must be of two runs or more about the same {MINIMUM} pictures or more"
        raise ValueError(f"{text}, got tables of {shapes}")
    same = _same_sorting if categorical else _same_order
    result = np.eye(len(tables))
    for i, a in enumerate(tables):
        for j, b in enumerate(tables[:i]):
            result[i, j] = result[j, i] = same(a, b)
    return result


def most_central(table: np.ndarray) -> int:
    """The run that agrees most with the others (model centrality: Lin et al., 2020).

    Args:
        table: of ``agreement``, or a mean of several such tables.

    Raises:
        ValueError: for a table that is not square, or has NaN in it.
    """
    table = np.asarray(table, float)
    if table.ndim != 2 or len(set(table.shape)) > 1 or not table.size or np.isnan(table).any():
        raise ValueError(f"a table of runs is square, without NaN, got {table.shape}")
    others = table - np.diag(np.diag(table))
    return int(others.sum(axis=0).argmax())


def _checked(reading: np.ndarray, run: int, categorical: bool) -> np.ndarray:
    """What one run reads as a table of floats, shape (n, k)."""
    name, wanted = f"readings[{run}]", "(n,)" if categorical else "(n, k)"
    table = as_tensor(reading, name).detach().cpu().numpy()
    if table.ndim != (1 if categorical else 2):
        raise ValueError(f"{name} must have the shape {wanted}, got {table.shape}")
    if categorical:
        return checked_columns(table[:, None], np.array([True]), name, "categorical")[0]
    return checked_columns(table, None, name, "categorical")[0]


def _same_sorting(a: np.ndarray, b: np.ndarray) -> float:
    from sklearn.metrics import normalized_mutual_info_score

    if not np.ptp(a) or not np.ptp(b):
        return 0.0  # a dead one: for two of them scikit-learn says 1
    return float(normalized_mutual_info_score(a[:, 0].astype(int), b[:, 0].astype(int)))


def _same_order(a: np.ndarray, b: np.ndarray) -> float:
    """The mean size of rho over factors, matched one to one so that it is largest."""
    sizes = np.array([[abs(rank_correlation(x, y)) for y in b.T] for x in a.T])
    return float(sizes[linear_sum_assignment(sizes, maximize=True)].mean())
