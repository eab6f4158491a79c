"""Pictures made beforehand: in order, in one sheet, and no more than a page holds."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from infogan_lite import InfoGAN, LatentCode
from infogan_lite.widgets.explorer import explore
from infogan_lite.widgets.precomputed import GRID, moving

LEVEL = 1 / 255


def test_the_sheet_holds_the_pictures_in_order(model):
    z = torch.randn(1, 4)
    widget = explore(model, z=z, frames=True)
    sheet = np.asarray(Image.open(io.BytesIO(widget.sheet)).convert("L")) / 255
    for k, i, j in [(0, 0, 0), (1, 8, 3), (2, 4, 8)]:
        number = (k * 9 + i) * 9 + j
        y, x = divmod(number, sheet.shape[1] // 8)
        c = torch.zeros(1, 5)
        c[0, k], c[0, 3], c[0, 4] = 1, GRID[i], GRID[j]
        picture = model.generate(z, c)[0, 0].numpy()
        assert np.abs(sheet[8 * y : 8 * y + 8, 8 * x : 8 * x + 8] - picture).max() < LEVEL


@pytest.mark.parametrize(
    ("uniform", "circular", "expected"),
    [
        (0, 0, (0, 0)),
        (3, 0, (2, 0)),
        (3, 1, (1, 1)),
        (1, 2, (1, 1)),
        (0, 3, (0, 2)),
        (0, 1, (0, 1)),
    ],
)
def test_a_sheet_varies_two_factors_and_an_angle_before_a_second_number(
    uniform, circular, expected
):
    assert moving(LatentCode((3,), uniform, circular)) == expected


def test_the_sheet_of_an_angle_goes_round(tiny):
    model = InfoGAN(replace(tiny, code=LatentCode((3,), 2, 1)), (1, 8, 8)).eval()
    z = torch.randn(1, 4)
    widget = explore(model, z=z, frames=True)
    sheet = np.asarray(Image.open(io.BytesIO(widget.sheet)).convert("L")) / 255
    for k, i, j in [(0, 0, 0), (1, 8, 3), (2, 4, 8)]:
        y, x = divmod((k * 9 + i) * 9 + j, sheet.shape[1] // 8)
        angle = torch.tensor([[np.pi * GRID[j] / 2]]).float()
        c = model.code.encode([torch.tensor([k])], torch.tensor([[GRID[i], 0.0]]), angle)
        picture = model.generate(z, c)[0, 0].numpy()
        assert np.abs(sheet[8 * y : 8 * y + 8, 8 * x : 8 * x + 8] - picture).max() < LEVEL


def test_a_sheet_of_many_large_frames_is_about_square_and_fits(tiny):
    """100 categories of 64 x 64 in color: more pixels in a column than a WebP may have."""
    settings = replace(tiny, code=LatentCode((100,), 2))
    model = InfoGAN(settings, (3, 64, 64)).eval()
    widget = explore(model, frames=True)
    sheet = Image.open(io.BytesIO(widget.sheet))
    frames_shown = 100 * len(widget.grid) ** 2
    assert len(widget.sheet) <= 400_000
    assert (sheet.width // 64) * (sheet.height // 64) >= frames_shown
    assert max(sheet.size) <= 65_535


def test_more_pictures_than_a_page_holds_are_refused_at_once(tiny):
    many = InfoGAN(replace(tiny, code=LatentCode((40_000,), 2)), (1, 8, 8))
    with pytest.raises(ValueError, match="360000 pictures of 8 x 8 .* do not fit into a page"):
        explore(many, frames=True)
