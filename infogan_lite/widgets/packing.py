"""What the widgets are made of: their front ends, and pictures packed as small as possible."""

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from infogan_lite.figures.grids import SIDES, as_png
from infogan_lite.inputs import as_tensor

STATIC = Path(__file__).parent / "static"
MAX_BYTES = 400_000  # of the pictures of one widget; a page takes a third more (base64)
MOST_PIXELS = 2**24  # of one picture; packing a larger one takes minutes and does not fit
IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w/-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
NO_TEXTS = "const BESIDE_NOTEBOOK = {};"  # of texts.js
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)  # whole lines


class TooLarge(ValueError):
    """A picture that does not fit into a page."""


def front_end(name: str) -> str:
    """The text of a style sheet, or of a widget's JavaScript with all modules that it imports.

    A page that is opened from a file must not import other files, so the modules become one:
    each once, before the first that imports it, without the types in its comments.
    """
    if not name.endswith(".js"):
        return (STATIC / name).read_text(encoding="utf-8")
    return _with_imports(STATIC / name, set()).replace(NO_TEXTS, _texts_beside_notebook())


def _texts_beside_notebook() -> str:
    """What widgets say in a notebook that is not in English: a table beside it, as in ko/.

    Not where a book is built: its editions share what cells put out, and have tables of their own.
    """
    path = Path("widget-texts.json")
    if "INFOGAN_QUIET" in os.environ or not path.is_file():
        return NO_TEXTS
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # of another program, or broken
        return NO_TEXTS
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        return NO_TEXTS
    return f"const BESIDE_NOTEBOOK = {json.dumps(table, ensure_ascii=False)};"


def _with_imports(path: Path, seen: set[Path]) -> str:
    path = path.resolve()  # ../elements.js and ./elements.js are one module
    if path in seen:
        return ""
    seen.add(path)
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    before = "".join(_with_imports(path.parent / other, seen) for other in IMPORT.findall(text))
    return before + EXPORT.sub("", IMPORT.sub("", text))


def as_image(picture) -> Image.Image:
    """A matplotlib figure, or an array in [0, 1] or of bytes, as an image.

    An array has the shape (h, w), (h, w, 1), (h, w, 3), (1, h, w) or (3, h, w).

    Raises:
        ValueError: for another shape, or other numbers.
    """
    if isinstance(picture, Figure):
        return Image.open(io.BytesIO(as_png(picture, dpi=100))).convert("RGB")
    array = _as_bytes(picture)
    if array.ndim == 3 and array.shape[0] in (1, 3) and array.shape[2] not in (1, 3):
        array = np.moveaxis(array, 0, 2)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 and (array.ndim != 3 or array.shape[2] != 3) or not array.size:
        raise ValueError(f"a picture has the shape (h, w) or (h, w, 3), got {array.shape}")
    return Image.fromarray(array)


def _as_bytes(picture) -> np.ndarray:
    x = as_tensor(picture, "picture").detach().cpu()
    if x.dtype == torch.uint8:
        return x.numpy()
    if not (x.is_floating_point() or x.dtype == torch.bool):
        raise ValueError(f"a picture must be floats in [0, 1] or bytes, got {x.dtype}")
    x = x.float().numpy()
    low, high = (x.min(), x.max()) if x.size else (0, 0)
    if not -1e-3 <= low <= high <= 1 + 1e-3:  # NaN is refused, too
        raise ValueError(f"a picture must lie in [0, 1], got numbers from {low:g} to {high:g}")
    return np.round(255 * x.clip(0, 1)).astype(np.uint8)


def encode(image: Image.Image) -> bytes:
    """PNG or lossless WebP, whichever is smaller."""
    png, webp = io.BytesIO(), io.BytesIO()
    image.save(png, "png", optimize=True)
    if max(image.size) <= SIDES["webp"]:
        image.save(webp, "webp", lossless=True, quality=100, method=4)
    return min(filter(None, (png.getvalue(), webp.getvalue())), key=len)


def encode_within(picture, limit: int) -> bytes:
    """Lossless if that fits into ``limit`` bytes, else as good as fits.

    That is a WebP, or a JPEG if a side has more pixels than a WebP may have.

    Raises:
        TooLarge: if not even a poor WebP fits.
    """
    image = as_image(picture)
    side = max(image.size)
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge(f"{image.width} x {image.height} pixels do not fit into {limit} bytes")
    data = encode(image)
    if side > SIDES["jpeg"]:
        raise TooLarge(
            f"a picture of {image.width} x {image.height} pixels is too large for a page: "
            f"at most {SIDES['jpeg']} on a side"
        )
    kind = {"format": "webp", "method": 4} if side <= SIDES["webp"] else {"format": "jpeg"}
    for quality in (95, 90, 80, 70, 50, 30):
        if len(data) <= limit:
            return data
        file = io.BytesIO()
        image.save(file, quality=quality, **kind)
        data = file.getvalue()
    if len(data) <= limit:
        return data
    raise TooLarge(f"{image.width} x {image.height} pixels do not fit into {limit} bytes")


def encode_fitting(draw: Callable[[int], object], limit: int) -> tuple[bytes, int]:
    """The picture ``draw(1)``, or ``draw(2)``, ``draw(4)`` and so on, until it fits.

    Args:
        draw: makes the picture with so many times fewer pixels on a side.
        limit: bytes.

    Returns the file, and how many times fewer pixels it has on a side.

    Raises:
        TooLarge: if not even a thousandth of them fits.
    """
    for shrink in (2**i for i in range(11)):
        try:
            return encode_within(draw(shrink), limit), shrink
        except TooLarge as error:
            too_large = error
    raise too_large


def inked(picture) -> object:
    """One channel is ink on paper: 1 is black.  Figures and colors stay as they are."""
    image = as_image(picture)
    return 255 - np.asarray(image) if image.mode == "L" else np.asarray(image)


def smaller(images: Tensor, shrink: int) -> Tensor:
    """Square pictures (n, channels, h, h) with so many times fewer pixels on a side."""
    side = max(1, images.shape[-1] // shrink)
    return images if shrink == 1 else adaptive_avg_pool2d(images, side)
