"""Codes and known factors as two tables: checked, cut into values, and what each says of each.

A table of codes, shape (n, m), is what Q reads from n images; a table of factors, (n, k), says
what they were made from.  Every score of this folder begins with these.

Explained in the chapter *Measuring what a code means*.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats
from sklearn.metrics import mutual_info_score
from sklearn.metrics.cluster import contingency_matrix

from infogan_lite.inputs import as_tensor, whole

MINIMUM = 20  # samples: with fewer, each of these numbers is noise
LARGEST = 1e100  # a sum of squares of larger numbers may overflow


class Tables(NamedTuple):
    """Codes (n, m) and factors (n, k) that are ``checked``; the masks say which are labels."""

    codes: np.ndarray
    categorical: np.ndarray
    factors: np.ndarray
    discrete: np.ndarray


def _as_float64(table: np.ndarray, name: str) -> np.ndarray:
    """Numbers of any real kind as float64, which holds them all but very large integers."""
    if hasattr(table, "detach"):
        table = as_tensor(table, name).detach().cpu()  # its gradient is not asked for here
    if np.ma.is_masked(table):
        raise ValueError(f"{name} has masked numbers: leave these rows out")
    try:
        given = np.asarray(table)
    except (TypeError, ValueError) as error:  # rows of different lengths, or bfloat16
        raise ValueError(f"{name} must be a table of numbers: {error}") from error
    if given.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be real numbers, got {given.dtype}")
    if given.dtype.kind in "iu" and given.size and max(-int(given.min()), int(given.max())) > 2**53:
        raise ValueError(
            f"{name} has integers beyond 2**53, which floats cannot tell apart: "
            "give np.unique(column, return_inverse=True)[1]"
        )
    return given.astype(float)


def checked_columns(table: np.ndarray, labels: np.ndarray | None, name: str, flag: str):
    """A table as float64 and the mask of its label columns; for the errors see ``checked``."""
    table = _as_float64(table, name)
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(
            f"{name} must have the shape (samples, columns), got {table.shape}: "
            f"a single column is {name}[:, None]"
        )
    if not np.isfinite(table).all():
        column = int(np.argmin(np.isfinite(table).all(axis=0)))
        raise ValueError(f"column {column} of {name} has NaN or infinity: leave these rows out")
    if (large := np.abs(table).max()) > LARGEST:
        raise ValueError(f"{name} has numbers as large as {large:.3g}, whose squares overflow")
    mask = np.zeros(table.shape[1], bool) if labels is None else np.asarray(labels)
    if mask.dtype != bool or mask.shape != (table.shape[1],):
        raise ValueError(
            f"{flag} must be True or False for each of {table.shape[1]} columns, got {labels!r:.99}"
        )
    for column in np.flatnonzero(mask):
        if np.any(table[:, column] % 1):
            raise ValueError(
                f"column {column} of {name} is flagged {flag} but has fractions: give integer "
                "labels (np.unique(column, return_inverse=True)[1]) or change the flag"
            )
    return table, mask


def checked(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: np.ndarray | None = None,
    discrete: np.ndarray | None = None,
    each: int = 1,
) -> Tables:
    """The two tables in float64 with their flags; all metrics take their input through this.

    Args:
        codes: (n, m) numbers; a categorical code is one column of integer labels.
        factors: (n, k) numbers.
        categorical: (m,) booleans, which codes are labels; None means none.
        discrete: (k,) booleans, which factors are labels, such as a shape; None means none.
            A factor with few but ordered values, such as a size, need not be flagged.
        each: how often each value of a discrete factor must occur.

    Raises:
        ValueError: for wrong shapes, NaN or infinity, wrong flags, labels with fractions, a
            constant factor, numbers beyond 1e100, fewer than 20 samples, or a value of a
            discrete factor that occurs less often than ``each``.  Constant codes are allowed: Q
            may ignore one.
    """
    codes, categorical = checked_columns(codes, categorical, "codes", "categorical")
    factors, discrete = checked_columns(factors, discrete, "factors", "discrete")
    if len(codes) != len(factors):
        raise ValueError(
            f"{len(codes)} rows of codes but {len(factors)} of factors: "
            "row i of both must be about image i"
        )
    if len(codes) < MINIMUM:
        raise ValueError(
            f"{len(codes)} samples are too few: give at least {MINIMUM}, better some thousands"
        )
    for column, factor in enumerate(factors.T):
        if is_constant(factor):
            raise ValueError(
                f"factor {column} is constant, so no code can know it: vary it or leave it out"
            )
        if discrete[column] and (rarest := np.unique(factor, return_counts=True)[1].min()) < each:
            raise ValueError(
                f"a value of the discrete factor {column} occurs only {rarest} times: "
                f"give more samples, so that each value occurs at least {each} times"
            )
    return Tables(codes, categorical, factors, discrete)


def is_constant(column: np.ndarray) -> bool:
    """Whether a column never changes, up to the rounding of the numbers it holds.

    Whole numbers (ids, times in seconds) are exact.  Numbers that float32 can hold count as
    float32, wherever they are kept: a dead code is off by a few units of its last place.
    """
    if not np.any(column % 1):
        return bool(np.ptp(column) == 0)
    with np.errstate(over="ignore"):
        is_single = np.array_equal(column, column.astype("float32"))
    rounding = np.finfo("float32" if is_single else column.dtype)
    return bool(np.ptp(column) <= max(8 * rounding.eps * np.abs(column).max(), rounding.tiny))


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Spearman's rho of two columns; 0 where one of them never changes and it is not defined."""
    x, y = np.asarray(x), np.asarray(y)
    return 0.0 if is_constant(x) or is_constant(y) else float(stats.spearmanr(x, y).statistic)


def to_labels(column: np.ndarray, is_label: bool, bins: int) -> np.ndarray:
    """Integers from 0: labels renumbered, or the bin of each number, all bins equally wide."""
    if is_label:
        return np.unique(column, return_inverse=True)[1]
    if is_constant(column):
        return np.zeros(len(column), int)
    above = column - column.min()  # exact for numbers close to each other: edges stay apart
    return np.digitize(above, np.histogram_bin_edges(above, bins)[1:-1])


def has_few_values(factor: np.ndarray) -> bool:
    """Whether a factor is counted by its own values: each occurs ten times or more on average."""
    return 10 * len(np.unique(factor)) <= len(factor)


def columns_of(code: np.ndarray, is_label: bool) -> np.ndarray:
    """A code as a regression sees it: labels one-hot, shape (n, K), numbers as (n, 1)."""
    if not is_label:
        return code[:, None]
    labels = to_labels(code, True, 0)
    return np.eye(labels.max() + 1)[labels]


def information_table(tables: Tables, bins: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """I(c_i; v_j) of every code and factor, and H(v_j), from counts::

        I(c_i; v_j) = sum over a, b of p(a, b) ln(p(a, b) / (p(a) p(b)))

    Numbers that codes hold are cut into bins.  A factor that takes few values (each occurs
    ten times on average, see ``has_few_values``) is counted by these, flagged or not, as in
    disentanglement_lib, which bins codes only; one that varies continuously is cut into bins
    too, as no value of it would occur twice.

    Counts overrate it: for independent columns the mean is about (A - 1)(B - 1) / (2n) nats
    with A and B values, 0.18 nats for n = 1000 and 20 bins each, 0.018 for n = 10,000.
    Returns the informations, shape (m, k), and the entropies, shape (k,), in nats.

    Raises:
        ValueError: if bins < 2.
    """
    bins = whole("bins", bins, 2)
    pairs = zip(tables.codes.T, tables.categorical, strict=True)
    codes = [to_labels(c, is_label, bins) for c, is_label in pairs]
    pairs = zip(tables.factors.T, tables.discrete, strict=True)
    factors = [to_labels(v, is_label or has_few_values(v), bins) for v, is_label in pairs]
    # Counts, as scikit-learn takes labels that hardly repeat for numbers, and warns.
    counts = [[contingency_matrix(c, v) for v in factors] for c in codes]
    table = [[mutual_info_score(None, None, contingency=t) for t in row] for row in counts]
    return np.array(table), np.array([stats.entropy(np.bincount(v)) for v in factors])
