"""Do runs that differ in nothing but their seed find the same codes?  No label is needed.

Used in chapter 12.
"""

from collections.abc import Sequence

import numpy as np

from infogan_lite.measures.matching import match_codes


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
        does not know the order of its codes nor their signs.  1 on the diagonal.

    Raises:
        ValueError: for fewer than 2 runs, or readings of different shapes.
    """
    shapes = {np.shape(reading) for reading in readings}
    if len(readings) < 2 or len(shapes) != 1 or len(shapes.pop()) != (1 if categorical else 2):
        wanted = "(n,)" if categorical else "(n, k)"
        found = [np.shape(reading) for reading in readings]
        raise ValueError(f"readings must be of two runs or more, each of shape {wanted}: {found}")
    table = np.eye(len(readings))
    for i, a in enumerate(readings):
        for j, b in enumerate(readings[:i]):
            table[i, j] = table[j, i] = _same_sorting(a, b) if categorical else _same_order(a, b)
    return table


def most_central(table: np.ndarray) -> int:
    """The run that agrees most with the others (model centrality: Lin et al., 2020).

    Args:
        table: of ``agreement``, or a mean of several such tables.
    """
    others = table - np.diag(np.diag(table))
    return int(others.sum(axis=0).argmax())


def _same_sorting(a: np.ndarray, b: np.ndarray) -> float:
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(a, b))


def _same_order(a: np.ndarray, b: np.ndarray) -> float:
    return float(match_codes(a, b).strength.mean())
