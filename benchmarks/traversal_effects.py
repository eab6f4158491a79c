"""How codes and noise act on pictures: slant and width along traversals, and beyond affine maps."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from infogan_lite import InfoGAN, load, measure, traverse, traverse_noise
from infogan_lite.bend import affine_grid
from infogan_lite.measures.codes_and_factors import rank_correlation

STROKES = ("slant", "width")


def along_rows(images: Tensor, shape: str) -> tuple[float, float]:
    """How well the position in a row orders slant or width, and how far these move.

    The order is the median over rows of the rank correlation.  It says nothing of the size: a
    change of a hundredth of a pixel can be in perfect order.  The size is the median change
    from the first picture to the last, in standard deviations of the real digits.

    Args:
        images: traversals, shape (rows, columns, 1, h, w).
        shape: what is measured on each picture, see ``infogan_lite.measure``.
    """
    rows, columns = images.shape[:2]
    lines = getattr(measure(images.flatten(0, 1)), shape).view(rows, columns)
    position = torch.arange(columns)
    order = torch.tensor([rank_correlation(position, line) for line in lines]).median()
    size = (lines[:, -1] - lines[:, 0]).abs().median() / spread(shape)
    return order.item(), size.item()


@cache
def spread(shape: str) -> float:
    """The standard deviation of slant or width among real digits."""
    return getattr(measure(load("digits").x_train), shape).std().item()


def far_and_near(model: InfoGAN, rows: int = 100) -> dict[str, float]:
    """Order and size for each of c2, c3: from -1 to 1, and the order from -2 to 2."""
    result = {}
    for name in model.code.uniform_names:
        for shape in STROKES:
            near = traverse(model, name, torch.linspace(-1, 1, 11).tolist(), rows)
            far = traverse(model, name, torch.linspace(-2, 2, 11).tolist(), rows)
            order, size = along_rows(near, shape)
            result[f"{name} {shape}"], result[f"{name} {shape} size"] = order, size
            result[f"{name} {shape} far"], _ = along_rows(far, shape)
    return result


def moving_noise(model: InfoGAN, shape: str, rows: int = 50) -> int:
    """How many numbers of z, moved from -2 to 2, change a shape by half a standard deviation.

    One would be a code by accident; many mean that the shape is spread over z.
    """
    values = torch.linspace(-2, 2, 5).tolist()
    found = [
        along_rows(traverse_noise(model, i, values, rows), shape)
        for i in range(model.settings.z_dim)
    ]
    return sum(size >= 0.5 for _, size in found)


def stretch(model: InfoGAN, rows: int = 64, steps: int = 150) -> float:
    """What no affine map explains of the change from -1 to 1 of the code that moves width more."""
    near = far_and_near(model, 30)
    name = max(model.code.uniform_names, key=lambda n: near[f"{n} width size"])
    return unexplained(*traverse(model, name, [-1.0, 1.0], rows).unbind(1), steps)


def unexplained(before: Tensor, after: Tensor, steps: int = 150) -> float:
    """The part of what changes from one picture to the other that no affine map explains.

    The best map of the one onto the other (stretch, shear, shift) is found by gradient descent
    for each pair, (n, 1, h, w) both.  0: a mere stretch; near 1: something else.  What
    interpolation blurs counts as unexplained.
    """
    theta = torch.eye(2, 3).repeat(len(before), 1, 1).requires_grad_()
    adam = torch.optim.Adam([theta], 0.02)
    for _ in range(steps):
        mapped = F.grid_sample(before, affine_grid(theta, *before.shape[2:]), align_corners=False)
        left = (mapped - after).square().sum((1, 2, 3))
        adam.zero_grad()
        left.sum().backward()
        adam.step()
    change = (before - after).square().sum((1, 2, 3))
    return (left.sum() / change.sum().clamp_min(1e-12)).item()
