"""Lines can be seen, and every figure is a white card."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb

from drawn import contrast, history
from infogan_lite import LatentCode, plot_bound, plot_losses, show_grid, show_table
from infogan_lite.figures import colors

CODE = LatentCode((10,), 2)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: show_grid(torch.rand(1, 2, 1, 4, 4)),
        lambda: plot_bound({"run": history()}, CODE),
        lambda: plot_losses(history()),
        lambda: show_table(np.eye(2), "ab", "uv"),
    ],
    ids=["grid", "bound", "losses", "table"],
)
def test_every_figure_is_a_white_card(draw):
    assert to_rgb(draw().get_facecolor()) == (1, 1, 1)


@pytest.mark.parametrize("colour", [*colors.COLORS, colors.GRAY])
def test_lines_can_be_seen_on_white(colour):
    assert contrast(colour, "white") >= 3
