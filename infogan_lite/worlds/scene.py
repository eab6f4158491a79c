"""What all rendered data sets share: factors, their ranges, and a canvas to draw on.

Used in chapter 7.  A rendered picture is a pure function of its factors: the same row of
the table gives the same picture, so one factor can be moved while all others stay.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from infogan_lite.inputs import whole


class Factor(NamedTuple):
    """One factor of a data set and its range, both ends included.

    A discrete factor takes the whole numbers from ``low`` to ``high``, a continuous one any
    number between them.  Angles are in radians; other units are told by each data set.
    """

    name: str
    low: float
    high: float
    discrete: bool = False


class Factored(NamedTuple):
    """Pictures with the factors that made them.  The factors are for measuring only.

    images: shape (n, channels, h, w), float32 in [0, 1].
    factors: shape (n, k), float32, one column a factor.
    names: the k factors' names.
    discrete: for each factor, whether it counts or measures.
    """

    images: Tensor
    factors: Tensor
    names: tuple[str, ...]
    discrete: tuple[bool, ...]


def draw(space: tuple[Factor, ...], n: int, seed: int = 0) -> Tensor:
    """Independent uniform factors, shape (n, k).  Drawn on the CPU: the same on every device.

    Raises:
        ValueError: if n is no whole number from 1 on, or seed none.
    """
    n, seed = whole("n", n, least=1), whole("seed", seed)
    u = torch.rand(n, len(space), generator=torch.Generator().manual_seed(seed))
    columns = [
        (f.low + u[:, j] * (f.high - f.low + 1)).floor().clamp(f.low, f.high)
        if f.discrete
        else f.low + u[:, j] * (f.high - f.low)
        for j, f in enumerate(space)
    ]
    return torch.stack(columns, dim=1)


def as_factors(space: tuple[Factor, ...], factors: Tensor) -> Tensor:
    """The factors as float32 of shape (n, k), on their device.

    Raises:
        ValueError: for a wrong shape or kind, a value outside its range, or a fraction of a
            category.
    """
    try:
        factors = torch.as_tensor(factors)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"factors must be a table of real numbers: {error}") from error
    if factors.is_complex():
        raise ValueError(f"factors must be a table of real numbers, got {factors.dtype}")
    factors = factors.float()
    names = ", ".join(f.name for f in space)
    if factors.ndim != 2 or factors.shape[0] < 1 or factors.shape[1] != len(space):
        raise ValueError(
            f"factors must have the shape (n, {len(space)}): {names}, got {tuple(factors.shape)}"
        )
    for j, f in enumerate(space):
        x, slack = factors[:, j], 1e-5 * max(abs(f.low), abs(f.high))
        wrong = ~((x >= f.low - slack) & (x <= f.high + slack))  # NaN is wrong too
        if wrong.any():
            found = x[wrong][0].item()
            raise ValueError(f"{f.name} must lie in [{f.low:.4g}, {f.high:.4g}], got {found:.4g}")
        if f.discrete and (wrong := x != x.round()).any():
            raise ValueError(f"{f.name} counts: whole numbers only, got {x[wrong][0].item():.4g}")
    return factors


def make(
    space: tuple[Factor, ...],
    render: Callable[[Tensor, int], Tensor],
    n: int,
    seed: int,
    size: int,
    device: str | torch.device | None,
) -> Factored:
    """Draw n rows of factors and render them on a device."""
    size = whole("size", size, least=8)
    factors = draw(space, n, seed).to(device or "cpu")
    names = tuple(f.name for f in space)
    return Factored(render(factors, size), factors, names, tuple(f.discrete for f in space))


def in_chunks(paint: Callable[[Tensor], Tensor], factors: Tensor, size: int, chunk: int) -> Tensor:
    """Paint a few rows at a time, so that what is large stays in the processor's cache.

    Raises:
        ValueError: if the pictures would be smaller than 8 x 8.
    """
    whole("size", size, least=8)
    if factors.is_cuda:
        chunk *= 16  # a GPU wants larger bites
    with torch.no_grad():
        return torch.cat([paint(part) for part in factors.split(chunk)]).clamp(0, 1)


def pixels(size: int, extent: float, like: Tensor) -> tuple[Tensor, Tensor]:
    """x to the right and y upward at pixels' centers, (size * size,), in -extent..extent."""
    steps = (torch.arange(size, device=like.device, dtype=like.dtype) * 2 + 1) / size - 1
    return extent * steps.repeat(size), -extent * steps.repeat_interleave(size)


def shrink(fine: Tensor, size: int) -> Tensor:
    """Fine pixels (n, (times * size)^2) to their means in coarse ones, (n, 1, size, size)."""
    times = round((fine.shape[1] ** 0.5) / size)
    return fine.view(-1, 1, size, times, size, times).mean(dim=(3, 5))


def hues(angle: Tensor) -> Tensor:
    """Red, green and blue in [-1, 1], shape (n, 3), of hues in radians, (n,): 0 is red."""
    phase = torch.tensor([0.0, 2.0, 4.0]).to(angle) * math.pi / 3
    return (angle[:, None] - phase).cos()


def rotation(azimuth: Tensor, elevation: Tensor) -> Tensor:
    """Matrices (n, 3, 3) from an object to the viewer, who looks down the axis z.

    The object's front, (0, 0, 1), turns to the right by ``azimuth`` and then upward by
    ``elevation``, both of shape (n,), in radians.
    """
    one, zero = torch.ones_like(azimuth), torch.zeros_like(azimuth)
    c, s = azimuth.cos(), azimuth.sin()
    turn = torch.stack([c, zero, s, zero, one, zero, -s, zero, c], dim=1)
    c, s = elevation.cos(), elevation.sin()
    tilt = torch.stack([one, zero, zero, zero, c, s, zero, -s, c], dim=1)
    return tilt.view(-1, 3, 3) @ turn.view(-1, 3, 3)
