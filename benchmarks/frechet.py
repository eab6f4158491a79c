"""How far generated pictures are from real ones in training, and when that settles."""

import torch
from sklearn.decomposition import PCA
from torch import Tensor

from infogan_lite import InfoGAN, sample_noise


class Pace:
    """A callback: how far generated pictures are from real ones, every so many steps.

    The distance is Frechet's between Gaussians, as in FID, with the first 20 principal
    components of the pixels in place of the features of a net.
    """

    def __init__(self, images: Tensor, every: int = 50, n: int = 1000) -> None:
        self.pca = PCA(20, random_state=0).fit(images.flatten(1).numpy())
        self.real = self.moments_of(images)
        self.every, self.n, self.steps, self.distances = every, n, [], []

    def moments_of(self, images: Tensor) -> tuple[Tensor, Tensor]:
        return moments(torch.from_numpy(self.pca.transform(images.flatten(1).numpy())))

    def __call__(self, model: InfoGAN, history) -> None:
        if history.step[-1] % self.every == 0 or not self.steps:
            generator = torch.Generator().manual_seed(0)
            z = sample_noise(self.n, model.settings.z_dim, generator)
            images = model.generate(z, model.code.sample(self.n, generator)).cpu()
            self.steps.append(history.step[-1])
            self.distances.append(frechet(self.real, self.moments_of(images)))

    def settled(self) -> int:
        """The first step from which on the distance stays within a fifth of how far it fell."""
        first, last = self.distances[0], self.distances[-1]
        limit = last + 0.2 * max(first - last, 0)
        late = [i for i, d in enumerate(self.distances) if d > limit]
        return self.steps[min(late[-1] + 1, len(self.steps) - 1)] if late else self.steps[0]


def moments(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (d,) and covariance (d, d) of features (n, d), in float64."""
    rows = rows.double()
    return rows.mean(0), rows.T.cov()


def frechet(a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor]) -> float:
    """The squared Frechet distance of two Gaussians, given as mean and covariance.

    |m - m'|^2 + tr(S + S' - 2 (S S')^1/2): S S' has the eigenvalues of a positive matrix, of
    which some are 0, and a little below by rounding.
    """
    root = torch.linalg.eigvals(a[1] @ b[1]).real.clamp_min(0).sqrt().sum()
    return ((a[0] - b[0]).square().sum() + a[1].trace() + b[1].trace() - 2 * root).item()
