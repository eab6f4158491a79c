"""The mutual information gap, and the gap that it shares with ``sap``.

``gap_of`` is the formula on a table with a row for each code and a column for each factor.
Scores run from 0 to 1, higher is better.

Explained in the chapter *Measuring what a code means*.
"""

import numpy as np

from infogan_lite.measures.codes_and_factors import checked, information_table


def gap_of(table: np.ndarray, floor: np.ndarray = 0.0) -> float:
    """The mean over factors of the gap between the best code and the next::

        gap = 1/k sum_j (S_1j - S_2j),
        with S_1j >= S_2j the largest two entries of column j

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
        ValueError: see ``checked``; or if bins < 2.
    """
    tables = checked(codes, factors, categorical, discrete)
    information, entropies = information_table(tables, bins)
    return gap_of(information / entropies)
