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
