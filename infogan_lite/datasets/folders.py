"""Your own pictures: a folder of files as a data set to train on.

Used in chapter 12.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infogan_lite.datasets.arrays import LEAST, TOO_FEW, check_how, kinds_can_be_split, split
from infogan_lite.datasets.squares import LeftOut, bits_of, square, usual_size
from infogan_lite.inputs import Dataset, is_boolean

COLORED = 0.02  # more pictures in color than this part, and all are kept in color


@dataclass
class Folder:
    """The pictures of a folder as they are trained on, and what became of each file.

    images: shape (n, 1 or 3, size, size), values in [0, 1].
    files: the file of each picture, from the folder on.
    classes: the names of the subfolders, if every picture lies in one and all hold enough of them.
    labels: the class of each picture, shape (n,); shape (n, 0) if there are none.
    left_out: for each reason the files that are not among the pictures.
    remarks: what was read otherwise than one might think.
    """

    path: Path
    images: Tensor
    files: list[str]
    classes: list[str]
    labels: Tensor
    left_out: dict[str, list[str]] = field(default_factory=dict)
    fit: str = "crop"
    remarks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        n, channels, side, _ = self.images.shape
        color = "gray" if channels == 1 else "in color"
        square = {"crop": "the middle square of each", "pad": "each whole, its border filled up"}
        name = self.path.resolve().name
        text = f"{n} pictures of {name}, {square[self.fit]}, {side} x {side} pixels, {color}"
        if self.classes:
            text += f"; {len(self.classes)} subfolders: {_some(self.classes)}"
        return "\n".join([text, *self.said()])

    def said(self) -> list[str]:
        """The remarks, and one line for each reason to leave files out."""
        out = [f"left out, {why}: {_some(files)}" for why, files in self.left_out.items()]
        return [*self.remarks, *out]

    def dataset(self) -> Dataset:
        """A fifth of the pictures, always the same ones, is held out, of each class alike."""
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
    frame counts.  Names that begin with a dot are passed over.  Where no gray level of 16 bits
    uses them all, as from a camera of 12, the largest that the used ones can hold is white.

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
    size = check_how(size, fit, background)
    if color is not None and not is_boolean(color):
        raise ValueError(f"color must be True, False or None, got {color!r:.200}")
    path = _at_home(Path(path))
    found = list(_files(path))
    if not found:
        raise ValueError(f"there are no files in the folder {path}: it must hold pictures")
    side = size or usual_size(path, found)
    bits = bits_of(path, found)
    pictures, kept, seen, left_out = [], [], set(), {}
    for name in found:
        try:
            pixels = square(path / name, side, fit, background, bits)
            if pixels.tobytes() in seen:
                raise LeftOut("the same pixels as another")
        except LeftOut as reason:
            left_out.setdefault(str(reason), []).append(name)
            continue
        seen.add(pixels.tobytes())
        pictures.append(pixels)
        kept.append(name)
    if len(kept) < LEAST:
        raise ValueError(_too_few(path, len(found), len(kept), left_out))
    images = _tensor(np.stack(pictures), color)
    classes, labels = _classes(kept)
    remarks = [f"files of 16 bits use {bits} of them: {2**bits - 1} is white"] * (bits < 16)
    if classes and not kinds_can_be_split(labels):
        remarks.append(f"{len(classes)} subfolders do not count as kinds: {TOO_FEW}")
        classes, labels = [], torch.empty(len(kept), 0, dtype=torch.long)
    return Folder(path, images, kept, classes, labels, left_out, fit, remarks)


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # nobody has that name
        raise ValueError(f"there is no home folder {path.parts[0]}, asked for by {path}") from None


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

    seen = {os.path.realpath(path)}
    for folder, inner, names in os.walk(path, onerror=refuse, followlinks=True):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "__MACOSX")))
        inner[:] = [name for name in inner if _is_new(os.path.join(folder, name), seen)]
        for name in sorted(names):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(path).as_posix()


def _is_new(folder: str, seen: set[str]) -> bool:
    """Whether a folder was not yet seen; links may lead to one twice, or around forever."""
    place = os.path.realpath(folder)
    new = place not in seen
    seen.add(place)
    return new


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


def _some(names: list[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    shown = [repr(name)[1:-1] for name in names[:most]]  # with \n for an end of a line
    short = [name if len(name) <= 60 else f"{name[:40]}...{name[-15:]}" for name in shown]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(short) + more


def _too_few(path: Path, files: int, pictures: int, left_out: dict[str, list[str]]) -> str:
    text = f"at least {LEAST} different pictures are needed to learn from, and of {files} files "
    text += f"in {path} {pictures} can be used"
    if left_out:
        reasons = [f"{len(names)} are left out, {why}" for why, names in left_out.items()]
        text += f" ({'; '.join(reasons)})"
    return text
