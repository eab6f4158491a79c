"""House numbers: handwritten digits in color, with neighbors cut off at the edges.

Used from chapter 7 on, in place of SVHN (the paper's Figure 5) where there is no network.  The
digits are the embedded ones of MNIST.
"""

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from infogan_lite.datasets.digits import digits
from infogan_lite.worlds.scene import Factor, Factored, as_factors, hues, in_chunks, make, pixels

STREETS = (
    Factor("digit", 0, 9, discrete=True),  # the central digit
    Factor("left", 0, 9, discrete=True),  # its neighbors
    Factor("right", 0, 9, discrete=True),
    Factor("lighting", -1.0, 1.0),  # dark to bright: from 0.6 to 1.6 times the colors
    Factor("gradient", -1.0, 1.0),  # where the light falls: from the left or from the right
    Factor("color", -math.pi, math.pi),  # hue of the wall, radians
    Factor("ink", -math.pi, math.pi),  # hue of the digits, radians
    Factor("bright_ink", 0, 1, discrete=True),  # 0 dark on bright, 1 bright on dark
    Factor("blur", 0.0, 1.0),  # standard deviation, in 1/32 of the picture
    Factor("writing", 0, 349, discrete=True),  # which of the 350 examples of each digit
)
ZOOM = 1.2  # a digit of 20 pixels becomes 24 of 32
SPACING = 0.62  # between the middles of neighbors, in widths of the picture


def streets(
    n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """House numbers, shape (n, 3, size, size), with independent uniform factors.

    The factors: digit in the middle, digits to its left and right; lighting, dark (-1) to
    bright (1), and gradient, light from the left (-1) or from the right (1); color and ink,
    hues of wall and digits in radians; bright_ink, whether the digits are the brighter ones;
    blur, a standard deviation in 1/32 of the picture; writing, which of the 350 examples of
    each digit is taken (all three digits of a picture come from different ones).

    Raises:
        ValueError: if n < 1 or size < 8.
    """
    return make(STREETS, render_streets, n, seed, size, device)


def render_streets(factors: Tensor, size: int = 32) -> Tensor:
    """Pictures (n, 3, size, size) of given factors (n, 10), on the factors' device.

    Raises:
        ValueError: for factors of another shape or outside of their ranges, or size < 8.
    """
    factors = as_factors(STREETS, factors)
    hand = _handwriting().to(factors.device)

    def paint(rows: Tensor) -> Tensor:
        digit, left, right, lighting, gradient, color, ink, bright_ink, blur, writing = rows.T
        number = _number(hand, torch.stack([left, digit, right], dim=1), writing, size)
        wall, paint = _colors(color, 1 - bright_ink), _colors(ink, bright_ink)
        picture = wall + number * (paint - wall)
        x, y = pixels(size, 1.0, rows)
        slope = 1 + 0.35 * gradient[:, None] * x + 0.08 * y  # a little brighter at the top
        light = 2 ** (0.7 * lighting[:, None]) * slope
        return _blur(picture * light.view(-1, 1, size, size), blur)

    return in_chunks(paint, factors, size, chunk=128)


@cache  # the digits come as text, which takes a second to read
def _handwriting() -> Tensor:
    """The embedded digits in order, shape (10, 350, 28, 28)."""
    data = digits()
    order = data.y_train.argsort(stable=True)
    return data.x_train[order].view(10, 350, 28, 28)


def _number(hand: Tensor, digits: Tensor, writing: Tensor, size: int) -> Tensor:
    """Three digits (n, 3) side by side, as ink of shape (n, 1, size, size) in [0, 1]."""
    x, y = pixels(size, 1.0, writing)
    example = (writing[:, None].long() + torch.tensor([117, 0, 233]).to(writing.device)) % 350
    images = hand[digits.long(), example]  # (n, 3, 28, 28)
    scale = 32 / (28 * ZOOM)  # the digit's box of 28 pixels is a little wider than the picture
    ink = []
    for place in range(3):
        moved = torch.stack([x - (place - 1) * 2 * SPACING, -y], dim=1) * scale
        grid = moved.view(1, size, size, 2).expand(len(images), -1, -1, -1)
        ink.append(F.grid_sample(images[:, place : place + 1], grid, align_corners=False))
    return torch.stack(ink).amax(dim=0)


def _colors(hue: Tensor, bright: Tensor) -> Tensor:
    """Muted colors (n, 3, 1, 1) of a hue in radians, bright (1) or dark (0)."""
    value = 0.17 + 0.35 * bright[:, None]
    return (value * (1 + 0.3 * hues(hue)))[..., None, None]


def _blur(pictures: Tensor, sigma: Tensor) -> Tensor:
    """Blur each picture by its own sigma, in 1/32 of its side; rows and columns in turn."""
    size = pictures.shape[-1]
    i = torch.arange(size, device=sigma.device, dtype=sigma.dtype)
    squares = (i[:, None] - i) ** 2
    width = (sigma * size / 32).clamp(min=1e-2)[:, None, None]
    weights = (-squares / (2 * width**2)).clamp(min=-60).exp()
    weights = (weights / weights.sum(dim=2, keepdim=True))[:, None]
    return weights @ pictures @ weights.transpose(2, 3)
