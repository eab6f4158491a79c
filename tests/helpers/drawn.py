"""What the tests of figures share: a history to draw, and how to read what was drawn."""

import numpy as np
from matplotlib.colors import to_rgb

from infogan_lite import History


def history(steps: int = 3, offset: float = 0.0) -> History:
    result = History()
    for step in range(1, steps + 1):
        bound = {"c1": offset + step / 10, "c2": offset - step / 10, "c3": offset}
        result.append(10 * step, step / 2, 1.0 + step, 2.0 + step, bound)
    return result


def lines(ax) -> dict[str, tuple[list[float], list[float]]]:
    """Label of each line to its data."""
    return {line.get_label(): (*map(list, line.get_data()),) for line in ax.get_lines()}


def words(ticks) -> list[str]:
    return [tick.get_text() for tick in ticks]


def luminance(colour) -> float:
    """Relative luminance as WCAG defines it."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(a, b) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
