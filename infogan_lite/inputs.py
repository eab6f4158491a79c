"""What is given: a data set; and values of any form, brought into one or refused by name."""

from contextlib import suppress
from operator import index
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F


class Dataset(NamedTuple):
    """Pictures with their labels, to train on and held out: four tensors.

    x_train, x_test: shape (n, channels, h, w), float32 in [0, 1].  Training sees x_train alone.
    y_train, y_test: a label for each, shape (n,), int64 from 0 on, to name and measure categories;
    (n, 0) for no labels, and (n, m) for m attributes, measured one by one, as ``y_train[:, j]``.
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor


def is_boolean(value: object) -> bool:
    """Whether it is a boolean of Python, numpy or torch, which would pass for 0 or 1."""
    return "bool" in str(getattr(value, "dtype", type(value)))


def integer(value: object) -> int:
    """An integer of any kind as an int; a TypeError for all else, such as True and 2.0."""
    if is_boolean(value):
        raise TypeError
    return index(value)


def whole(name: str, value: object, least: int = 0, most: int = 2**63 - 1) -> int:
    """A whole number of any kind as an int; a ValueError for all else, or beyond the limits."""
    with suppress(TypeError, ValueError, ArithmeticError, RuntimeError):  # it is no number
        if not is_boolean(value) and least <= value <= most and int(value) == value:
            return int(value)
    limits = f"from {least} on" if most == 2**63 - 1 else f"from {least} to {most}"
    raise ValueError(f"{name} must be a whole number {limits}, got {value!r:.200}")


def device_of(generator: torch.Generator | None) -> torch.device | None:
    """Where a generator draws; a ValueError for a seed in its place."""
    if not isinstance(generator, (torch.Generator, type(None))):
        raise ValueError(f"generator must be a torch.Generator, got {generator!r:.200}")
    return generator and generator.device


def as_tensor(values: object, name: str) -> Tensor:
    """Real numbers as a dense tensor, whatever holds them; a ValueError if they are none."""
    import numpy as np

    with suppress(TypeError, ValueError, RuntimeError, AttributeError):
        if not isinstance(values, Tensor) and not np.ma.is_masked(values):
            array = np.require(values, requirements=["C", "W"])
            values = torch.from_numpy(array.astype(array.dtype.newbyteorder("="), copy=False))
        odd = values.is_complex() or values.is_quantized or values.is_nested or values.is_meta
        if values.layout == torch.strided and not odd:
            return values
    found = f"{type(values).__name__} {getattr(values, 'dtype', '')}".strip()
    raise ValueError(f"{name} must be an array of real numbers, dense, none masked, got {found}")


def rows_of(values: object, width: int, name: str) -> Tensor:
    """Floats of shape (n, width), whatever holds them; a ValueError for all else."""
    rows = as_tensor(values, name)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"{name} must have the shape (n, {width}), got {tuple(rows.shape)}")
    return rows if rows.is_floating_point() else rows.to(torch.get_default_dtype())


def one_hot(name: str, categories: object, k: int) -> Tensor:
    """Categories from 0 to k - 1, shape (n,), as rows (n, k); a ValueError for all else."""
    given = as_tensor(categories, name)
    if given.ndim != 1 or given.is_floating_point() or is_boolean(given):
        raise ValueError(f"{name} takes integers (n,), 0 to {k - 1}, got {given.tolist()!r:.200}")
    if len(odd := given[(given.long() < 0) | (given.long() >= k)]):
        raise ValueError(f"{name} takes the categories 0 to {k - 1}, got {odd.tolist()!r:.200}")
    return F.one_hot(given.long(), k)


def as_images(x: Tensor, shape: tuple[int, ...] | None = None, name: str = "images") -> Tensor:
    """Pictures as floats of shape (n, channels, h, w) in [0, 1], from arrays, bytes, other floats.

    A ValueError is for another ``shape`` than the one wanted, or values outside of [0, 1].
    """
    x = as_tensor(x, name).detach()
    if x.dtype == torch.uint8 and x.numel() and x.max() == 1:
        raise ValueError(f"{name} are bytes of 0 and 1, where 255 is white: multiply them by 255")
    x = x / 255 if x.dtype == torch.uint8 else x
    if not x.is_floating_point():
        raise ValueError(f"{name} must be floats in [0, 1] or bytes, got {x.dtype}")
    if x.ndim == 3:  # one picture, or gray ones without an axis for their channel
        x = x[None] if x.shape[0] in (1, 3, *(shape or ())[:1]) else x[:, None]
    x = x.to(torch.get_default_dtype())
    wanted = shape or "(1 or 3 channels, height, width)"
    if x.ndim != 4 or (tuple(x.shape[1:]) != tuple(shape) if shape else x.shape[1] not in (1, 3)):
        raise ValueError(f"{name} must be n pictures of shape {wanted}, got {tuple(x.shape)}")
    low, high = (x.min().item(), x.max().item()) if x.numel() else (0.0, 0.0)
    if not -1e-3 <= low <= high <= 1 + 1e-3:  # NaN is refused, too
        what = "there are NaN among them" if low != low else "divide bytes by 255 first"
        raise ValueError(f"{name} must lie in [0, 1], got {low:g} to {high:g}: {what}")
    return x
