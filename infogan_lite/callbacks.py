"""What to look at while a model trains: a progress bar and a live plot of L_I.

A callback is any function of (model, history); ``train`` calls it after each entry of the
history.
"""

import os

import matplotlib.pyplot as plt
from IPython.display import display
from tqdm.auto import tqdm

from infogan_lite.figures import COLORS, draw_reference
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings
from infogan_lite.training import History


class ProgressBar:
    """A bar with the step, the speed and L_I of each factor.

    It is quiet where the environment variable ``INFOGAN_QUIET`` is set, as in the built book.
    """

    def __init__(self, settings: Settings) -> None:
        self.bar = tqdm(
            total=settings.steps,
            unit="step",
            disable=bool(os.environ.get("INFOGAN_QUIET")),
        )

    def __call__(self, model: InfoGAN, history: History) -> None:
        self.bar.set_postfix({n: f"{v[-1]:.2f}" for n, v in history.bound.items()}, refresh=False)
        self.bar.update(history.step[-1] - self.bar.n)
        if self.bar.n >= self.bar.total:
            self.bar.close()


class LivePlot:
    """A figure under the cell that follows L_I of one factor against its reference line.

    Args:
        settings: of the run, for the code and the number of steps.
        name: the factor to follow.
        every: steps between two drawings; drawing takes time from training.
    """

    def __init__(self, settings: Settings, name: str = "c1", every: int = 200) -> None:
        self.settings, self.name, self.every = settings, name, every
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
        draw_reference(self.ax, self.settings.code, self.name)
        self.ax.set(xlabel="training step", ylabel="nats", xlim=(0, self.settings.steps))
        self.ax.spines[["top", "right"]].set_visible(False)
        self.ax.legend(frameon=False, loc="center right")
        if self.handle is not None:  # None outside of a notebook
            self.handle.update(self.fig)
