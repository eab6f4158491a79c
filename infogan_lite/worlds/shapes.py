"""Flat shapes of known kind, size, angle and place.

Used in chapter 7.  After dSprites (Matthey et al., 2017), but made on demand and with
smooth edges.
"""

import math

import torch
from torch import Tensor

from infogan_lite.worlds.scene import Factor, Factored, as_factors, in_chunks, make, pixels

SHAPES = (
    Factor("shape", 0, 2, discrete=True),  # 0 square, 1 ellipse, 2 heart
    Factor("scale", 0.5, 1.0),  # side of a square of the same area, in SIDEs
    Factor("rotation", 0.0, 2 * math.pi),  # radians, counterclockwise
    Factor("x", -0.25, 0.25),  # center of mass, in widths of the picture, to the right
    Factor("y", -0.25, 0.25),  # the same upward
)
SIDE = 0.3  # side of the square of scale 1, in widths of the picture


def shapes(
    n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """White shapes on black, shape (n, 1, size, size), with independent uniform factors.

    The factors: shape (0 square, 1 ellipse, 2 heart); scale in [0.5, 1], where the area is
    proportional to its square and the same for all three; rotation in radians,
    counterclockwise, over the full circle (a square looks the same after a quarter of it, an
    ellipse after half); x and y, the center of mass, in widths of the picture from its
    middle, to the right and upward.

    Raises:
        ValueError: if n < 1 or size < 8.
    """
    return make(SHAPES, render_shapes, n, seed, size, device)


def render_shapes(factors: Tensor, size: int = 32) -> Tensor:
    """Pictures (n, 1, size, size) of given factors (n, 5), on the factors' device.

    Raises:
        ValueError: for factors of another shape or outside of their ranges, or size < 8.
    """

    def paint(rows: Tensor) -> Tensor:
        shape, scale, angle, x, y = rows.T[:, :, None]
        right, up = pixels(size, 0.5, rows)
        right, up = right - x, up - y
        unit = SIDE * scale
        u = (right * angle.cos() + up * angle.sin()) / unit
        v = (up * angle.cos() - right * angle.sin()) / unit
        distance = torch.where(shape == 0, _square(u, v), _ellipse(u, v))
        distance = torch.where(shape == 2, _heart(u, v), distance) * unit
        # A pixel's coverage grows from 0 to 1 while the edge passes over it.
        return (0.5 - distance * size).clamp(0, 1).view(-1, 1, size, size)

    return in_chunks(paint, as_factors(SHAPES, factors), size, chunk=64)


# Signed distances to the edge, negative inside.  Each shape has area 1 and its center of
# mass in the origin.


def _square(u: Tensor, v: Tensor) -> Tensor:
    du, dv = u.abs() - 0.5, v.abs() - 0.5
    return torch.hypot(du.clamp(min=0), dv.clamp(min=0)) + torch.maximum(du, dv).clamp(max=0)


def _ellipse(u: Tensor, v: Tensor) -> Tensor:
    """Twice as long as wide; exact to first order, which is all that the edge needs."""
    a, b = math.sqrt(2 / math.pi), math.sqrt(0.5 / math.pi)
    level = torch.hypot(u / a, v / b)
    slope = torch.hypot(u / a**2, v / b**2).clamp(min=1e-6)
    return level * (level - 1) / slope


def _heart(u: Tensor, v: Tensor) -> Tensor:
    """A square that stands on its corner, with half a disc on each of its two upper sides."""
    unit = math.sqrt(0.5 + math.pi / 8)  # the root of its area when the square's diagonal is 1
    middle = (0.25 + math.pi / 8 * (0.75 + 1 / (3 * math.pi))) / unit**2
    u, v = u.abs() * unit, v * unit + middle
    disc = torch.hypot(u - 0.25, v - 0.75) - math.sqrt(0.125)
    along = (u + v).clamp(min=0) / 2  # the nearest point of the side is (along, along)
    edge = torch.minimum(torch.hypot(u - along, v - along), torch.hypot(u, v - 1))
    return torch.where(u + v > 1, disc, edge * (u - v).sign()) / unit
