"""Which code stands for which factor, and how strongly.

Explained in the chapter *Measuring what a code means*.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from infogan_lite.measures.codes_and_factors import checked, information_table, rank_correlation


class Matching(NamedTuple):
    """Which code stands for which factor; entry j of each array is about factor j.

    code: (k,) index of its code, -1 if no code is left or the best one knows nothing.
    strength: (k,) from 0 to 1, the size of Spearman's rho, or normalized information.
    sign: (k,) +1 if code and factor grow together, -1 if one falls, 0 if one is a label.
    table: (m, k) the strength of every pair.
    """

    code: np.ndarray
    strength: np.ndarray
    sign: np.ndarray
    table: np.ndarray


def match_codes(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: np.ndarray | None = None,
    discrete: np.ndarray | None = None,
    bins: int = 20,
) -> Matching:
    """The one-to-one matching of codes and factors with the largest sum of strengths.

    The strength of a pair is the size of rho, Spearman's rank correlation, if both are numbers, and
    I(c; v) / H(v) if one is a label: the part of the factor's entropy (in nats, by bins) that
    the code knows.  Both run from 0 to 1, but they are different units: 0.7 of one is not 0.7
    of the other.  Ranks do not change under a monotone map of a code, so neither does rho.

    What it misses: rho is blind to relations that rise and fall (a code that knows the size of
    v); and that a code or a factor is shared shows in ``table`` only.

    Args:
        codes, factors, categorical, discrete: see ``checked``.
        bins: into how many values a number is cut where the other side is a label.

    Raises:
        ValueError: see ``checked``; or if bins < 2.
    """
    tables = checked(codes, factors, categorical, discrete)
    information, entropies = information_table(tables, bins)
    table = information / entropies
    sign = np.zeros(table.shape, int)
    for i, j in np.argwhere(~tables.categorical[:, None] & ~tables.discrete):
        rho = rank_correlation(tables.codes[:, i], tables.factors[:, j])
        table[i, j], sign[i, j] = abs(rho), np.sign(rho)
    return matched(table.clip(0, 1), sign)


def matched(table: np.ndarray, sign: np.ndarray) -> Matching:
    """The matching with the largest sum, from the strength and the sign of each pair, (m, k)."""
    rows, columns = linear_sum_assignment(table, maximize=True)
    code = np.full(table.shape[1], -1)
    code[columns] = np.where(table[rows, columns] > 0, rows, -1)
    every = np.arange(len(code))
    strength = np.where(code >= 0, table[code, every], 0.0)
    return Matching(code, strength, np.where(code >= 0, sign[code, every], 0), table)
