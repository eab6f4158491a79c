"""Pictures of a generator made beforehand, in one sheet: for one too large to run in a page.

Used by explorer.py.
"""

import math
from collections.abc import Sequence
from contextlib import suppress
from itertools import product

import numpy as np
import torch
from torch import Tensor

from infogan_lite.codes import LatentCode
from infogan_lite.networks import InfoGAN
from infogan_lite.widgets.packing import (
    MOST_PIXELS,
    TooLarge,
    encode_fitting,
    encode_within,
    smaller,
)

MAX_SHEET = 400_000  # bytes; a page takes a third more (base64)
MOST_FRAMES = 2**15
GRID = [-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0]


def make_sheet(model: InfoGAN, z: Tensor) -> tuple[bytes, list[float], int]:
    """All K categories of c1 times 9 x 9 values of two other factors for one z, as one picture.

    Which two, says ``moving``; a circular one takes 9 angles from -180 to 180 degrees.  If so
    many frames do not fit into a page, there are 5 x 5 values, or 3 x 3; if not even those fit,
    they are made smaller, by halves, until they do.

    Returns:
        The picture, the values of the two, and the side of a frame in pixels.

    Raises:
        ValueError: for more frames than a page can have of any size.
    """
    side = model.image_shape[1]
    for grid in (GRID, GRID[::2]):
        if len(_places(model, grid)) * side**2 <= MOST_PIXELS:
            with suppress(TooLarge):
                return encode_within(_sheet(model, z, grid, 1), MAX_SHEET), grid, side
    grid = GRID[::4]
    if (frames := len(_places(model, grid))) > MOST_FRAMES:
        raise ValueError(
            f"{frames} pictures of {side} x {side} pixels do not fit into a page: "
            "explore(model, frames=False) sends the generator itself"
        )
    sheet, shrink = encode_fitting(lambda shrink: _sheet(model, z, grid, shrink), MAX_SHEET)
    return sheet, grid, max(1, side // shrink)


def moving(code: LatentCode) -> tuple[int, int]:
    """How many uniform and how many circular factors a sheet varies: the first of each, or two."""
    uniform = min(code.uniform, 1 if code.circular else 2)
    return uniform, min(code.circular, 2 - uniform)


def _places(model: InfoGAN, grid: Sequence[float]) -> list[tuple[float, ...]]:
    """Each category of c1 with each pair of values of the factors that move."""
    code = model.code
    kinds = range(code.categorical[0] if code.categorical else 1)
    return list(product(kinds, *[grid] * sum(moving(code))))


def _sheet(model: InfoGAN, z: Tensor, grid: Sequence[float], shrink: int) -> np.ndarray:
    """The frames, the last factor fastest, c1 slowest, in a sheet about as wide as it is high."""
    code = model.code
    table = torch.tensor(_places(model, grid), dtype=torch.float32)
    index = [torch.zeros(len(table), dtype=torch.long) for _ in code.categorical]
    if index:
        index[0] = table[:, 0].long()
    uniform, circular = moving(code)
    values, angles = (torch.zeros(len(table), n) for n in (code.uniform, code.circular))
    values[:, :uniform] = table[:, 1 : 1 + uniform]
    angles[:, :circular] = table[:, 1 + uniform :] * math.pi / 2  # the grid is from -2 to 2
    c = code.encode(index, values, angles)
    made = (model.generate(z.expand(len(part), -1), part).cpu() for part in c.split(256))
    images = torch.cat([smaller(part, shrink) for part in made])
    columns = math.ceil(len(images) ** 0.5)
    padded = torch.cat([images, images[:1].expand(-len(images) % columns, -1, -1, -1)])
    rows = padded.unflatten(0, (-1, columns)).permute(0, 3, 1, 4, 2)  # row, y, column, x, channel
    return rows.flatten(2, 3).flatten(0, 1).numpy()
