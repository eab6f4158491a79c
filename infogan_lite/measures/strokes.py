"""Slant, width and ink of a picture, read from its moments: a ruler that needs no labels.

Treat the ink of a picture as a probability distribution over pixels.  Its mean is the
center; its covariance says how far the ink spreads and how it leans.

Used in chapter 1 to see what z changes, and in chapter 5 to see what c2 and c3 change.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class Shape(NamedTuple):
    """Three measurements of each picture, shape (n,) each.

    ink: the mean gray value, from 0 to 1: how thick the strokes are.
    slant: how many pixels the digit leans to the right for each pixel upwards.
    width: the horizontal spread in pixels (a standard deviation) once the slant is undone.
    """

    ink: Tensor
    slant: Tensor
    width: Tensor


def measure(images: Tensor) -> Shape:
    """Ink, slant and width of pictures of shape (n, 1, h, w) with values in [0, 1].

    With the covariance of the ink, slant = -cov(x, y) / var(y) (y points down), and
    width = sqrt(var(x) - cov(x, y)^2 / var(y)).  An empty picture has slant and width 0.

    Raises:
        ValueError: for pictures of another form, or numbers outside of [0, 1].
    """
    if not isinstance(images, Tensor):
        raise ValueError(f"moments take a tensor of pictures, got {type(images).__name__}")
    _, channels, h, w = images.shape if images.ndim == 4 else (0, 0, 0, 0)
    if channels != 1 or h == 0 or w == 0:
        raise ValueError(f"moments take gray pictures (n, 1, h, w), got {tuple(images.shape)}")
    if not images.is_floating_point():
        raise ValueError(
            f"pictures must be floats in [0, 1], got {images.dtype}: divide bytes by 255"
        )
    if len(images):
        low, high = images.min().item(), images.max().item()
        if not (low >= -1e-3 and high <= 1 + 1e-3):  # NaN is refused too
            raise ValueError(f"ink must lie in [0, 1], got numbers from {low:g} to {high:g}")
    weight = images[:, 0].cpu().double()  # there: not every GPU has numbers of 64 bits
    ink = weight.mean(dim=(1, 2))
    total = weight.sum(dim=(1, 2))
    total = torch.where(total > 0, total, 1)[:, None]
    y, x = (torch.arange(side, dtype=weight.dtype) for side in (h, w))
    rows, columns = weight.sum(dim=2) / total, weight.sum(dim=1) / total  # how much ink is in each
    dy = y - (rows * y).sum(dim=1, keepdim=True)
    dx = x - (columns * x).sum(dim=1, keepdim=True)
    var_y, var_x = (rows * dy**2).sum(dim=1), (columns * dx**2).sum(dim=1)
    cov = torch.einsum("nh,nhw,nw->n", dy, weight, dx) / total[:, 0]
    lean = cov / var_y.clamp_min(1e-6)
    width = (var_x - lean * cov).clamp_min(0).sqrt()
    return Shape(*(value.float().to(images.device) for value in (ink, -lean, width)))
