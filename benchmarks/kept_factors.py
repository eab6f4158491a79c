"""Does a code move its factor and leave the others?  Read in rows of G's pictures.

A row is one draw of z and of the other codes, which stand still while the code runs through its
categories, from -1 to 1, or once round.  A net that labels taught reads the factors.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from benchmarks.factor_nets import FactorNet, is_circle
from infogan_lite import InfoGAN, traverse
from infogan_lite.worlds.scene import Factor

COLUMNS = 11
PART = 1 / 3  # of its range, within which a factor is said to be kept


def values_of(net: InfoGAN, code: str) -> list[float]:
    """What a code takes along a row."""
    if code in net.code.categorical_names:
        part = net.code.slices[code]
        return list(range(part.stop - part.start))
    if code in net.code.circular_names:
        return torch.linspace(-math.pi, math.pi, COLUMNS + 1)[1:].tolist()
    return torch.linspace(-1, 1, COLUMNS).tolist()


def rows_read(net: InfoGAN, code: str, reader: FactorNet, rows: int) -> Tensor:
    """What the taught net reads along rows of a code, (rows, columns, factors)."""
    images = traverse(net, code, values_of(net, code), rows)
    return reader.read(images.flatten(0, 1)).unflatten(0, images.shape[:2])


def spans(read: Tensor, factor: Factor) -> Tensor:
    """The part of its range that a factor goes through in each row: (rows, columns) to (rows,).

    Of a circle that is the shortest arc that holds all readings, of labels 0 if all are the same,
    else 1.
    """
    if factor.discrete:
        return (read != read[:, :1]).any(1).float()
    if is_circle(factor):
        angles = read.sort(dim=1).values
        gaps = torch.cat([angles, angles[:, :1] + 2 * math.pi], dim=1).diff(dim=1)
        return 1 - gaps.max(1).values / (2 * math.pi)
    return (read.max(1).values - read.min(1).values) / (factor.high - factor.low)


def kept(read: Tensor, factors: Sequence[Factor], own: str, judged: Sequence[str]) -> float:
    """The share of rows along which all judged factors but the code's own keep within PART."""
    others = [j for j, f in enumerate(factors) if f.name != own and f.name in judged]
    still = [spans(read[..., j], factors[j]) <= PART for j in others]
    return torch.stack(still).all(0).float().mean().item() if still else 1.0
