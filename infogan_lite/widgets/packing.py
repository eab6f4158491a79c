"""What the widgets are made of: their front ends, and pictures packed as small as possible."""

import io
import re
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

STATIC = Path(__file__).parent / "static"
SIDES = {"webp": 16_383, "jpeg": 65_535}  # the most pixels that each format may have on a side
MAX_BYTES = 400_000  # of the pictures of one widget; a page takes a third more (base64)
IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w/-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)  # whole lines


def front_end(name: str) -> str:
    """The text of a style sheet, or of a widget's JavaScript with all modules that it imports.

    A page that is opened from a file must not import other files, so the modules become one:
    each once, before the first that imports it, without the types in its comments.
    """
    if not name.endswith(".js"):
        return (STATIC / name).read_text(encoding="utf-8")
    return _with_imports(STATIC / name, set())


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
        ValueError: for another shape.
    """
    if isinstance(picture, Figure):
        file = io.BytesIO()
        picture.savefig(file, format="png", dpi=100)
        return Image.open(file).convert("RGB")
    array = np.asarray(picture)
    if array.ndim == 3 and array.shape[0] in (1, 3) and array.shape[2] not in (1, 3):
        array = np.moveaxis(array, 0, 2)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 and (array.ndim != 3 or array.shape[2] != 3):
        raise ValueError(f"an image has the shape (h, w) or (h, w, 3), got {array.shape}")
    if array.dtype != np.uint8:
        array = np.round(255 * np.clip(array, 0, 1)).astype(np.uint8)
    return Image.fromarray(array)


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
        ValueError: if not even a poor WebP fits.
    """
    image = as_image(picture)
    data = encode(image)
    side = max(image.size)
    if side > SIDES["jpeg"]:
        raise ValueError(
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
    raise ValueError(f"{image.width} x {image.height} pixels do not fit into {limit} bytes")


def inked(picture) -> object:
    """One channel is ink on paper: 1 is black.  Figures and colors stay as they are."""
    image = as_image(picture)
    return 255 - np.asarray(image) if image.mode == "L" else np.asarray(image)
