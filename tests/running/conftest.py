"""A run in which everything that depends on the step happens."""

from dataclasses import replace

import pytest


@pytest.fixture
def long(tiny):
    """Penalty, augmentation, falling rates: all that could depend on where a run stands."""
    return replace(tiny, steps=12, log_every=2)
