"""A progress bar for training.

A callback is any function of (model, history); ``train`` calls it after each entry of the
history.
"""

import os

from tqdm.auto import tqdm

from infogan_lite.history import History
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings


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
