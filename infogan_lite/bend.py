"""The small generator's last layer, a smooth map that bends a drawing (chapter 5)."""

from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from infogan_lite.settings import Settings


class Bend(nn.Module):
    """Stretches, leans, shifts and bends a drawing, as z and the uniform factors say.

    Handwriting varies by what is drawn, which is left to c1, and by how it is laid on paper.  This
    layer does the second by a smooth map of the plane: an affine map, and a displacement given on
    4 x 4 points and interpolated between them; a last number makes the ink darker or lighter.  A
    linear layer makes these 6 + 32 + 1 numbers of z (spatial transformers: Jaderberg et al., 2015).

    Each uniform factor has one direction in five of them, the 2 x 2 matrix and the ink, and no
    other way into the picture: not the shift, which D, who sees shifted pictures, cannot judge.
    """

    POINTS = 4
    SCALE = 0.1  # Adam moves every weight alike; bending should move slower than drawing
    FACTORS = 0.3  # the same for the uniform factors, few beside the numbers of z
    FREE = (0, 1, 3, 4, -1)  # the numbers that uniform factors move

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.columns = settings.code.uniform_columns
        self.linear = nn.Linear(settings.z_dim, 6 + 2 * self.POINTS**2 + 1)
        self.directions = nn.Parameter(torch.empty(5, settings.code.uniform))

    def forward(self, drawing: Tensor, z: Tensor, c: Tensor) -> Tensor:
        """A drawing (n, channels, h, w) before the sigmoid, bent."""
        numbers = self.SCALE * self.linear(z)
        numbers[:, self.FREE] += self.FACTORS * c[:, self.columns] @ self.directions.T
        return bend(drawing, numbers, self.POINTS)


def bend(drawing: Tensor, numbers: Tensor, points: int) -> Tensor:
    """Bend drawings (n, channels, h, w) by 6 + 2 * points^2 + 1 numbers each, all 0: not at all."""
    affine, shift, ink = numbers.split([6, 2 * points**2, 1], dim=1)
    h, w = drawing.shape[2:]
    stay = torch.eye(2, 3, device=drawing.device, dtype=drawing.dtype)
    grid = affine_grid(stay + affine.view(-1, 2, 3), h, w)
    shift = shift.reshape(-1, points**2) @ between(points, h, w, drawing.device, drawing.dtype)
    grid = grid + shift.view(-1, 2, h, w).permute(0, 2, 3, 1)
    bent = F.grid_sample(drawing, grid, padding_mode="border", align_corners=False)
    return bent + 10 * ink.view(-1, 1, 1, 1)


@cache  # the same in each step
@torch.inference_mode(False)  # or the first call would decide whether others can train
def between(points: int, h: int, w: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """How much each of points x points counts at each pixel: bilinear, shape (points^2, h * w)."""
    each = torch.eye(points**2, device=device, dtype=dtype).view(-1, 1, points, points)
    return F.interpolate(each, size=(h, w), mode="bilinear", align_corners=True).flatten(1)


@cache
@torch.inference_mode(False)
def pixels(h: int, w: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """(x, y, 1) of each pixel's center, row by row, in -1..1: shape (3, h * w)."""
    x = (torch.arange(w, device=device, dtype=dtype) * 2 + 1) / w - 1
    y = (torch.arange(h, device=device, dtype=dtype) * 2 + 1) / h - 1
    return torch.stack([x.repeat(h), y.repeat_interleave(w), torch.ones_like(x.repeat(h))])


def affine_grid(theta: Tensor, h: int, w: int) -> Tensor:
    """Where affine maps theta (n, 2, 3) fetch each pixel of h x w from, in -1..1: (n, h, w, 2).

    As torch's ``affine_grid(..., align_corners=False)``, but faster: one product for a batch.
    """
    points = pixels(h, w, theta.device, theta.dtype)
    return (theta.reshape(-1, 3) @ points).view(-1, 2, h, w).permute(0, 2, 3, 1)
