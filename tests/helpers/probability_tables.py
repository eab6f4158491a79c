"""Tables of probabilities for the tests of information."""

import numpy as np
import torch

D = torch.float64


def tensor(values) -> torch.Tensor:
    return torch.tensor(np.asarray(values), dtype=D)


def random_channel(k: int, n_x: int, seed: int = 0) -> np.ndarray:
    """K rows, each a distribution over x."""
    return np.random.default_rng(seed).dirichlet(np.full(n_x, 0.5), size=k)
