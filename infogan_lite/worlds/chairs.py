"""Chairs of a few styles, turned all the way round and widened.

Used from chapter 7 on, in place of the 3D models of the paper's Figure 4.  A chair is a
handful of boxes.
"""

import math

import torch
from torch import Tensor

from infogan_lite.worlds.scene import (
    Factor,
    Factored,
    as_factors,
    in_chunks,
    make,
    pixels,
    rotation,
    shrink,
)

CHAIRS = (
    Factor("azimuth", -math.pi, math.pi),  # radians; 0 faces the viewer, positive to the right
    Factor("width", 0.7, 1.3),  # narrow to wide, in widths of the average chair
    Factor("style", 0, 5, discrete=True),  # which legs and which back
)
EXTENT = 1.3  # half of the picture's side; a chair is 2 high
ELEVATION = -0.38  # radians: the viewer looks down on the chair a little
LIGHT = (-0.55, 0.75, 0.45)  # from the upper left, toward the viewer

SEAT = (0.0, -0.06, 0.0, 0.56, 0.07, 0.54)  # a box: middle (x, y, z) and half its lengths
LEGS = [(x, -0.56, z, 0.055, 0.44, 0.055) for x in (-0.49, 0.49) for z in (-0.47, 0.47)]
SHORT_LEGS = [(x, -0.50, z, 0.08, 0.38, 0.08) for x in (-0.46, 0.46) for z in (-0.44, 0.44)]
COLUMN = [
    (0.0, -0.5, 0.0, 0.08, 0.4, 0.08),
    (0.0, -0.94, 0.0, 0.5, 0.05, 0.08),
    (0.0, -0.94, 0.0, 0.08, 0.05, 0.5),
]
RUNNERS = [(x, -0.93, 0.0, 0.06, 0.06, 0.54) for x in (-0.49, 0.49)]
PANEL = [(0.0, 0.5, -0.48, 0.54, 0.46, 0.06)]
POSTS = [(x, 0.45, -0.48, 0.055, 0.5, 0.055) for x in (-0.49, 0.49)]
RAILS = [(0.0, y, -0.48, 0.48, 0.09, 0.04) for y in (0.36, 0.82)]
SLATS = [(x, 0.45, -0.48, 0.045, 0.44, 0.03) for x in (-0.24, 0.0, 0.24)]
TOP = [(0.0, 0.88, -0.48, 0.54, 0.08, 0.06)]
LOW_PANEL = [(0.0, 0.52, -0.48, 0.46, 0.30, 0.05)]
ARMS = [(x, 0.32, 0.02, 0.06, 0.05, 0.5) for x in (-0.52, 0.52)]
ARM_POSTS = [(x, 0.14, 0.44, 0.05, 0.15, 0.05) for x in (-0.52, 0.52)]

STYLES = (
    [SEAT, *LEGS, *PANEL],
    [SEAT, *LEGS, *POSTS, *RAILS],
    [SEAT, *LEGS, *POSTS, *TOP, *SLATS],
    [SEAT, *COLUMN, *LOW_PANEL, (0.0, 0.1, -0.48, 0.08, 0.2, 0.03)],
    [SEAT, *LEGS[1::2], *LEGS[::2], *RUNNERS, *POSTS, *RAILS[1:]],
    [SEAT, *SHORT_LEGS, *PANEL, *ARMS, *ARM_POSTS],
)


def chairs(
    n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """Shaded chairs on white, shape (n, 1, size, size), with independent uniform factors.

    The factors: azimuth in radians over the full circle, where 0 faces the viewer and
    positive turns to the right; width, from narrow to wide, in widths of the average chair;
    style, 0 to 5, four-legged, on a column, on runners or with arms.  The viewer looks down
    by 0.38 radians, and the light stays with the viewer: as a chair turns, its sides change
    their brightness.

    Raises:
        ValueError: if n < 1 or size < 8.
    """
    return make(CHAIRS, render_chairs, n, seed, size, device)


def render_chairs(factors: Tensor, size: int = 32) -> Tensor:
    """Pictures (n, 1, size, size) of given factors (n, 3), on the factors' device.

    Raises:
        ValueError: for factors of another shape or outside of their ranges, or size < 8.
    """
    styles = _boxes().to(factors.device)

    def paint(rows: Tensor) -> Tensor:
        azimuth, width, style = rows.T
        turn = rotation(azimuth, torch.full_like(azimuth, ELEVATION))
        boxes = styles[style.long()] * torch.ones_like(styles[0, 0])
        boxes[..., [0, 3]] = boxes[..., [0, 3]] * width[:, None, None]
        return shrink(_trace(turn, boxes, 2 * size), size)

    return in_chunks(paint, as_factors(CHAIRS, factors), size, chunk=8)


def _boxes() -> Tensor:
    """All styles in one table, (styles, boxes, 6); a style with few boxes repeats its seat."""
    most = max(len(style) for style in STYLES)
    return torch.tensor([style + [SEAT] * (most - len(style)) for style in STYLES])


def _trace(turn: Tensor, boxes: Tensor, size: int) -> Tensor:
    """What each pixel sees: the face of a box, or white.

    A straight way enters a box through the last of the three pairs of planes that it crosses,
    unless it has left another pair before.

    Returns:
        Shape (n, pixels).
    """
    x, y = pixels(size, EXTENT, turn)
    start = torch.stack([x, y, torch.zeros_like(x)], dim=1) @ turn  # (n, pixels, 3)
    ahead = -turn[:, 2]  # the same for all pixels, (n, 3)
    ahead = torch.where(ahead.abs() < 1e-6, torch.full_like(ahead, 1e-6), ahead)
    enter, leave, face = None, None, None
    for axis, shade in enumerate(_faces(turn).unbind(1)):
        pace = 1 / ahead[:, axis, None]
        center = boxes[:, None, :, axis] * pace[..., None]
        reach = boxes[:, None, :, 3 + axis] * pace.abs()[..., None]
        at = center - (start[..., axis] * pace)[..., None]  # (n, pixels, boxes)
        near, far, shade = at - reach, at + reach, shade[:, None, None]
        if axis == 0:
            enter, leave, face = near, far, shade
        else:
            face = torch.where(near > enter, shade, face)
            enter, leave = torch.maximum(enter, near), torch.minimum(leave, far)
    enter = enter.masked_fill(enter > leave, torch.inf)
    depth, first = enter.min(dim=2, keepdim=True)
    seen = face.gather(2, first)
    return torch.where(depth < torch.inf, seen, torch.ones_like(seen))[..., 0]


def _faces(turn: Tensor) -> Tensor:
    """Brightness of the visible face across each axis, (n, 3), by Lambert's law."""
    light = torch.tensor(LIGHT).to(turn)
    cosine = turn[:, 2].sign() * ((light / light.norm()) @ turn)
    return 0.2 + 0.65 * cosine.clamp(min=0)
