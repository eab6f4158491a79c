"""One file as a square: cut or filled up, upright, whatever its mode."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from infogan_lite.datasets import squares


def read(path: Path, fit: str = "crop", background: str = "white") -> torch.Tensor:
    """Floats of shape (3, 32, 32)."""
    return torch.tensor(squares.square(path, 32, fit, background)).permute(2, 0, 1) / 255


def test_crop_takes_the_middle_and_pad_keeps_all(tmp_path):
    wide = np.zeros((32, 64, 3), np.uint8)
    wide[8:24, 2:62] = [255, 0, 0]  # red, from side to side, in black
    Image.fromarray(wide).save(tmp_path / "000.png")
    crop, pad = (read(tmp_path / "000.png", fit) for fit in ("crop", "pad"))
    assert crop[0, 16, 0] == 1 and crop[0, 2, 16] == 0
    assert pad[0, 16, 0] < 0.2 and pad[0, 16, 5] > 0.9 and pad[0, 2].max() == 0
    assert pad[0].sum() == pytest.approx(crop[0].sum().item() / 2, rel=0.1)


def test_a_photograph_is_turned_as_its_camera_says(tmp_path):
    x = np.zeros((32, 32, 3), np.uint8)
    x[:16] = 255  # white above
    exif = Image.Exif()
    exif[0x0112] = 6  # turn to the right to see it upright
    Image.fromarray(x).save(tmp_path / "000.png", exif=exif)
    turned = read(tmp_path / "000.png")[0]
    assert turned[:, 20:].min() == 1 and turned[:, :12].max() == 0


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize(("background", "value"), [("white", 1), ("black", 0)])
def test_what_is_transparent_shows_the_background(tmp_path, mode, background, value):
    image = Image.fromarray(np.zeros((32, 32, 4), np.uint8) + np.uint8(128)).convert("RGBA")
    image.putalpha(0)
    image = image if mode == "RGBA" else image.convert(mode)
    image.save(tmp_path / "000.png", **({"transparency": 0} if mode == "P" else {}))
    assert (read(tmp_path / "000.png", background=background) == value).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "I;16"])
def test_every_mode_gives_the_same_gray(tmp_path, mode):
    half = Image.fromarray(np.full((32, 32), 255, np.uint8))
    if mode == "I;16":
        half = Image.fromarray(np.full((32, 32), 65535, np.uint16))
    kind = "tif" if mode in ("CMYK", "YCbCr") else "png"
    (half if mode == "I;16" else half.convert(mode)).save(tmp_path / f"0.{kind}")
    assert (read(tmp_path / f"0.{kind}") > 0.98).all()


def test_16_bits_keep_their_middle(tmp_path):
    Image.fromarray(np.full((32, 32), 32896, np.uint16)).save(tmp_path / "000.png")
    assert read(tmp_path / "000.png").mean().item() == pytest.approx(128 / 255, abs=1e-3)


def test_the_first_frame_of_a_moving_picture(tmp_path):
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "blue")]
    frames[0].save(tmp_path / "0.gif", save_all=True, append_images=frames[1:])
    assert read(tmp_path / "0.gif").mean((1, 2)).tolist() == pytest.approx([1, 0, 0])


def test_a_picture_that_is_too_large_is_not_decoded(tmp_path, monkeypatch):
    Image.new("RGB", (60, 60)).save(tmp_path / "large.png")
    assert read(tmp_path / "large.png").shape == (3, 32, 32)
    monkeypatch.setattr(squares, "MOST_PIXELS", 3000)
    with pytest.raises(squares.LeftOut, match="million pixels"):
        read(tmp_path / "large.png")


def test_the_usual_size_is_that_of_most(tmp_path):
    for i, side in enumerate((10, 21, 21)):
        Image.new("L", (side, side + 5)).save(tmp_path / f"{i}.png")
    (tmp_path / "text").write_text("none", encoding="utf8")
    assert squares.usual_size(tmp_path, ["0.png", "1.png", "2.png", "text"]) == 20
    assert squares.usual_size(tmp_path, ["text"]) == 32
