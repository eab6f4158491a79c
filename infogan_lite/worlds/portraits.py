"""Portraits in color: heads with hair, with or without glasses, glad or sad.

Used from chapter 8 on, in place of CelebA (the paper's Figure 6) where there is no network.
The head is that of ``infogan_lite.worlds.heads``; hair, glasses and mouth are painted on it.
"""

import math

import torch
from torch import Tensor

from infogan_lite.worlds.heads import BALL, covered, lambert, march, people, surface
from infogan_lite.worlds.scene import (
    Factor,
    Factored,
    as_factors,
    hues,
    in_chunks,
    make,
    rotation,
    shrink,
)

PORTRAITS = (
    Factor("azimuth", -0.8, 0.8),  # radians; positive: the face looks to the right
    Factor("glasses", 0, 1, discrete=True),  # without or with
    Factor("hair", 0, 3, discrete=True),  # bald, short, a fringe, long
    Factor("emotion", -1.0, 1.0),  # the corners of the mouth, down to up
    Factor("shade", 0.0, 1.0),  # of the hair, dark to fair
    Factor("skin", 0.0, 1.0),  # dark to fair
    Factor("wall", -math.pi, math.pi),  # hue of what is behind, radians
    Factor("identity", 0, 19, discrete=True),  # whose head: 20 sets of features
)
THICKER = [12, 15, 16, 17]  # rows of BUMPS: beside the jaw, the back, below it, the top
MOUTH = 10  # its row of BUMPS; here it is painted instead
# For each kind of hair: where it begins, as a height on the head in front (z = 1) and behind
# the ears (z < 0), where it ends below, and what it adds to the bumps that it makes thicker.
HAIR = torch.tensor(
    [
        [9.0, 9.0, 9.0, 0.00, 0.00, 0.00, 0.00],  # bald: begins nowhere
        [0.62, 0.10, -0.45, 0.00, 0.06, 0.00, 0.10],  # short
        [0.36, -0.55, -0.55, 0.06, 0.10, 0.10, 0.14],  # a fringe
        [0.66, -1.00, -2.00, 0.20, 0.16, 0.42, 0.16],  # long
    ]
)
DARK, FAIR = (0.12, 0.07, 0.05), (0.95, 0.78, 0.42)  # hair
BROWN, PALE = (0.55, 0.34, 0.22), (1.0, 0.83, 0.72)  # skin
FRAME, LIPS = (0.05, 0.05, 0.08), (0.50, 0.10, 0.12)


def portraits(
    n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """Faces in color, shape (n, 3, size, size), with independent uniform factors.

    The factors: azimuth (pose) in radians, positive to the right; glasses, without (0) or
    with (1); hair, 0 bald, 1 short, 2 a fringe, 3 long; emotion, from sad (-1) to glad (1);
    shade of the hair and skin, from dark (0) to fair (1); wall, the hue behind, in radians;
    identity, 0 to 19, whose nose, brow and chin they are.  The light stays in front.

    Raises:
        ValueError: if n < 1 or size < 8.
    """
    return make(PORTRAITS, render_portraits, n, seed, size, device)


def render_portraits(factors: Tensor, size: int = 32) -> Tensor:
    """Pictures (n, 3, size, size) of given factors (n, 8), on the factors' device.

    Raises:
        ValueError: for factors of another shape or outside of their ranges, or size < 8.
    """
    bumps_of, kinds = people().to(factors.device), HAIR.to(factors.device)

    def paint(rows: Tensor) -> Tensor:
        azimuth, glasses, hair, emotion, shade, skin, wall, identity = rows.T
        turn = rotation(azimuth, torch.zeros_like(azimuth))
        kind, bumps = kinds[hair.long()], bumps_of[identity.long()].clone()
        bumps[:, THICKER, 0] += kind[:, 3:]
        bumps[:, [*THICKER, MOUTH], 1] = 0.0
        axes = BALL.to(rows).expand(len(rows), 3)
        point = march(turn, axes, bumps, 2 * size)
        u, normal, above, albedo = surface(point, axes, bumps)
        color = _mix(skin, BROWN, PALE) * (0.95 + albedo).clamp(0.1, 1)[..., None]
        color = _over(color, _mouth(u, emotion), _one(LIPS, rows))
        color = _over(color, _hair(u, kind), _mix(shade, DARK, FAIR))
        color = _over(color, _frame(u) * glasses[:, None], _one(FRAME, rows))
        color = color * lambert(normal, turn, torch.zeros_like(azimuth))[..., None]
        behind = (0.5 + 0.12 * hues(wall))[:, None].expand_as(color)  # muted
        picture = _over(behind, covered(above, size), color)
        return torch.cat([shrink(channel, size) for channel in picture.unbind(2)], dim=1)

    return in_chunks(paint, as_factors(PORTRAITS, factors), size, chunk=4)


def _over(below: Tensor, mask: Tensor, color: Tensor) -> Tensor:
    """Paint a color (n, pixels, 3) over another where the mask (n, pixels) says so."""
    return below + mask[..., None] * (color - below)


def _one(color: tuple[float, ...], like: Tensor) -> Tensor:
    return torch.tensor(color).to(like).view(1, 1, 3)


def _mix(part: Tensor, first: tuple[float, ...], second: tuple[float, ...]) -> Tensor:
    """Colors between two, (n, 1, 3): the first for 0, the second for 1."""
    a, b = _one(first, part), _one(second, part)
    return a + part.view(-1, 1, 1) * (b - a)


def _soft(x: Tensor, width: float = 0.04) -> Tensor:
    """0 where x is negative, 1 where it is positive, and smooth between."""
    return torch.sigmoid(x / width)


def _hair(u: Tensor, kind: Tensor) -> Tensor:
    """Where hair is, (n, pixels), at directions u (n, pixels, 3)."""
    front, side, end = kind[:, :3, None].unbind(1)
    y, z = u[..., 1], u[..., 2]
    line = side + (front - side) * _soft(z - 0.42, 0.06)
    return _soft(y - line) * _soft(y - end)


def _frame(u: Tensor) -> Tensor:
    """Where the frame of glasses is: two rings, a bridge, and the sides to the ears."""
    x, y, z = u[..., 0].abs(), u[..., 1], u[..., 2]
    gap = ((x - 0.33) ** 2 + (y - 0.11) ** 2).sqrt()
    ring = _soft(0.055 - (gap - 0.2).abs(), 0.015)
    bridge = _soft(0.05 - (y - 0.14).abs(), 0.015) * _soft(0.16 - x, 0.02)
    sides = _soft(0.05 - (y - 0.14).abs(), 0.015) * _soft(x - 0.5, 0.02) * _soft(z, 0.05)
    front = _soft(z - 0.3, 0.05)
    return torch.maximum(torch.maximum(ring, bridge) * front, sides)


def _mouth(u: Tensor, emotion: Tensor) -> Tensor:
    """Where the lips are: a line that bends up at its ends, or down."""
    x, y, z = u[..., 0].abs(), u[..., 1], u[..., 2]
    bow = 2.2 * emotion[:, None] * (x**2 - 0.045)
    line = _soft(0.06 - (y + 0.43 - bow).abs(), 0.015)
    return line * _soft(0.36 - x, 0.02) * _soft(z, 0.05)
