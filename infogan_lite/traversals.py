"""Rows of pictures in which one code moves and *all else stands still*, z too (chapter 2)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from infogan_lite.codes import LatentCode, on_circle, sample_noise
from infogan_lite.inputs import as_tensor, one_hot, whole
from infogan_lite.networks import InfoGAN


def vary(code: LatentCode, c: Tensor, name: str, values: Sequence[float]) -> Tensor:
    """Copies of each code in which one factor takes the given values in turn.

    Args:
        c: the codes to start from, shape (rows, dim); the result is (rows, len(values), dim).
        name, values: a factor, such as "c2", and its categories, numbers, or angles in radians.

    A ValueError is for an unknown factor or a category that does not exist.
    """
    values, c = as_tensor(values, "values").flatten(), code.rows(c)
    if not len(values):
        raise ValueError(f"values must hold at least one value for {name}, got none")
    if name not in code.names:
        raise ValueError(f"this code has no factor {name!r:.200}; it has: {', '.join(code.names)}")
    kinds = (part := code.slices[name]).stop - part.start
    new = one_hot(name, values, kinds) if name in code.categorical_names else values[:, None]
    new = on_circle(new) if name in code.circular_names else new
    varied = c[:, None, :].repeat(1, len(values), 1)
    varied[:, :, part] = new.to(c)
    return varied


def traverse(
    model: InfoGAN, name: str, values: Sequence[float] | None = None, rows=10, seed=0, c=None
) -> Tensor:
    """Pictures in which one code varies from left to right; z and the rest are fixed per row.

    Args:
        name, values: a factor, and what it takes: by default all categories, 11 values from -2
            to 2 if it is uniform, or 11 angles all the way round, from -pi to pi, if circular.
        rows, seed: how many random draws of (z, c), one a row, and their seed.
        c: the codes to start from instead of random ones, shape (rows, dim).

    Returns images (rows, len(values), channels, h, w), made in eval mode; errors as ``vary``.
    """
    code, generator = model.code, torch.Generator().manual_seed(whole("seed", seed))
    rows = whole("rows", rows, 1) if c is None else len(code.rows(c))
    z = sample_noise(rows, model.settings.z_dim, generator)
    c = code.sample(rows, generator) if c is None else c
    if values is None:
        k = dict(zip(code.categorical_names, code.categorical, strict=True)).get(name)
        end = torch.pi if name in code.circular_names else 2
        values = range(k) if k else torch.linspace(-end, end, 11).tolist()
    varied = vary(code, c, name, values)
    return _grid(model, z[:, None, :].repeat(1, varied.shape[1], 1), varied)


def traverse_noise(model: InfoGAN, dimension: int, values: Sequence, rows=5, seed=0) -> Tensor:
    """As ``traverse``, but it is one number of z, 0 to z_dim - 1, that varies."""
    generator = torch.Generator().manual_seed(whole("seed", seed))
    dimension = whole("dimension", dimension, 0, model.settings.z_dim - 1)
    z = sample_noise(whole("rows", rows, 1), model.settings.z_dim, generator)
    c = model.code.sample(rows, generator)
    if not len(values := as_tensor(values, "values").flatten()):
        raise ValueError("values must hold at least one value for the noise, got none")
    varied = z[:, None, :].repeat(1, len(values), 1)
    varied[:, :, dimension] = values.to(z)
    return _grid(model, varied, c[:, None, :].repeat(1, len(values), 1))


def _grid(model: InfoGAN, z: Tensor, c: Tensor) -> Tensor:
    return model.generate(z.flatten(0, 1), c.flatten(0, 1)).cpu().unflatten(0, z.shape[:2])
