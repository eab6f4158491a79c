"""Which (z, c) to feed for a picture of what one code does.

The rule of the paper's figures: along a row one factor moves, and *everything else stands
still*, the noise z included.  Otherwise the row would show nothing about the code.

Explained in chapter 2, *Latent codes*; used from chapter 1 on.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from infogan_lite.codes import LatentCode, sample_noise
from infogan_lite.networks import InfoGAN


def vary(code: LatentCode, c: Tensor, name: str, values: Sequence[float]) -> Tensor:
    """Copies of each code in which one factor takes the given values in turn.

    Args:
        c: the codes to start from, shape (rows, dim).
        name: the factor, such as "c2".
        values: categories 0 .. K-1 for a categorical factor, numbers for a uniform one.

    Returns:
        A tensor of shape (rows, len(values), dim).

    Raises:
        ValueError: for an unknown factor or a category that does not exist.
    """
    if not len(values):
        raise ValueError(f"values must hold at least one value for {name}, got none")
    if name not in code.names:
        raise ValueError(f"this code has no factor {name!r:.200}; it has: {', '.join(code.names)}")
    part = code.slices[name]
    width = part.stop - part.start
    if name in code.categorical_names:
        index = torch.as_tensor(values)
        if index.is_floating_point() or index.min() < 0 or index.max() >= width:
            raise ValueError(f"{name} takes the categories 0 to {width - 1}, got {list(values)}")
        new = torch.nn.functional.one_hot(index, width).to(c)
    else:
        new = torch.as_tensor(values, dtype=c.dtype, device=c.device)[:, None]
    varied = c[:, None, :].repeat(1, len(values), 1)
    varied[:, :, part] = new
    return varied


def traverse(
    model: InfoGAN,
    name: str,
    values: Sequence[float] | None = None,
    rows: int = 10,
    seed: int = 0,
    c: Tensor | None = None,
) -> Tensor:
    """Pictures in which one code varies from left to right; z and the rest are fixed per row.

    Args:
        model: where the pictures come from (in eval mode).
        name: the factor to vary.
        values: what it takes; by default all categories, or 11 values from -2 to 2.
        rows: how many random draws of (z, c), one a row.
        seed: of those draws.
        c: the codes to start from instead of random ones, shape (rows, dim).

    Returns:
        Images of shape (rows, len(values), channels, h, w).

    Raises:
        ValueError: as ``vary``, or for less than one row.
    """
    code = model.code
    if rows < 1:
        raise ValueError(f"rows must be at least 1, got {rows}")
    generator = torch.Generator().manual_seed(seed)
    z = sample_noise(rows if c is None else len(c), model.settings.z_dim, generator)
    if c is None:
        c = code.sample(rows, generator)
    if values is None:
        k = dict(zip(code.categorical_names, code.categorical, strict=True)).get(name)
        values = range(k) if k else torch.linspace(-2, 2, 11).tolist()
    varied = vary(code, c, name, list(values))
    return _grid(model, z[:, None, :].repeat(1, varied.shape[1], 1), varied)


def traverse_noise(
    model: InfoGAN, dimension: int, values: Sequence[float], rows: int = 5, seed: int = 0
) -> Tensor:
    """Pictures in which one number of z, 0 to z_dim - 1, varies from left to right.

    All else is fixed per row, and as in ``traverse``.
    """
    generator = torch.Generator().manual_seed(seed)
    z = sample_noise(rows, model.settings.z_dim, generator)
    c = model.code.sample(rows, generator)
    varied = z[:, None, :].repeat(1, len(values), 1)
    varied[:, :, dimension] = torch.as_tensor(values, dtype=z.dtype)
    return _grid(model, varied, c[:, None, :].repeat(1, len(values), 1))


def _grid(model: InfoGAN, z: Tensor, c: Tensor) -> Tensor:
    """Generate a grid: z of shape (rows, columns, z_dim), c of shape (rows, columns, dim)."""
    images = model.generate(z.flatten(0, 1), c.flatten(0, 1)).cpu()
    return images.unflatten(0, z.shape[:2])
