"""What the figures share: colors that the color-blind can tell apart (Okabe and Ito), a card.

Every figure sits on a white card, so that it reads the same on a dark page.
"""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, PURPLE, GRAY = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#6B6B6B"
PALE = "#BBBBBB"  # behind what is to be seen
COLORS = (BLUE, ORANGE, GREEN, PURPLE)


def finish_figure(fig: Figure) -> Figure:
    """White card, tight layout, and no second copy by the notebook's own display."""
    fig.set_facecolor("white")
    fig.tight_layout()
    plt.close(fig)
    return fig
