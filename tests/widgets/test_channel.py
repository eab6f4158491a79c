"""The noisy channel: its ends, and its information in closed form."""

import numpy as np
import pytest

from infogan_lite.widgets.channel import channel_explorer, channel_numbers


@pytest.mark.parametrize("k", [2, 4, 7])
def test_the_ends_of_the_channel(k):
    perfect, useless = channel_numbers(0.0, 0.0, k), channel_numbers(1.0, 0.0, k)
    assert perfect == pytest.approx({"H": np.log(k), "conditional": 0, "I": np.log(k)}, abs=1e-9)
    assert useless == pytest.approx({"H": np.log(k), "conditional": np.log(k), "I": 0}, abs=1e-9)
    assert channel_numbers(0.3, 1.0, k) == pytest.approx(
        {"H": 0, "conditional": 0, "I": 0}, abs=1e-9
    )


def test_information_of_the_symmetric_channel_in_closed_form():
    right = 0.7 + 0.3 / 4
    row = np.array([right, 0.075, 0.075, 0.075])
    closed = np.log(4) + (row * np.log(row)).sum()
    assert channel_numbers(0.3, 0.0, 4)["I"] == pytest.approx(closed, abs=1e-12)


def test_impossible_channels_are_refused():
    with pytest.raises(ValueError, match="2 to 10"):
        channel_explorer(1)
