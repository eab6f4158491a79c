"""Curves over training: L_I against its ceiling, the two losses."""

from collections.abc import Mapping
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from infogan_lite.codes import LatentCode
from infogan_lite.figures.colors import BLUE, COLORS, GRAY, ORANGE, finish
from infogan_lite.history import History
from infogan_lite.information import uninformed_gaussian_bound


def plot_bound(
    histories: Mapping[str, History], code: LatentCode, name: str = "c1", title: str = ""
) -> Figure:
    """L_I of one factor over training, one curve a history, with the ceiling H(c) if it has one.

    Args:
        histories: label of each curve to its history.
        code: the prior; a categorical factor gets a line at H(c) = ln K, a uniform one at
            the value of a Q that knows nothing.
        name: the factor.
        title: an optional title.
    """
    fig, ax = plt.subplots(figsize=(7, 3.6))
    for (label, history), color in zip(histories.items(), cycle(COLORS), strict=False):
        ax.plot(history.step, history.bound[name], color=color, label=label, linewidth=1.6)
    draw_reference(ax, code, name)
    ax.set(xlabel="training step", ylabel=f"$L_I$ of {name} (nats)", title=title)
    ax.legend(frameon=False, loc="center right")
    ax.spines[["top", "right"]].set_visible(False)
    return finish(fig)


def draw_reference(ax: plt.Axes, code: LatentCode, name: str) -> None:
    """The line that L_I of a factor is read against: its ceiling, or the uninformed value."""
    if name in code.categorical_names:
        height, text = code.entropy()[name], f"ceiling H({name}) = {code.entropy()[name]:.3f}"
    else:
        height = uninformed_gaussian_bound()
        text = f"a Q that knows nothing: {height:.3f}"
    ax.axhline(height, color=GRAY, linestyle="--", linewidth=1.2, label=text)


def plot_losses(history: History) -> Figure:
    """The two sides of the GAN game over training, with the value of a draw."""
    fig, ax = plt.subplots(figsize=(7, 3.2))
    ax.plot(history.step, history.loss_d, color=BLUE, label="loss of D")
    ax.plot(history.step, history.loss_g, color=ORANGE, label="loss of G")
    ax.axhline(2 * np.log(2), color=GRAY, linestyle="--", label="D if it guesses: 2 ln 2")
    ax.set(xlabel="training step", ylabel="nats")
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return finish(fig)
