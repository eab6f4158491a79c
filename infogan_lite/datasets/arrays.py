"""Pictures in an array: squared, resized, and a fifth of them held out.

Used in chapter 12.
"""

import warnings

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from infogan_lite.classifier import integers
from infogan_lite.inputs import Dataset, as_images, as_tensor, whole

LEAST = 50  # pictures; with fewer there is nothing to learn but these pictures themselves
SIDES = range(8, 129, 4)  # of a square; the nets halve it at least twice
USUAL_SIDE = 32
FITS = ("crop", "pad")
BACKGROUNDS = ("white", "black")
TOO_FEW = "with too few pictures in them to hold some of each out, no error is measured"


def from_array(
    images: Tensor | np.ndarray,
    labels: Tensor | np.ndarray | None = None,
    size: int | None = None,
    fit: str = "crop",
) -> Dataset:
    """Pictures in an array, squared and resized, a fifth of them held out.

    Args:
        images: floats in [0, 1] or bytes, shape (n, h, w), (n, 1 or 3, h, w) or (n, h, w, 3).
        labels: whole numbers from 0 on, shape (n,), or (n, m) for m attributes, if there are
            any; training does not see them.  Where some kinds could not be on both sides of the
            split, a warning says so, and there are none.
        size: side of the squares; by default as it is, if that is a multiple of 4 up to 128.
        fit: as for a folder.

    Raises:
        ValueError: for what is no pictures, fewer than 50 different ones, or labels of another kind
            or number.
    """
    data, said = read_array(images, labels, size, fit)
    if said:
        warnings.warn(said, stacklevel=2)
    return data


def read_array(
    images: Tensor | np.ndarray,
    labels: Tensor | np.ndarray | None = None,
    size: int | None = None,
    fit: str = "crop",
) -> tuple[Dataset, str]:
    """As ``from_array``, with what it warns of: whoever was called warns at the caller's line."""
    size = check_how(size, fit, "white")
    x = as_tensor(images, "images")
    if x.ndim == 3 and x.shape[-1] in (1, 3):
        text = "images must be several pictures, as (n, h, w, 3), got one of the shape"
        raise ValueError(f"{text} {tuple(x.shape)}")
    if x.ndim == 4 and x.shape[-1] in (1, 3) and x.shape[1] not in (1, 3):
        x = x.permute(0, 3, 1, 2)
    x = as_images(x).to(torch.float32)
    h, w = x.shape[2:]
    if not h or not w:
        raise ValueError(f"images must have pixels, got the shape {tuple(x.shape)}")
    if (n := _different(x)) < LEAST:
        found = f"{n} among {len(x)}" if n < len(x) else n
        raise ValueError(
            f"at least {LEAST} different pictures are needed to learn from, got {found}"
        )
    x = _crop(x) if fit == "crop" else _pad(x)
    side = size or (h if h == w and h in SIDES else min(USUAL_SIDE, nearest_side(min(h, w))))
    if x.shape[2] != side:
        x = interpolate(x, (side, side), mode="bilinear", antialias=True).clamp(0, 1)
    y, said = _labels(labels, len(x)), ""
    if y.ndim == 1 and not kinds_can_be_split(y):
        said = f"{len(y.unique())} labels do not count as kinds: {TOO_FEW}"
        y = y.new_empty(len(x), 0)
    return split(x, y), said


def _different(images: Tensor) -> int:
    """How many there are, counted no further than is needed."""
    seen = set()
    for image in images:
        seen.add(image.cpu().numpy().tobytes())
        if len(seen) == LEAST:
            break
    return len(seen)


def _labels(labels: Tensor | np.ndarray | None, n: int) -> Tensor:
    """Labels as ``evaluate`` takes them: what it would refuse is refused before training."""
    if labels is None:
        return torch.empty(n, 0, dtype=torch.long)
    if _are_words(labels):
        raise ValueError("labels must be numbers: give np.unique(labels, return_inverse=True)[1]")
    y = as_tensor(labels, "labels")
    for column in y.T if y.ndim == 2 else [y]:
        integers("labels", column)
    if len(y) != n:
        raise ValueError(f"there must be a label for each of {n} pictures, got {len(y)}")
    return y.long()


def _are_words(labels: object) -> bool:
    try:
        return np.asarray(labels).dtype.kind in "USO"
    except (TypeError, ValueError, RuntimeError):  # no array at all: as_tensor says so by name
        return False


def split(images: Tensor, labels: Tensor) -> Dataset:
    """Four fifths to train on and one fifth held out, always the same ones, of each kind alike."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    held_out = len(images) // 5
    test, train = order.tensor_split([held_out])
    if kinds_can_be_split(labels):
        from sklearn.model_selection import train_test_split

        several, how = order[_several(labels[order])], dict(test_size=held_out, random_state=0)
        _, test = train_test_split(several, stratify=labels[several], **how)
        train = order[~torch.isin(order, test)]
    return Dataset(images[train], labels[train], images[test], labels[test])


def kinds_can_be_split(labels: Tensor) -> bool:
    """Whether every kind of several pictures can be on both sides of the split.

    Else a kind may be held out alone, and what is measured on it says nothing.
    """
    if labels.ndim != 1:
        return False
    several, held_out = labels[_several(labels)], len(labels) // 5
    return 0 < len(several.unique()) <= min(held_out, len(several) - held_out)


def _several(labels: Tensor) -> Tensor:
    """For each picture, whether there is another of its kind; if not, it is trained on."""
    _, kind, counts = labels.unique(return_inverse=True, return_counts=True)
    return counts[kind] > 1


def check_how(size: object, fit: str, background: str) -> int | None:
    """The size as an int; a size, a fit or a background that does not exist is refused by name."""
    if size is not None and (size := whole("size", size)) not in SIDES:
        raise ValueError(f"size must be a multiple of 4 from 8 to 128, got {size!r:.200}")
    for name, value, known in (("fit", fit, FITS), ("background", background, BACKGROUNDS)):
        if value not in known:
            raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r:.200}")
    return size


def nearest_side(side: int) -> int:
    """The largest side that is not larger, or the smallest there is."""
    return max(side // 4 * 4, SIDES[0])


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
