"""Your own pictures: a folder of files, or an array, as a data set to train on.

Used in chapter 12.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor
from torch.nn.functional import interpolate

from infogan_lite.digits import Dataset
from infogan_lite.networks import as_images

LEAST = 50  # pictures; with fewer there is nothing to learn but these pictures themselves
SIDES = range(8, 129, 4)  # of a square; the nets halve it at least twice
USUAL_SIDE = 32
MOST_PIXELS = 100_000_000  # of one file: more is a mistake, or an attack
COLORED = 0.02  # more pictures in color than this part, and all are kept in color
FITS = ("crop", "pad")
BACKGROUNDS = ("white", "black")


class _LeftOut(ValueError):
    """A file that is not trained on; the message is the reason."""


@dataclass
class Folder:
    """The pictures of a folder as they are trained on, and what became of each file.

    images: shape (n, 1 or 3, size, size), values in [0, 1].
    files: the file of each picture, from the folder on.
    classes: the names of the subfolders, if every picture lies in one of several.
    labels: the class of each picture, shape (n,); shape (n, 0) if there are none.
    left_out: for each reason the files that are not among the pictures.
    """

    path: Path
    images: Tensor
    files: list[str]
    classes: list[str]
    labels: Tensor
    left_out: dict[str, list[str]] = field(default_factory=dict)
    fit: str = "crop"

    def __str__(self) -> str:
        n, channels, side, _ = self.images.shape
        color = "gray" if channels == 1 else "in color"
        square = {"crop": "the middle square of each", "pad": "each whole, its border filled up"}
        text = f"{n} pictures of {self.path}, {square[self.fit]}, {side} x {side} pixels, {color}"
        if self.classes:
            text += f"; {len(self.classes)} subfolders: {_some(self.classes)}"
        return "\n".join([text, *self.said()])

    def said(self) -> list[str]:
        """One line for each reason to leave files out."""
        return [f"left out, {why}: {_some(files)}" for why, files in self.left_out.items()]

    def dataset(self) -> Dataset:
        """A fifth of the pictures, always the same ones, is held out."""
        return split(self.images, self.labels)


def read_folder(
    path: str | Path,
    size: int | None = None,
    color: bool | None = None,
    fit: str = "crop",
    background: str = "white",
) -> Folder:
    """Read every picture in a folder and in its subfolders; say which files were left out.

    Photographs are turned as their camera says (EXIF).  Left out are files that are no picture,
    that are broken, or that give the same pixels as another.  Of a moving picture the first
    frame counts.  Names that begin with a dot are passed over.

    Args:
        path: the folder, flat or with a subfolder for each class.
        size: side of the squares in pixels, a multiple of 4 from 8 to 128; by default 32, or
            less if most pictures are smaller.
        color: True or False for all; by default gray unless some pictures have colors.
        fit: "crop" cuts out the middle square, "pad" keeps the whole picture and fills the
            square up with the color of its border.
        background: "white" or "black", what is seen behind transparent pixels.

    Raises:
        FileNotFoundError: if there is nothing at that path.
        ValueError: if it is no folder, or holds fewer than 50 different pictures; for a size,
            fit or background that does not exist.
        OSError: if the folder cannot be read.
    """
    _check_how(size, fit, background)
    path = Path(path).expanduser()
    found = list(_files(path))
    if not found:
        raise ValueError(f"there are no files in the folder {path}: it must hold pictures")
    side = size or _usual_size(path, found)
    pictures, kept, seen, left_out = [], [], set(), {}
    for name in found:
        try:
            square = _open(path / name, side, fit, background)
            if square.tobytes() in seen:
                raise _LeftOut("the same pixels as another")
        except _LeftOut as reason:
            left_out.setdefault(str(reason), []).append(name)
            continue
        seen.add(square.tobytes())
        pictures.append(square)
        kept.append(name)
    if len(kept) < LEAST:
        raise ValueError(_too_few(path, len(found), len(kept), left_out))
    images = _tensor(np.stack(pictures), color)
    classes, labels = _classes(kept)
    return Folder(path, images, kept, classes, labels, left_out, fit)


def from_array(
    images: Tensor | np.ndarray,
    labels: Tensor | np.ndarray | None = None,
    size: int | None = None,
    fit: str = "crop",
) -> Dataset:
    """Pictures in an array, squared and resized, a fifth of them held out.

    Args:
        images: floats in [0, 1] or bytes, shape (n, h, w), (n, 1 or 3, h, w) or (n, h, w, 3).
        labels: shape (n,), if there are any; training does not see them.
        size: side of the squares; by default as it is, if that is a multiple of 4 up to 128.
        fit: as for a folder.

    Raises:
        ValueError: for what is no pictures, fewer than 50 of them, or as many labels as not.
    """
    _check_how(size, fit, "white")
    x = torch.as_tensor(images)
    if x.ndim == 4 and x.shape[-1] in (1, 3) and x.shape[1] not in (1, 3):
        x = x.permute(0, 3, 1, 2)
    x = as_images(x).to(torch.float32)
    if len(x) < LEAST:
        raise ValueError(f"at least {LEAST} pictures are needed to learn from, got {len(x)}")
    h, w = x.shape[2:]
    x = _crop(x) if fit == "crop" else _pad(x)
    side = size or (h if h == w and h in SIDES else min(USUAL_SIDE, _down(min(h, w))))
    if x.shape[2] != side:
        x = interpolate(x, (side, side), mode="bilinear", antialias=True).clamp(0, 1)
    y = torch.empty(len(x), 0, dtype=torch.long) if labels is None else torch.as_tensor(labels)
    if len(y) != len(x):
        raise ValueError(f"there must be a label for each of {len(x)} pictures, got {len(y)}")
    return split(x, y)


def split(images: Tensor, labels: Tensor) -> Dataset:
    """Four fifths to train on and one fifth held out, always the same ones."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    test, train = order.tensor_split([len(images) // 5])
    return Dataset(images[train], labels[train], images[test], labels[test])


# --- Files ----------------------------------------------------------------------------


def _check_how(size: int | None, fit: str, background: str) -> None:
    if size is not None and size not in SIDES:
        raise ValueError(f"size must be a multiple of 4 from 8 to 128, got {size!r}")
    for name, value, known in (("fit", fit, FITS), ("background", background, BACKGROUNDS)):
        if value not in known:
            raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")


def _files(path: Path) -> Iterator[str]:
    """All files below a folder in the order of their names, those with a dot in front passed."""
    if not path.exists():
        raise FileNotFoundError(f"there is no folder {path}")
    if not path.is_dir():
        archive = path.suffix.lower() in (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
        hint = "unpack it and give the folder" if archive else "give the folder that it lies in"
        raise ValueError(f"{path} is a file, not a folder: {hint}")

    def refuse(error: OSError) -> None:
        raise OSError(f"could not read the folder {error.filename}: {error.strerror}") from error

    for folder, inner, names in os.walk(path, onerror=refuse):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "__MACOSX")))
        for name in sorted(names):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(path).as_posix()


def _usual_size(path: Path, names: list[str]) -> int:
    """32, or what the shorter sides of most pictures allow."""
    sides = []
    for name in names:
        try:
            with _quietly(path / name) as image:
                sides.append(min(image.size))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue
    return min(USUAL_SIDE, _down(int(np.median(sides)))) if sides else USUAL_SIDE


def _down(side: int) -> int:
    """The largest side that is not larger, or the smallest there is."""
    return max(side // 4 * 4, SIDES[0])


@contextmanager
def _quietly(path: Path) -> Iterator[Image.Image]:
    """An open picture; what Pillow warns of is seen in the result, or is an error later."""
    with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
        yield image


def _open(path: Path, side: int, fit: str, background: str) -> np.ndarray:
    """One file as a square of bytes, shape (side, side, 3)."""
    try:
        with _quietly(path) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _LeftOut(f"more than {MOST_PIXELS // 10**6} million pixels")
            image.draft("RGB", (2 * side, 2 * side))  # a JPEG need not be read at full size
            flat = _flat(ImageOps.exif_transpose(image), background)
    except Image.DecompressionBombError:
        raise _LeftOut(f"more than {MOST_PIXELS // 10**6} million pixels") from None
    except UnidentifiedImageError:
        raise _LeftOut("no picture of a kind that can be read") from None
    except PermissionError:
        raise _LeftOut("not allowed to be read") from None
    except _LeftOut:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, TypeError):  # as Pillow's decoders do
        raise _LeftOut("broken") from None
    method = Image.Resampling.BICUBIC
    if fit == "crop":
        return np.asarray(ImageOps.fit(flat, (side, side), method))
    return np.asarray(ImageOps.pad(flat, (side, side), method, color=_border(flat)))


def _flat(image: Image.Image, background: str) -> Image.Image:
    """Any mode as RGB: 16 bits become 8, and what is transparent shows the background."""
    if image.mode.startswith("I"):
        levels = np.asarray(image).astype(np.int64)
        if levels.min() < 0 or levels.max() >= 2**16:
            raise _LeftOut("no gray levels of 8 or 16 bits")
        return Image.fromarray((levels // 257).astype(np.uint8)).convert("RGB")
    if image.mode == "F":
        raise _LeftOut("no gray levels of 8 or 16 bits")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        behind = Image.new("RGBA", image.size, background)
        image = Image.alpha_composite(behind, image)
    return image.convert("RGB")


def _border(image: Image.Image) -> tuple[int, ...]:
    """The median color of the outermost pixels."""
    x = np.asarray(image)
    edge = np.concatenate([x[0], x[-1], x[:, 0], x[:, -1]])
    return tuple(int(v) for v in np.median(edge, axis=0))


def _tensor(squares: np.ndarray, color: bool | None) -> Tensor:
    """Bytes (n, side, side, 3) to floats (n, 1 or 3, side, side)."""
    if color is None:
        apart = squares.max(axis=3).astype(int) - squares.min(axis=3)
        color = (apart.mean(axis=(1, 2)) > 4).mean() > COLORED
    x = torch.from_numpy(squares).permute(0, 3, 1, 2).float() / 255
    if color:
        return x.contiguous()
    return (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)


def _classes(names: list[str]) -> tuple[list[str], Tensor]:
    """Subfolders as classes, if every picture lies in one and there are several."""
    first = [name.split("/")[0] if "/" in name else "" for name in names]
    classes = sorted(set(first))
    if "" in classes or len(classes) < 2:
        return [], torch.empty(len(names), 0, dtype=torch.long)
    return classes, torch.tensor([classes.index(name) for name in first])


# --- Arrays ---------------------------------------------------------------------------


def _crop(x: Tensor) -> Tensor:
    h, w = x.shape[2:]
    side = min(h, w)
    top, left = (h - side) // 2, (w - side) // 2
    return x[:, :, top : top + side, left : left + side]


def _pad(x: Tensor) -> Tensor:
    """Squares, filled up with the median of each picture's outermost pixels."""
    n, channels, h, w = x.shape
    side = max(h, w)
    edge = torch.cat([x[:, :, 0], x[:, :, -1], x[:, :, :, 0], x[:, :, :, -1]], dim=2)
    square = edge.median(dim=2).values[:, :, None, None].expand(-1, -1, side, side).clone()
    top, left = (side - h) // 2, (side - w) // 2
    square[:, :, top : top + h, left : left + w] = x
    return square


# --- Words ----------------------------------------------------------------------------


def _some(names: list[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    short = [name if len(name) <= 60 else f"{name[:40]}...{name[-15:]}" for name in names[:most]]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(short) + more


def _too_few(path: Path, files: int, pictures: int, left_out: dict[str, list[str]]) -> str:
    text = f"at least {LEAST} different pictures are needed to learn from, and of {files} files "
    text += f"in {path} {pictures} can be used"
    if left_out:
        reasons = [f"{len(names)} are left out, {why}" for why, names in left_out.items()]
        text += f" ({'; '.join(reasons)})"
    return text
