"""The noisy channel, to turn by hand; its numbers are tested in ``test_javascript``."""

import pytest

from infogan_lite.widgets.channel import channel_explorer


def test_the_channel_has_as_many_values_as_asked_for():
    assert channel_explorer(7).k == 7


def test_impossible_channels_are_refused():
    with pytest.raises(ValueError, match="2 to 10"):
        channel_explorer(1)
