"""No test of figures leaves one open."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """An open figure would be shown a second time by a notebook."""
    yield
    assert plt.get_fignums() == []
