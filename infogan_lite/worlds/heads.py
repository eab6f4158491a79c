"""Heads in three dimensions, turned, tilted, lit and widened.

Used from chapter 7 on, in place of the face model of the paper's Figure 3, which is not free.
A head is a ball with bumps: its radius in the direction u is 1 plus a sum of Gaussians in u.
"""

import torch
import torch.nn.functional as F
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

HEADS = (
    Factor("azimuth", -1.3, 1.3),  # radians; positive: the face looks to the right
    Factor("elevation", -0.5, 0.5),  # radians; positive: the face looks up
    Factor("light", -1.4, 1.4),  # radians; positive: the light comes from the right
    Factor("width", 0.75, 1.25),  # narrow to wide, in widths of the average head
    Factor("identity", 0, 19, discrete=True),  # whose head: 20 sets of features
)
EXTENT = 1.18  # half of the picture's side; the average head is 2 high
STEPS = 7

# The bumps: middle (x, y, z) on the ball, half-widths (x, y, z), height, albedo.  x is taken
# without its sign, so that one row makes both eyes.  z points out of the face.
BUMPS = torch.tensor(
    [
        [0.00, 0.06, 1.00, 0.09, 0.17, 0.50, 0.09, 0.00],  # bridge of the nose
        [0.00, -0.12, 1.00, 0.10, 0.09, 0.50, 0.17, 0.03],  # tip of the nose
        [0.11, -0.17, 0.98, 0.06, 0.05, 0.50, 0.04, -0.05],  # wings of the nose
        [0.31, 0.12, 0.94, 0.15, 0.11, 0.50, -0.12, -0.10],  # eye sockets
        [0.32, 0.10, 0.94, 0.09, 0.06, 0.50, 0.06, 0.15],  # eyeballs
        [0.32, 0.10, 0.94, 0.05, 0.05, 0.50, 0.00, -0.85],  # pupils
        [0.30, 0.29, 0.91, 0.18, 0.06, 0.50, 0.06, -0.30],  # brows
        [0.50, -0.16, 0.85, 0.18, 0.16, 0.50, 0.05, 0.04],  # cheeks
        [0.00, -0.37, 0.93, 0.15, 0.04, 0.50, 0.06, -0.08],  # upper lip
        [0.00, -0.48, 0.88, 0.13, 0.05, 0.50, 0.06, -0.08],  # lower lip
        [0.00, -0.42, 0.90, 0.19, 0.025, 0.50, -0.05, -0.45],  # mouth
        [0.00, -0.78, 0.62, 0.25, 0.17, 0.40, 0.16, 0.00],  # chin
        [0.80, -0.60, 0.20, 0.35, 0.35, 0.50, -0.09, 0.00],  # below the cheekbones
        [0.85, 0.30, 0.50, 0.25, 0.30, 0.25, -0.05, 0.00],  # temples
        [1.00, 0.02, -0.10, 0.45, 0.17, 0.10, 0.09, -0.03],  # ears
        [0.00, 0.35, -0.95, 0.80, 0.60, 0.60, 0.08, -0.25],  # back of the head
        [0.00, -0.80, -0.60, 0.70, 0.40, 0.45, -0.25, 0.00],  # below it
        [0.00, 1.00, -0.30, 0.70, 0.42, 0.60, 0.03, -0.25],  # top of the head
    ]
)
BALL = torch.tensor([0.76, 1.0, 0.88])  # half-axes of the average head, without its bumps


def heads(
    n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """Shaded heads on black, shape (n, 1, size, size), with independent uniform factors.

    The factors: azimuth (pose), elevation and light in radians, where positive is right, up
    and light from the right; width, from narrow to wide, in widths of the average head;
    identity, 0 to 19, whose nose, brow and chin they are.

    Raises:
        ValueError: if n < 1 or size < 8.
    """
    return make(HEADS, render_heads, n, seed, size, device)


def render_heads(factors: Tensor, size: int = 32) -> Tensor:
    """Pictures (n, 1, size, size) of given factors (n, 5), on the factors' device.

    Raises:
        ValueError: for factors of another shape or outside of their ranges, or size < 8.
    """
    bumps_of = people().to(factors.device)

    def paint(rows: Tensor) -> Tensor:
        azimuth, elevation, light, width, identity = rows.T
        turn = rotation(azimuth, elevation)
        bumps = bumps_of[identity.long()]
        axes = BALL.to(rows)[None] * torch.stack([width, *torch.ones_like(rows.T[:2])], dim=1)
        point = march(turn, axes, bumps, 2 * size)
        _, normal, above, albedo = surface(point, axes, bumps)
        brightness = (0.88 + albedo).clamp(0.05, 1) * lambert(normal, turn, light)
        return shrink(covered(above, size) * brightness, size)

    return in_chunks(paint, as_factors(HEADS, factors), size, chunk=4)


def people() -> Tensor:
    """Heights and albedos of the bumps of 20 people, shape (20, bumps, 2); the same always."""
    noise = torch.randn(20, len(BUMPS), 2, generator=torch.Generator().manual_seed(1))
    return BUMPS[:, 6:] * (1 + 0.35 * noise.clamp(-2, 2))


def _gaussians(u: Tensor) -> Tensor:
    """The bumps at directions u (..., 3): shape (..., bumps).

    The exponent is a quadratic in u, so one matrix product gives all of them.
    """
    middle, precision = BUMPS[:, :3].to(u), 1 / BUMPS[:, 3:6].to(u) ** 2
    u = torch.cat([u[..., :1].abs(), u[..., 1:]], dim=-1)
    constant = -0.5 * (precision * middle**2).sum(1)
    matrix = torch.cat([-0.5 * precision, precision * middle], dim=1).T
    return (torch.cat([u**2, u], dim=-1) @ matrix + constant).clamp_(min=-30).exp_()


def march(turn: Tensor, axes: Tensor, bumps: Tensor, size: int) -> Tensor:
    """Walk from each pixel toward the head until its surface, on a coarse grid, then a fine one.

    Space is scaled so that the head without bumps is the unit ball.

    Returns:
        The point nearest to the surface on each pixel's way, (n, pixels, 3).
    """
    ahead = -turn[:, 2:3] / axes[:, None]  # one step into the picture, (n, 1, 3)
    length = ahead.norm(dim=2)
    start = _starts(turn, axes, size // 2)
    middle = -(start * ahead).sum(2) / length**2  # the step nearest to the head's middle
    gap = (start + middle[..., None] * ahead).norm(dim=2)
    step = middle - (1.3**2 - gap**2).clamp(min=0).sqrt() / length  # out of the reach of bumps
    best, nearest = step, torch.full_like(step, 9.0)
    for _ in range(STEPS):
        left = _height(start + step[..., None] * ahead, bumps)
        best = torch.where(left < nearest, step, best)
        nearest = torch.minimum(left, nearest)
        step = torch.minimum(step + 0.85 * left / length, middle + 0.35)
    start = _starts(turn, axes, size)
    coarse = best.view(-1, 1, size // 2, size // 2)
    step = F.interpolate(coarse, scale_factor=2.0, mode="bilinear").flatten(1)
    for _ in range(2):
        step = step + 0.7 * _height(start + step[..., None] * ahead, bumps) / length
    return start + step[..., None] * ahead


def _starts(turn: Tensor, axes: Tensor, size: int) -> Tensor:
    """Where the pixels' ways cross the plane through the head's middle, (n, pixels, 3)."""
    x, y = pixels(size, EXTENT, axes)
    return torch.stack([x, y, torch.zeros_like(x)], dim=1) @ turn / axes[:, None]


def _height(point: Tensor, bumps: Tensor) -> Tensor:
    """How far points (n, pixels, 3) lie above the surface, along the radius."""
    radius = point.norm(dim=2)
    return radius - 1 - (_gaussians(point / radius[..., None]) @ bumps[..., :1])[..., 0]


def surface(point: Tensor, axes: Tensor, bumps: Tensor) -> tuple[Tensor, ...]:
    """What is known of points (n, pixels, 3) near the surface.

    Returns:
        Their directions and the normals there, (n, pixels, 3) both; how far they lie above the
        surface, and how much the skin is lighter than elsewhere, (n, pixels) both.
    """
    radius = point.norm(dim=2, keepdim=True)
    u = point / radius
    bump = _gaussians(u)
    height, albedo = (bump @ bumps).unbind(2)
    # The gradient of each Gaussian at u is its value times precision * (middle - |u|).
    middle, precision = BUMPS[:, :3].to(u), 1 / BUMPS[:, 3:6].to(u) ** 2
    weighted = bump * bumps[:, None, :, 0]
    sign = torch.cat([u[..., :1].sign(), torch.ones_like(u[..., 1:])], dim=-1)
    slope = sign * (weighted @ (precision * middle)) - (weighted @ precision) * u
    slope = slope - (slope * u).sum(2, keepdim=True) * u  # along the ball only
    normal = (u - slope / radius) / axes[:, None]
    normal = normal / normal.norm(dim=2, keepdim=True)
    return u, normal, radius[..., 0] - 1 - height, albedo


def covered(above: Tensor, size: int) -> Tensor:
    """The part of each fine pixel that the head covers, by the height of its nearest point."""
    return (1 - above * size / EXTENT).clamp(0, 1)


def lambert(normal: Tensor, turn: Tensor, light: Tensor) -> Tensor:
    """Lambert's law: how bright white is, (n, pixels), by the cosine of normal and light."""
    above = torch.full_like(light, 0.5)  # the light stands a little above the viewer
    source = torch.stack([light.sin(), above, light.cos()], dim=1) / 1.25**0.5
    cosine = (normal @ (turn.transpose(1, 2) @ source[..., None]))[..., 0]
    return 0.12 + 0.9 * cosine.clamp(min=0)
