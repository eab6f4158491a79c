"""One file with a picture, as a square of bytes, or the reason why not.

Used by folders.py.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from infogan_lite.datasets.arrays import USUAL_SIDE, nearest_side

MOST_PIXELS = 100_000_000  # of one file: more is a mistake, or an attack
FOREIGN = (".heic", ".heif", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".svg")  # not for Pillow


class LeftOut(ValueError):
    """A file that is not trained on; the message is the reason."""


def square(path: Path, side: int, fit: str, background: str, bits: int = 16) -> np.ndarray:
    """The picture in a file, shape (side, side, 3), cropped or padded, in bytes.

    bits: how many a gray level of 16 bits uses.

    Raises:
        LeftOut: if there is none that can be read.
    """
    try:
        with _quietly(path) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LeftOut(f"more than {MOST_PIXELS // 10**6} million pixels")
            image.draft("RGB", (2 * side, 2 * side))  # a JPEG need not be read at full size
            flat = _flat(ImageOps.exif_transpose(image), background, bits)
    except Image.DecompressionBombError:
        raise LeftOut(f"more than {MOST_PIXELS // 10**6} million pixels") from None
    except UnidentifiedImageError:
        if path.suffix.lower() in FOREIGN:
            raise LeftOut("of a kind that cannot be read (save it as JPEG or PNG)") from None
        raise LeftOut("no picture of a kind that can be read") from None
    except PermissionError:
        raise LeftOut("not allowed to be read") from None
    except LeftOut:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, TypeError):  # as Pillow's decoders do
        raise LeftOut("broken") from None
    method = Image.Resampling.BICUBIC
    if fit == "crop":
        return np.asarray(ImageOps.fit(flat, (side, side), method))
    return np.asarray(ImageOps.pad(flat, (side, side), method, color=_border(flat)))


def _flat(image: Image.Image, background: str, bits: int) -> Image.Image:
    """Any mode as RGB: 16 bits become 8, and what is transparent shows the background."""
    if image.mode.startswith("I"):
        levels = 255 * _levels(image) // (2**bits - 1)
        return Image.fromarray(levels.astype(np.uint8)).convert("RGB")
    if image.mode == "F":
        raise LeftOut("no gray levels of 8 or 16 bits")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        behind = Image.new("RGBA", image.size, background)
        image = Image.alpha_composite(behind, image)
    return image.convert("RGB")


def _levels(image: Image.Image) -> np.ndarray:
    levels = np.asarray(image).astype(np.int64)
    if levels.min() < 0 or levels.max() >= 2**16:
        raise LeftOut("no gray levels of 8 or 16 bits")
    return levels


def bits_of(path: Path, names: list[str]) -> int:
    """How many bits the gray levels of 16 bits use in these files: 16 if there are none.

    A camera of 12 bits writes its levels as they are into files of 16, where all look black.
    """
    most = 0
    for name in names:
        try:
            with _quietly(path / name) as image:
                if image.mode.startswith("I") and image.width * image.height <= MOST_PIXELS:
                    most = max(most, int(_levels(image).max()))
        except (OSError, ValueError, SyntaxError, TypeError, Image.DecompressionBombError):
            continue  # left out, with the reason, by square
    return most.bit_length() or 16


def _border(image: Image.Image) -> tuple[int, ...]:
    """The median color of the outermost pixels."""
    x = np.asarray(image)
    edge = np.concatenate([x[0], x[-1], x[:, 0], x[:, -1]])
    return tuple(int(v) for v in np.median(edge, axis=0))


def usual_size(path: Path, names: list[str]) -> int:
    """32, or what the shorter sides of most pictures allow."""
    sides = []
    for name in names:
        try:
            with _quietly(path / name) as image:
                sides.append(min(image.size))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue
    return min(USUAL_SIDE, nearest_side(int(np.median(sides)))) if sides else USUAL_SIDE


@contextmanager
def _quietly(path: Path) -> Iterator[Image.Image]:
    """An open picture; what Pillow warns of is seen in the result, or is an error later."""
    if path.exists() and not path.is_file():
        raise LeftOut("no regular file")  # a pipe would be waited for
    with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
        yield image
