"""The book's figures, in matplotlib: grids of pictures, L_I against its ceiling, tables.

Every figure sits on a white card, so that it reads the same on a dark page, and uses
colours that the color-blind can tell apart (Okabe and Ito).
"""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from infogan_lite.codes import LatentCode
from infogan_lite.information import uninformed_gaussian_bound
from infogan_lite.training import History

BLUE, ORANGE, GREEN, PURPLE, GRAY = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#6B6B6B"
COLORS = (BLUE, ORANGE, GREEN, PURPLE)


def show_grid(
    images: Tensor,
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    title: str = "",
    xlabel: str = "",
    scale: float = 0.62,
    ink: bool = True,
) -> Figure:
    """Pictures in rows and columns.

    Args:
        images: shape (rows, columns, channels, h, w), values in [0, 1].
        columns, rows: labels of columns and rows.
        title, xlabel: text above and below.
        scale: side of one picture in inches.
        ink: whether 1 is black, as for handwriting; with False gray 1 is white, as in a
            photograph.  Pictures in color are shown as they are.
    """
    n_rows, n_columns, channels, h, w = images.shape
    canvas = images.permute(0, 3, 1, 4, 2).reshape(n_rows * h, n_columns * w, channels).numpy()
    fig, ax = plt.subplots(figsize=(n_columns * scale + 0.9, n_rows * scale + 0.8))
    ax.imshow(canvas.squeeze(), cmap="gray_r" if ink else "gray", vmin=0, vmax=1)
    centers = np.arange(max(n_rows, n_columns))
    ax.set_xticks(centers[: len(columns)] * w + w / 2 - 0.5, columns)
    ax.set_yticks(centers[: len(rows)] * h + h / 2 - 0.5, rows)
    ax.set(title=title, xlabel=xlabel)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return _finish(fig)


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
    return _finish(fig)


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
    return _finish(fig)


def show_table(
    values: Tensor | np.ndarray,
    columns: Sequence[str],
    rows: Sequence[str],
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    digits: int = 2,
) -> Figure:
    """A table of numbers as a heat map with the numbers written in: a channel, a confusion.

    Args:
        values: shape (rows, columns).
        digits: decimals to write.
    """
    values = np.asarray(values)
    n_rows, n_columns = values.shape
    fig, ax = plt.subplots(figsize=(0.62 * n_columns + 1.6, 0.5 * n_rows + 1.3))
    ax.imshow(values, cmap="Blues", vmin=0, vmax=max(values.max(), 1e-12))
    for i, j in np.ndindex(n_rows, n_columns):
        dark = values[i, j] > 0.6 * values.max()
        text = f"{values[i, j]:.{digits}f}"
        ax.text(j, i, text, ha="center", va="center", color="white" if dark else "black")
    ax.set_xticks(range(n_columns), columns)
    ax.set_yticks(range(n_rows), rows)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return _finish(fig)


def _finish(fig: Figure) -> Figure:
    """White card, tight layout, and no second copy by the notebook's own display."""
    fig.set_facecolor("white")
    fig.tight_layout()
    plt.close(fig)
    return fig
