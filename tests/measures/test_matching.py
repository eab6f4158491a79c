"""Which code is which factor."""

import numpy as np
import pytest

from infogan_lite.measures.matching import match_codes
from known_codes import FACTORS


def test_matching_is_one_to_one():
    """Code 0 is the best for both factors, but the sum is larger if it gives one away."""
    v = FACTORS[:, :2]
    codes = np.column_stack([v[:, 0] + 0.8 * v[:, 1], v[:, 0]])
    found = match_codes(codes, v)
    assert found.code.tolist() == [1, 0]
    assert found.table[0].min() > 0.5
    few = match_codes(-codes[:, 1:], v)
    assert few.code.tolist() == [0, -1]
    assert few.sign.tolist() == [-1, 0]
    assert few.strength == pytest.approx([1, 0])
