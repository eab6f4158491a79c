"""How well does c1 sort the digits?  Measured with labels that training never saw.

Explained in chapter 5, *InfoGAN*.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from infogan_lite.digits import Dataset
from infogan_lite.networks import InfoGAN

if TYPE_CHECKING:  # numpy, scipy and scikit-learn are loaded when they are needed
    import numpy as np


class CodeReport(NamedTuple):
    """c1 as a classifier, on held-out images.

    error: the part misread, from 0 to 1, with the mapping below.
    nmi, ari: agreement of categories and labels without any mapping.
    mapping: label of each category, shape (K,), fitted on the training images.
    """

    error: float
    nmi: float
    ari: float
    mapping: np.ndarray


def categories(model: InfoGAN, images: Tensor, batch: int = 1000) -> np.ndarray:
    """The most probable c1 under Q(c|x) for each image, shape (n,)."""
    import numpy as np

    parts = [model.recognise(x).logits[0].argmax(1).cpu() for x in images.split(batch)]
    return np.concatenate(parts)


@torch.no_grad()
def reader(model: InfoGAN, images: Tensor) -> InfoGAN:
    """A copy of the model whose D and Q expect real images, for reading c1 from them.

    Batch norm in eval mode uses averages that it kept during training, and those are of
    generated and augmented pictures for the most part.  Here they are taken anew, from real
    training images; weights stay as they are, and no label is looked at.  (Adaptive batch
    norm: Li et al., 2016.)

    Args:
        model: a trained model; it is not changed.
        images: real training images, shape (n, channels, h, w).
    """
    copied = copy.deepcopy(model)
    for net in (copied.D, copied.Q):
        for module in net.modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.reset_running_stats()
                module.momentum = None  # a plain mean over the batches below
                module.train()
    for x in images.split(1000):
        copied.Q(copied.D.trunk(x.to(copied.device)))
    return copied.eval()


def fit_mapping(categories: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Name each of the k categories by a label.

    With as many categories as labels the best one-to-one mapping (the Hungarian method);
    otherwise the commonest label in each category.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import confusion_matrix

    n_labels = int(max(labels)) + 1
    counts = confusion_matrix(labels, categories, labels=np.arange(max(k, n_labels)))
    counts = counts[:n_labels, :k]
    if k != n_labels:
        return counts.argmax(axis=0)
    label, category = linear_sum_assignment(counts, maximize=True)
    return label[np.argsort(category)]


def evaluate(model: InfoGAN, data: Dataset) -> CodeReport:
    """Error, NMI and ARI of c1 on held-out images; the mapping is fitted on training images.

    The images are read by ``reader(model, data.x_train)``.

    Raises:
        ValueError: if the code has no categorical factor.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    if not model.code.categorical:
        raise ValueError("this code has no categorical factor, so there is no c1 to measure")
    k = model.code.categorical[0]
    reads = reader(model, data.x_train)
    mapping = fit_mapping(categories(reads, data.x_train), data.y_train.numpy(), k)
    guess, truth = categories(reads, data.x_test), data.y_test.numpy()
    return CodeReport(
        error=float((mapping[guess] != truth).mean()),
        nmi=float(normalized_mutual_info_score(truth, guess)),
        ari=float(adjusted_rand_score(truth, guess)),
        mapping=mapping,
    )
