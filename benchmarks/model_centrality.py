"""Which of several runs to take, without labels: the one that the others understand best.

Model centrality (Lin et al., 2020, https://arxiv.org/abs/1906.06034): the codes of run j stand for
factors, the pictures of its G for data, and the FactorVAE score says how well Q of run i does on
them.  The mean of both directions is how near two runs are; the medoid is chosen.
"""

from collections.abc import Sequence

import numpy as np
import torch

from infogan_lite import InfoGAN, sample_noise
from infogan_lite.measures.factor_vae import factor_vae_score


def understood(reader: InfoGAN, maker: InfoGAN, votes: int, reference: int = 2000) -> float:
    """The FactorVAE score of one run's Q about the codes of another run's G."""

    def draw(fixed: int | None, n: int, rng: np.random.Generator) -> np.ndarray:
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        z, c = sample_noise(n, maker.settings.z_dim, generator), maker.code.sample(n, generator)
        if fixed is not None:
            c[:, fixed] = c[0, fixed].clone()
        return reader.recognise(maker.generate(z, c)).mean.numpy()

    return factor_vae_score(draw, maker.code.uniform, votes=votes, reference=reference)


def both_ways(models: Sequence[InfoGAN], votes: int) -> np.ndarray:
    """How near each two runs are, shape (runs, runs), symmetric, with 1 on its diagonal.

    All codes must be uniform.
    """
    table = np.eye(len(models))
    for i, reader in enumerate(models):
        for j, maker in enumerate(models):
            if i != j:
                table[i, j] = understood(reader, maker, votes)
    return (table + table.T) / 2


def centrality(table: np.ndarray) -> np.ndarray:
    """The mean nearness of each run to the others, from a symmetric table of two runs or more."""
    return (table.sum(1) - np.diag(table)) / (len(table) - 1)
