"""Modularity: does each code know one factor only?  Counted in information, without a forest.

``modularity_of`` is the formula on a table with a row for each code and a column for each
factor.  Scores run from 0 to 1, higher is better.

Explained in the chapter *Measuring what a code means*.
"""

import numpy as np

from infogan_lite.measures.codes_and_factors import checked, information_table


def modularity_of(information: np.ndarray) -> float:
    """The formula of Ridgeway and Mozer on the table I_ij of what code i knows of factor j::

        delta_i = sum over j other than j* of (I_ij / I_ij*)^2 / (k - 1)
        with j* = argmax_j I_ij
        modularity = 1/m sum_i (1 - delta_i)

    A code that knows nothing scores 0, as in disentanglement_lib.  With one factor only, each
    code that knows it scores 1.

    Args:
        information: nats or any other unit, numbers >= 0, shape (m, k).

    Raises:
        ValueError: if the shape is wrong or a number is negative, infinite or NaN.
    """
    table = np.asarray(information, dtype=float)
    if table.ndim != 2 or 0 in table.shape or not np.all((table >= 0) & np.isfinite(table)):
        raise ValueError(
            f"information must have the shape (codes, factors), got {table.shape}, "
            "and finite numbers >= 0"
        )
    best = table.max(axis=1, keepdims=True)
    squares = (table / np.where(best > 0, best, 1)) ** 2  # 1 for the best factor
    delta = (squares.sum(axis=1) - 1) / max(table.shape[1] - 1, 1)
    return float(np.where(best[:, 0] > 0, 1 - delta, 0).mean())


def modularity(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: np.ndarray | None = None,
    discrete: np.ndarray | None = None,
    bins: int = 20,
) -> float:
    """Ridgeway and Mozer, 2018 (https://arxiv.org/abs/1802.05312): ``modularity_of`` of counts.

    No units.  The information is that of ``mig``, in the same bins, but read along the codes:
    how far is the factor that a code knows best ahead of the others?  1: each code knows one
    factor and nothing of the rest.  Rotated codes lose it, duplicated ones do not.

    What it misses: how much a code knows.  One that knows a little of one factor and nothing
    else scores 1, so noise costs nothing as long as it is not taken for information: counts
    overrate what an idle code knows (see ``information_table``), and alike for all factors, so
    give some thousands of samples.  Nor does it see that two codes are about one factor, or that
    a factor has no code at all.

    Raises:
        ValueError: see ``checked``; or if bins < 2.
    """
    information, _ = information_table(checked(codes, factors, categorical, discrete), bins)
    # Rounding leaves constant codes a few 1e-17 nats, which are nothing.
    return modularity_of(np.where(information > 1e-12, information, 0))
