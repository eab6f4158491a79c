"""The data sets that torchvision fetches, each file once, whole or not at all.

Used in chapter 8.
"""

import gzip
import os
import shutil
import socket
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torchvision import datasets as torchvision_datasets
from torchvision.datasets.utils import check_integrity, download_url
from torchvision.transforms import v2

from infogan_lite.inputs import Dataset

TIMEOUT = 30.0  # seconds that a server may be silent


def fetched(name: str, cache: str | Path | None = None) -> Dataset:
    """One of ``loading.DOWNLOADED``, from the cache folder or from a server; errors as ``load``."""
    if name == "svhn":
        return _svhn(cache)
    if name == "celeba":
        return _celeba(cache)
    kinds = {
        "mnist": torchvision_datasets.MNIST,
        "fashion-mnist": torchvision_datasets.FashionMNIST,
    }
    return _torchvision(kinds[name], name, cache)


def _images(pixels) -> Tensor:
    """Bytes in any array of n * 784 numbers to floats of shape (n, 1, 28, 28) in [0, 1]."""
    return torch.as_tensor(pixels).reshape(-1, 1, 28, 28).float() / 255


def _torchvision(kind: type, name: str, cache: str | Path | None) -> Dataset:
    with _cache(name, cache) as folder:
        raw = folder / kind.__name__ / "raw"
        for packed, md5 in kind.resources:
            _unpacked(raw, packed, md5, [mirror + packed for mirror in kind.mirrors])
        train, test = (_pairs(raw, part) for part in ("train", "t10k"))
    return Dataset(*train, *test)


def _pairs(raw: Path, part: str) -> tuple[Tensor, Tensor]:
    """The images and the labels of one part, with as many of the one as of the other."""
    x, y = (raw / f"{part}-{kind}-ubyte" for kind in ("images-idx3", "labels-idx1"))
    images, labels = read_idx(x, (28, 28)), read_idx(y, ())
    if len(images) != len(labels):
        raise _Wrong(
            f"{x} holds {len(images)} images, but {y.name} {len(labels)} labels: "
            "both must be of the same set"
        )
    return _images(images.copy()), torch.from_numpy(labels.astype(np.int64))


def read_idx(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """A file of bytes in the IDX format: magic number, lengths of the axes, the numbers.

    Raises:
        OSError: names the file and what is wrong with it.
    """
    data = path.read_bytes()
    magic, head = bytes([0, 0, 8, 1 + len(shape)]), 4 * (2 + len(shape))
    if len(data) < head or data[:4] != magic:
        raise _Wrong(
            f"{path} begins with {data[:4].hex(' ') or 'nothing'} where an IDX file of bytes "
            f"with {1 + len(shape)} axes begins with {magic.hex(' ')}; {ANEW}"
        )
    n, *sides = struct.unpack(f">{1 + len(shape)}I", data[4:head])
    if tuple(sides) != shape:
        raise _Wrong(f"{path} holds pictures of {sides}, not of {list(shape)} pixels; {ANEW}")
    wanted = head + n * int(np.prod(shape))
    if len(data) != wanted:
        raise _Wrong(f"{path} has {len(data)} bytes, {wanted} by its own head; {ANEW}")
    if n == 0:
        raise _Wrong(f"{path} is empty; {ANEW}")
    return np.frombuffer(data, np.uint8, offset=head).reshape(n, *shape)


ANEW = "move this one file away and try again"


class _Wrong(OSError):
    """A file in the cache that is not what it should be; the message names it."""


def _unpacked(raw: Path, packed: str, md5: str, urls: Sequence[str]) -> None:
    """See that ``packed`` is there without its .gz, from the cache or from a server."""
    target = raw / packed.removesuffix(".gz")
    if target.exists():
        return
    _fetch(raw / packed, md5, urls)
    with tempfile.TemporaryDirectory(dir=raw) as place:
        part = Path(place) / target.name
        with gzip.open(raw / packed) as source, open(part, "wb") as copy:
            shutil.copyfileobj(source, copy)
        os.replace(part, target)


def _fetch(path: Path, md5: str, urls: Sequence[str]) -> None:
    """Download a file once, whole or not at all; refuse one that is there and is not it."""
    if path.exists():
        return _published(path, md5)
    path.parent.mkdir(parents=True, exist_ok=True)
    for url in urls:
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            try:
                download_url(url, place, path.name, md5)
            except (OSError, HTTPException, RuntimeError) as error:  # the last: a wrong checksum
                failure = error
                continue
            os.replace(Path(place) / path.name, path)
            return
    raise OSError(f"{urls[-1]}: {failure}") from failure


def _published(path: Path, md5: str) -> None:
    """Refuse a file in the cache whose checksum is not that of the published one."""
    if not check_integrity(path, md5):
        raise _Wrong(
            f"{path} is not the published file: its MD5 checksum is not {md5}. "
            "It may be a file of your own, or a broken download; " + ANEW
        )


def _svhn(cache: str | Path | None) -> Dataset:
    with _cache("svhn", cache) as folder:
        for url, file, md5 in (torchvision_datasets.SVHN.split_list[s] for s in ("train", "test")):
            _fetch(folder / "svhn" / file, md5, [url])
        parts = [torchvision_datasets.SVHN(folder / "svhn", split=s) for s in ("train", "test")]
    tensors = [(torch.tensor(p.data).float() / 255, torch.tensor(p.labels)) for p in parts]
    return Dataset(*tensors[0], *tensors[1])


def _celeba(cache: str | Path | None) -> Dataset:
    face = v2.Compose([v2.PILToTensor(), v2.CenterCrop(148), v2.Resize(32, antialias=True)])
    with _cache("celeba", cache) as folder:
        for _, md5, file in torchvision_datasets.CelebA.file_list:
            # torchvision would download over them; pictures need not be packed any more.
            if (path := folder / "celeba" / file).exists() and path.suffix == ".txt":
                _published(path, md5)
        try:
            parts = [
                torchvision_datasets.CelebA(folder, split=split, transform=face, download=True)
                for split in ("train", "test")
            ]
        except PermissionError:
            raise
        except Exception as error:  # gdown's errors have no class in common
            raise OSError(str(error)) from error
        images = [torch.stack([part[i][0] for i in range(len(part))]) for part in parts]
    (x_train, x_test), (y_train, y_test) = images, [part.attr for part in parts]
    return Dataset(x_train.float() / 255, y_train, x_test.float() / 255, y_test)


@contextmanager
def _cache(name: str, cache: str | Path | None) -> Iterator[Path]:
    """The cache folder; what goes wrong inside becomes an OSError that says what to do."""
    given = cache or os.environ.get("INFOGAN_DATA") or "~/.cache/infogan_lite"
    folder = Path(os.path.expanduser(given))
    if folder.parts[:1] and folder.parts[0].startswith("~"):
        raise FileNotFoundError(f"there is no home folder {folder.parts[0]} for the cache {given}")
    unwritable = (
        f"cannot write to the cache folder {folder}: "
        "give another with load(..., cache=...) or the variable INFOGAN_DATA"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise type(error)(unwritable) from error
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)  # torchvision sets none: a silent server would be waited for
    try:
        yield folder
    except PermissionError as error:
        raise PermissionError(unwritable) from error
    except _Wrong as error:
        raise OSError(f"could not read {name!r:.200}: {error}") from error
    except OSError as error:
        raise OSError(
            f"could not download {name!r:.200} into {folder}, or read what is there: {error}. "
            'Without a network use load("digits"), which comes with the installation'
        ) from error
    finally:
        socket.setdefaulttimeout(before)
