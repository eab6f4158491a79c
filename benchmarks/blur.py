"""Blurred pictures for D and Q at first, and sharper ones as training goes on.

Where a picture changes by large steps, as a thin leg that moves, D tells G's pictures from real
ones by details before there is a whole.  Blurred, both are shapes first and details later.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from infogan_lite.history import Run


@contextmanager
def blurred(run: Run, pixels: float, steps: int) -> Iterator[None]:
    """While this lasts, D's trunk sees all pictures blurred, real and generated ones alike.

    pixels: the standard deviation of the blur before the first step; it falls in a line.
    steps: after so many there is none.
    """

    def fading(trunk: torch.nn.Module, given: tuple[Tensor]) -> Tensor | None:
        left = 1 - run.step / steps
        if left <= 0:
            handle.remove()  # so what training returns, a copy, is without it
        return gaussian(*given, pixels * left) if left > 0 and trunk is run.model.D.trunk else None

    handle = run.model.D.trunk.register_forward_pre_hook(fading)
    try:
        yield
    finally:
        handle.remove()


def gaussian(x: Tensor, pixels: float) -> Tensor:
    """Pictures (n, channels, h, w) blurred by a Gaussian of so many pixels, cut off at the border.

    What lies beyond the border counts for nothing: weights are shares of what is inside.
    """
    down, right = (weights(side, pixels).to(x) for side in x.shape[2:])
    return down @ x @ right.T


def weights(side: int, pixels: float) -> Tensor:
    """How much each of ``side`` pixels in a row counts for each, (side, side); rows add up to 1."""
    place = torch.arange(side, dtype=torch.float64)
    return (-0.5 * ((place[:, None] - place) / pixels) ** 2).softmax(dim=1)
