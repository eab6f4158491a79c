"""A plot of L_I that follows training, under the cell that trains."""

import matplotlib.pyplot as plt
from IPython.display import display

from infogan_lite.figures.colors import COLORS
from infogan_lite.figures.curves import draw_reference, need_factor
from infogan_lite.history import History
from infogan_lite.inputs import whole
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings


class LivePlot:
    """A figure under the cell that follows L_I of one factor against its reference line.

    Args:
        settings: of the run, for the code and the number of steps.
        name: the factor to follow.
        every: steps between two drawings, a multiple of ``settings.log_every``; drawing takes
            time from training.

    Raises:
        ValueError: for a factor that the code does not have, or another number of steps.
    """

    def __init__(self, settings: Settings, name: str = "c1", every: int = 200) -> None:
        need_factor(settings.code, name)
        self.settings, self.name, self.every = settings, name, whole("every", every, 1)
        need_multiple(self.every, settings)
        self.fig, self.ax = plt.subplots(figsize=(7, 3.2))
        self.fig.set_facecolor("white")
        self.handle = display(self.fig, display_id=True)
        plt.close(self.fig)  # the handle shows it; the notebook need not show it again

    def __call__(self, model: InfoGAN, history: History) -> None:
        step = history.step[-1]
        if step % self.every and step != self.settings.steps:
            return
        self.ax.clear()
        label = f"$L_I$ of {self.name}"
        self.ax.plot(history.step, history.bound[self.name], color=COLORS[0], label=label)
        s = self.settings
        draw_reference(self.ax, s.code, self.name, s.sigma, s.kappa)
        self.ax.set(xlabel="training step", ylabel="nats", xlim=(0, self.settings.steps))
        self.ax.spines[["top", "right"]].set_visible(False)
        self.ax.legend(frameon=False, loc="center right")
        if self.handle is not None:  # None outside of a notebook
            self.handle.update(self.fig)


def need_multiple(every: int, settings: Settings) -> None:
    """Refuse a distance that no callback can keep."""
    if every % (log := settings.log_every):
        text = f"every must be a multiple of log_every, which is {log}, got {every}"
        raise ValueError(f"{text}: callbacks are called each {log} steps")
