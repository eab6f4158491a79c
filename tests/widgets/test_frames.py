"""A slider over pictures keeps every pixel."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from infogan_lite import History, plot_losses
from infogan_lite.widgets.frames import frames

LEVEL = 1 / 255


def test_frames_keep_every_pixel():
    pictures = np.random.default_rng(0).random((3, 10, 12))
    widget = frames(
        pictures, [0.5, 1, 2], "noise", unit="nats", describe=["first", "second", "third"]
    )
    assert widget.descriptions == ["first", "second", "third"]
    assert widget.values == ["0.5", 1, 2]
    start = 0
    for picture, size in zip(pictures, widget.sizes, strict=True):
        image = Image.open(io.BytesIO(widget.pictures[start : start + size])).convert("L")
        assert np.abs(np.asarray(image) / 255 - (1 - picture)).max() <= 0.51 * LEVEL
        start += size


def test_frames_take_figures_and_colors():
    figure = plot_losses(History([1, 2], [], [1.0, 2.0], [2.0, 1.0]))
    color = torch.rand(3, 5, 6, generator=torch.Generator().manual_seed(0))
    widget = frames([figure, color], ["a", "b"], "which", describe=lambda v: f"this is {v}")
    assert widget.descriptions == ["this is a", "this is b"]
    image = np.asarray(Image.open(io.BytesIO(widget.pictures[widget.sizes[0] :])).convert("RGB"))
    assert np.abs(image / 255 - color.permute(1, 2, 0).numpy()).max() <= 0.51 * LEVEL


def test_frames_without_a_description_each_are_refused():
    with pytest.raises(ValueError, match="1 descriptions"):
        frames(np.zeros((2, 4, 4)), [0, 1], "noise", describe=["one"])
    with pytest.raises(ValueError, match="at least one"):
        frames([], [], "noise", describe=[])
    with pytest.raises(ValueError, match="shape"):
        frames([np.zeros((2, 4, 5, 6))], [0], "noise", describe=["x"])


def test_whole_numbers_are_said_in_full():
    values = [1_234_567, np.int64(1_234_567), torch.tensor(1_234_567), 0.12345678, np.float32(0.5)]
    widget = frames(np.zeros((5, 4, 4)), values, "step", describe=["x"] * 5)
    assert widget.values == [1_234_567] * 3 + ["0.123457", "0.5"]


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (np.full((4, 4), 255.0), r"must lie in \[0, 1\], got numbers from 255 to 255"),
        (np.full((4, 4), np.nan), r"must lie in \[0, 1\], got numbers from nan to nan"),
        (np.full((4, 4), 255), r"must be floats in \[0, 1\] or bytes, got torch.int64"),
        (np.zeros((0, 4)), r"has the shape \(h, w\) or \(h, w, 3\), got \(0, 4\)"),
        ("x.png", "picture must be an array of real numbers, .*got str"),
    ],
)
def test_what_would_be_shown_as_another_picture_is_refused(picture, message):
    """White for all bytes that are floats, black for NaN."""
    with pytest.raises(ValueError, match=message):
        frames([picture], [0], "noise", describe=["x"])


def test_pictures_of_other_kinds_are_the_same_pictures():
    bits = np.random.default_rng(0).random((6, 6)) > 0.5
    forms = [bits, 255 * bits.astype(np.uint8), torch.tensor(bits).half().requires_grad_()]
    widget = frames(forms, [0, 1, 2], "form", describe=["x"] * 3)
    size = widget.sizes[0]
    assert widget.pictures == 3 * widget.pictures[:size]
