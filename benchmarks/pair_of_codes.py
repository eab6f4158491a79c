"""What the codes for slant and width do along rows of digits, as protocol.md asks (C2, C9 to C11).

Sizes are in deviations within a digit, among real digits.  A row is one draw of z and of the
other codes, which stand still.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.features import Features
from benchmarks.separation import effects, pair, within
from benchmarks.traversal_effects import along_rows, unexplained
from infogan_lite import InfoGAN, measure, traverse, traverse_noise
from infogan_lite.bend import affine_grid
from infogan_lite.inputs import Dataset

SHAPES = ("slant", "width")
ROWS, COLUMNS = 200, 11


def pair_row(
    model: InfoGAN, data: Dataset, net: Features, rows: int = ROWS
) -> dict[str, float | str]:
    """The pair of different codes that are nearest to one for slant and one for width.

    For each of the two: how far it moves its own from -1 to 1 (mean over rows), in which order
    (median rank correlation, without its sign), and the share of rows that are read as one digit
    from end to end; the last two from -2 to 2 as well ("far").
    """
    table = effects(model, within(data.x_train, data.y_train), rows)
    best = pair(table)
    row: dict[str, float | str] = {"crossed": best.crossed, "separate": float(best.separate)}
    for j, shape in enumerate(SHAPES):
        i = getattr(best, shape)
        name = model.code.uniform_names[i]
        row |= {f"{shape} code": name, f"{shape} moved": abs(float(table[i, j]))}
        for word, end in (("", 1.0), (" far", 2.0)):
            images = traverse(model, name, torch.linspace(-end, end, COLUMNS).tolist(), rows)
            row[f"{shape} order{word}"] = abs(along_rows(images, shape)[0])
            row[f"{shape} same{word}"] = read_alike(images, net)
    name = model.code.uniform_names[best.width]
    return row | {"no mere stretch": no_mere_stretch(model, name, data.x_train, min(rows, 64))}


def read_alike(images: Tensor, net: Features) -> float:
    """The share of rows, (rows, columns, 1, h, w), whose pictures are all read as one digit."""
    read = net(images.flatten(0, 1)).argmax(1).view(images.shape[:2])
    return (read == read[:, :1]).all(1).float().mean().item()


def no_mere_stretch(model: InfoGAN, name: str, real: Tensor, rows: int) -> float:
    """What no affine map explains of a code's change, minus the same of digits that were stretched.

    The real digits are stretched by as much as the code widens G's: what is left of them is the
    blur of interpolation alone.
    """
    before, after = traverse(model, name, [-1.0, 1.0], rows).unbind(1)
    real = real[:: len(real) // rows][:rows]
    factor = measure(after).width.mean() / measure(before).width.mean().clamp_min(1e-6)
    return unexplained(before, after) - unexplained(real, stretched(real, factor.item()))


def stretched(images: Tensor, factor: float) -> Tensor:
    """Pictures made wider by a factor, from their middle: (n, 1, h, w)."""
    theta = torch.tensor([[1 / factor, 0.0, 0.0], [0.0, 1.0, 0.0]]).repeat(len(images), 1, 1)
    return F.grid_sample(images, affine_grid(theta, *images.shape[2:]), align_corners=False)


def noise_row(model: InfoGAN, data: Dataset, rows: int = 50) -> dict[str, int]:
    """How many numbers of z, from -2 to 2, move slant, width, and both, by half a deviation."""
    units, values = within(data.x_train, data.y_train), torch.linspace(-2, 2, 5).tolist()
    moved: dict[str, set[int]] = {shape: set() for shape in SHAPES}
    for i in range(model.settings.z_dim):
        images = traverse_noise(model, i, values, rows)
        ends = measure(images[:, [0, -1]].flatten(0, 1))
        for shape in SHAPES:
            first, last = getattr(ends, shape).view(rows, 2).unbind(1)
            if (last - first).abs().median() >= units[shape] / 2:
                moved[shape].add(i)
    counts = {f"z {shape}": len(found) for shape, found in moved.items()}
    return counts | {"z both": len(moved["slant"] & moved["width"])}
