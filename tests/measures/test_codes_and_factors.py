"""Tables of codes and factors: their values in bins, and what counts as constant."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy, rankdata

from infogan_lite.measures.codes_and_factors import (
    checked,
    information_table,
    is_constant,
    rank_correlation,
)
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import mig
from infogan_lite.measures.sap import sap


def test_bins_have_equal_width():
    """Of 2 bins on [0, 1] the first takes 3/4 of these; the factor that says so is known."""
    code = np.tile([0, 0.1, 0.2, 1], 10)
    factor = code > 0.5
    tables = checked(code[:, None], factor[:, None], None, [True])
    information, entropies = information_table(tables, bins=2)
    assert entropies == pytest.approx([entropy([3 / 4, 1 / 4])])
    assert information[0] == pytest.approx(entropies)


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


def test_rank_correlation_is_that_of_ranks():
    a, b = torch.rand(2, 40, generator=torch.Generator().manual_seed(0))
    expected = np.corrcoef(rankdata(a), rankdata(b))[0, 1]
    assert rank_correlation(a, b) == pytest.approx(expected)
    assert rank_correlation(a, torch.ones(40)) == 0
