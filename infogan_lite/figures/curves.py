"""Curves over training: L_I against its ceiling, the two losses."""

import math
from collections.abc import Mapping
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from infogan_lite.codes import LatentCode
from infogan_lite.figures.colors import BLUE, COLORS, GRAY, ORANGE, finish_figure
from infogan_lite.history import History
from infogan_lite.measures.bounds import circular_limits, uninformed_gaussian_bound
from infogan_lite.settings import Settings


def plot_bound(
    histories: Mapping[str, History],
    code: LatentCode,
    name: str = "c1",
    title: str = "",
    sigma: float | None = Settings.sigma,
    kappa: float = Settings.kappa,
) -> Figure:
    """L_I of one factor over training, one curve a history, and the lines it is read against.

    Args:
        histories: label of each curve to its history.
        code: the prior; a categorical factor gets a line at H(c) = ln K, a uniform one at
            the value of a Q that knows nothing, and one at its ceiling if sigma is fixed; a
            circular one has both.
        name: the factor.
        title: an optional title.
        sigma: the fixed width of Q's Gaussians, ``settings.sigma``; None: it is learned.  By
            default that of the preset ``lite``.
        kappa: the fixed concentration of Q's von Mises, ``settings.kappa``.

    Raises:
        ValueError: for a factor that the code does not have, or what is no table of histories.
    """
    need_factor(code, name)
    if not isinstance(histories, Mapping):
        text = 'histories must be a table of labels and histories, as {"lambda = 1": history}'
        raise ValueError(f"{text}, got {type(histories).__name__}")
    fig, ax = plt.subplots(figsize=(7, 3.6))
    for (label, history), color in zip(histories.items(), cycle(COLORS), strict=False):
        bound = history.bound.get(name, [])  # none if training was stopped before the first entry
        ax.plot(history.step, bound, color=color, label=label, linewidth=1.6)
    draw_reference(ax, code, name, sigma, kappa)
    ax.set(xlabel="training step", ylabel=f"$L_I$ of {name} (nats)", title=title)
    ax.legend(frameon=False, loc="center right")
    ax.spines[["top", "right"]].set_visible(False)
    return finish_figure(fig)


def need_factor(code: LatentCode, name: str) -> None:
    """Refuse a factor that does not exist, by its name."""
    if name not in code.names:
        there = ", ".join(code.names)
        raise ValueError(f"this code has no factor {name!r:.200}; it has: {there}")


def draw_reference(
    ax: plt.Axes, code: LatentCode, name: str, sigma: float | None, kappa: float
) -> None:
    """The lines that L_I of a factor is read against: its ceiling, or what a blind Q reaches."""
    if name in code.categorical_names:
        lines = {f"ceiling H({name})": (code.entropy()[name], "--")}
    else:
        circular = name in code.circular_names
        blind, ceiling = circular_limits(kappa) if circular else limits(sigma)
        lines = {"a Q that knows nothing": (blind, ":")}
        if ceiling < math.inf:
            lines["ceiling"] = (ceiling, "--")
    for text, (height, style) in lines.items():
        between = " = " if text.endswith(")") else ": "
        label = f"{text}{between}{height:.3f}"
        ax.axhline(height, color=GRAY, linestyle=style, linewidth=1.2, label=label)


def limits(sigma: float | None) -> tuple[float, float]:
    """L_I in nats of one U(-1, 1) code: of the best Q that knows nothing, and at most.

    With a fixed sigma L_I = ln 2 - ln(sigma sqrt(2 pi)) - E (c - mean)^2 / (2 sigma^2), and the
    squared error lies between 0 and 1/3, the variance of c.  With a learned one, None, there
    is no ceiling.
    """
    if sigma is None:
        return uninformed_gaussian_bound(), math.inf
    ceiling = math.log(2) - math.log(sigma * math.sqrt(2 * math.pi))
    return ceiling - 1 / (6 * sigma**2), ceiling


def plot_losses(history: History) -> Figure:
    """The two sides of the GAN game over training, with the value of a draw."""
    fig, ax = plt.subplots(figsize=(7, 3.2))
    ax.plot(history.step, history.loss_d, color=BLUE, label="loss of D")
    ax.plot(history.step, history.loss_g, color=ORANGE, label="loss of G")
    ax.axhline(2 * np.log(2), color=GRAY, linestyle="--", label="D if it guesses: 2 ln 2")
    ax.set(xlabel="training step", ylabel="nats")
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return finish_figure(fig)
