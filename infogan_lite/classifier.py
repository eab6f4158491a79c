"""How well does c1 sort the digits?  With labels that training never saw (chapter 5)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from infogan_lite.batch_norm import settle
from infogan_lite.inputs import Dataset, as_images, as_tensor, whole
from infogan_lite.networks import InfoGAN

if TYPE_CHECKING:  # numpy, scipy and scikit-learn are loaded when they are needed
    import numpy as np


class CodeReport(NamedTuple):
    """c1 as a classifier, on held-out images.

    error: the part misread, from 0 to 1, with the mapping below.  nmi, ari: agreement without
    one.  mapping: the label of each category, shape (K,), fitted on the training images.
    """

    error: float
    nmi: float
    ari: float
    mapping: np.ndarray


def check(data: Dataset, image_shape: tuple[int, int, int]) -> Dataset:
    """The data as ``evaluate`` takes them, or a ValueError; a blink, so call it before training."""
    parts = []
    for part, least in (("train", 2), ("test", 1)):
        x = as_images(getattr(data, f"x_{part}"), image_shape, f"x_{part}")
        y = integers(f"y_{part}", getattr(data, f"y_{part}"))
        if not least <= len(x) == len(y):
            text = f"x_{part} and y_{part} must hold at least {least} pictures with a label each"
            raise ValueError(f"{text}, got {len(x)} and {len(y)}")
        parts += [x, torch.from_numpy(y)]
    return Dataset(*parts)


def integers(name: str, values: np.ndarray) -> np.ndarray:
    """Integers from 0 on as an array of shape (n,); a ValueError for all else."""
    array = as_tensor(values, name).detach().cpu().numpy()
    if array.ndim != 1:
        hint = ": several attributes are measured one by one, as y[:, j]" if array.ndim == 2 else ""
        hint = ": there are no labels to measure c1 with" if array.shape[1:] == (0,) else hint
        raise ValueError(f"{name} must have the shape (n,), got {array.shape}{hint}")
    if array.dtype.kind not in "iub":
        raise ValueError(f"{name} must be integers, got {array.dtype}")
    if len(odd := array[(array < 0) | (array > 2**63 - 1)]):
        raise ValueError(f"{name} has a {odd[0]}, not 0 to 2^63 - 1: leave out what has no label")
    return array.astype("int64")


def _pieces(model: InfoGAN, images: Tensor, batch: int) -> tuple[Tensor, ...]:
    return as_images(images, model.image_shape).split(whole("batch", batch, 1))


def categories(model: InfoGAN, images: Tensor, batch: int = 1000) -> np.ndarray:
    """The most probable c1 under Q(c|x) for each image, shape (n,)."""
    parts = [model.recognise(x).logits[0].argmax(1).cpu() for x in _pieces(model, images, batch)]
    return torch.cat(parts).numpy()


@torch.no_grad()
def reader(model: InfoGAN, images: Tensor, batch: int = 1000) -> InfoGAN:
    """A copy of the model whose D and Q expect real images, for reading c1 from them.

    Batch norm in eval mode uses averages, and those of training are of generated pictures too.
    Here they are taken anew, from real training images; weights stay as they are, and no label
    is looked at.  (Adaptive batch norm: Li et al., 2016.)  It takes 2 images or more.
    """
    pieces = _pieces(model, images, batch)
    if (n := sum(map(len, pieces))) < 2:
        raise ValueError(f"averages need at least 2 pictures, got {n}")
    copied = copy.deepcopy(model).eval()
    settle([copied.D.trunk, copied.Q], lambda: [copied.recognise(x) for x in pieces])
    return copied


def fit_mapping(categories: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Name each of the k categories by a label: the label of each category, shape (k,).

    With as many categories as distinct labels the best one-to-one mapping (the Hungarian method);
    otherwise the commonest label in each, and for an empty one the smallest of all.  Categories are
    integers 0 to k - 1, labels any from 0 on, both (n,); a ValueError is for others, or for none.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    categories, labels = integers("categories", categories), integers("labels", labels)
    if len(categories) != len(labels) or not len(labels):
        text = f"{len(categories)} categories but {len(labels)} labels"
        raise ValueError(f"{text}: give one of each for every picture, at least 1")
    k = whole("k", k, 1)
    if categories.max() >= k:
        raise ValueError(f"categories must run from 0 to {k - 1}, got {categories.max()}")
    names, index = np.unique(labels, return_inverse=True)
    counts = np.bincount(index * k + categories, minlength=len(names) * k).reshape(len(names), k)
    if k != len(names):
        return names[counts.argmax(axis=0)]
    label, category = linear_sum_assignment(counts, maximize=True)
    return names[label[np.argsort(category)]]


def evaluate(model: InfoGAN, data: Dataset) -> CodeReport:
    """Error, NMI and ARI of c1 on held-out images; the mapping is fitted on training images.

    All are read by ``reader(model, data.x_train)``; errors as ``check``, or for want of a category.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    if not model.code.categorical:
        raise ValueError("this code has no categorical factor, so there is no c1 to measure")
    data = check(data, model.image_shape)
    reads = reader(model, data.x_train)
    truth = integers("y_test", data.y_test)
    mapping = fit_mapping(categories(reads, data.x_train), data.y_train, model.code.categorical[0])
    guess = categories(reads, data.x_test)
    nmi, ari = normalized_mutual_info_score(truth, guess), adjusted_rand_score(truth, guess)
    return CodeReport(float((mapping[guess] != truth).mean()), float(nmi), float(ari), mapping)
