"""Linear probes: what a linear model reads from the features of a trunk that stands still."""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from infogan_lite import InfoGAN


def balanced_order(y: Tensor, seed: int) -> Tensor:
    """Indices in a random order in which the first K, the next K, ... hold each class once.

    So the first 100 of 10 classes are 10 of each, and they are among the first 1,000.
    """
    shuffled = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    members = [shuffled[y[shuffled] == label] for label in y.unique()]
    least = min(len(m) for m in members)
    return torch.stack([m[:least] for m in members], dim=1).flatten()


def probe_error(h: np.ndarray, y: np.ndarray, h_test: np.ndarray, y_test: np.ndarray) -> float:
    """The part misread by a logistic regression on features; its penalty was never tuned."""
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000))
    return 1 - probe.fit(h, y).score(h_test, y_test)


def probe_fit(h: np.ndarray, v: np.ndarray, h_test: np.ndarray, v_test: np.ndarray) -> float:
    """R^2 of a ridge regression; leave-one-out on its own labels sets the penalty."""
    probe = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 13)))
    return probe.fit(h, v).score(h_test, v_test)


@torch.no_grad()
def trunk_features(net: InfoGAN, images: Tensor, new: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """What the trunk makes of training pictures and of new ones."""
    parts = [torch.cat([net.D.trunk(x) for x in x.split(1000)]) for x in (images, new)]
    return parts[0].numpy(), parts[1].numpy()
