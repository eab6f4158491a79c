"""What can be measured on the pictures themselves: how codes act, how near real ones they are."""

from functools import cache

import torch
import torch.nn.functional as F
from scipy.linalg import sqrtm
from sklearn.decomposition import PCA
from torch import Tensor

from benchmarks.quality import rank_correlation
from infogan_lite import InfoGAN, load, measure, sample_noise, traverse, traverse_noise
from infogan_lite.bend import affine_grid

SHAPES = ("slant", "width")


def along_rows(images: Tensor, shape: str) -> tuple[float, float]:
    """How well the position in a row orders slant or width, and how far these move.

    The order is the median over rows of the rank correlation.  It says nothing of the size: a
    change of a hundredth of a pixel can be in perfect order.  The size is the median change
    from the first picture to the last, in standard deviations of the real digits.

    Args:
        images: traversals, shape (rows, columns, 1, h, w).
        shape: what is measured on each picture, see ``infogan_lite.moments``.
    """
    rows, columns = images.shape[:2]
    lines = getattr(measure(images.flatten(0, 1)), shape).view(rows, columns)
    position = torch.arange(columns)
    order = torch.tensor([rank_correlation(position, line) for line in lines]).median()
    size = (lines[:, -1] - lines[:, 0]).abs().median() / spread(shape)
    return order.item(), size.item()


@cache
def spread(shape: str) -> float:
    """The standard deviation of slant or width among real digits."""
    return getattr(measure(load("digits").x_train), shape).std().item()


def far_and_near(model: InfoGAN, rows: int = 100) -> dict[str, float]:
    """Order and size for each of c2, c3: from -1 to 1, and the order from -2 to 2."""
    result = {}
    for name in model.code.uniform_names:
        for shape in SHAPES:
            near = traverse(model, name, torch.linspace(-1, 1, 11).tolist(), rows)
            far = traverse(model, name, torch.linspace(-2, 2, 11).tolist(), rows)
            order, size = along_rows(near, shape)
            result[f"{name} {shape}"], result[f"{name} {shape} size"] = order, size
            result[f"{name} {shape} far"], _ = along_rows(far, shape)
    return result


def moving_noise(model: InfoGAN, shape: str, rows: int = 50) -> int:
    """How many numbers of z, moved from -2 to 2, change a shape by half a standard deviation.

    One would be a code by accident; many mean that the shape is spread over z.
    """
    values = torch.linspace(-2, 2, 5).tolist()
    found = [
        along_rows(traverse_noise(model, i, values, rows), shape)
        for i in range(model.settings.z_dim)
    ]
    return sum(size >= 0.5 for _, size in found)


def stretch(model: InfoGAN, rows: int = 64, steps: int = 150) -> float:
    """The part of what c2 or c3 changes that no affine map of the picture explains.

    Of the code that changes the width more, pictures at -1 and 1; the best map of the one
    onto the other (stretch, shear, shift) is found by gradient descent for each pair.  0: a
    mere stretch; near 1: something else.  What interpolation blurs counts as unexplained.
    """
    near = far_and_near(model, 30)
    name = max(model.code.uniform_names, key=lambda n: near[f"{n} width size"])
    before, after = traverse(model, name, [-1.0, 1.0], rows).unbind(1)
    theta = torch.eye(2, 3).repeat(rows, 1, 1).requires_grad_()
    adam = torch.optim.Adam([theta], 0.02)
    for _ in range(steps):
        mapped = F.grid_sample(before, affine_grid(theta, *before.shape[2:]), align_corners=False)
        unexplained = (mapped - after).square().sum((1, 2, 3))
        adam.zero_grad()
        unexplained.sum().backward()
        adam.step()
    change = (before - after).square().sum((1, 2, 3))
    return (unexplained.sum() / change.sum()).item()


class Pace:
    """A callback: how far generated pictures are from real ones, every so many steps.

    The distance is Frechet's between Gaussians, as in FID, with the first 20 principal
    components of the pixels in place of the features of a net.
    """

    def __init__(self, images: Tensor, every: int = 50, n: int = 1000) -> None:
        self.pca = PCA(20, random_state=0).fit(images.flatten(1).numpy())
        self.real = self.moments(images)
        self.every, self.n, self.steps, self.distances = every, n, [], []

    def moments(self, images: Tensor) -> tuple[Tensor, Tensor]:
        parts = torch.from_numpy(self.pca.transform(images.flatten(1).numpy())).double()
        return parts.mean(0), parts.T.cov()

    def __call__(self, model: InfoGAN, history) -> None:
        if history.step[-1] % self.every == 0 or not self.steps:
            generator = torch.Generator().manual_seed(0)
            z = sample_noise(self.n, model.settings.z_dim, generator)
            images = model.generate(z, model.code.sample(self.n, generator)).cpu()
            self.steps.append(history.step[-1])
            self.distances.append(frechet(self.real, self.moments(images)))

    def settled(self) -> int:
        """The first step from which on the distance stays within a fifth of how far it fell."""
        first, last = self.distances[0], self.distances[-1]
        limit = last + 0.2 * max(first - last, 0)
        late = [i for i, d in enumerate(self.distances) if d > limit]
        return self.steps[min(late[-1] + 1, len(self.steps) - 1)] if late else self.steps[0]


def frechet(a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor]) -> float:
    """|m - m'|^2 + tr(S + S' - 2 (S S')^1/2) of two Gaussians, given as mean and covariance."""
    root = torch.from_numpy(sqrtm((a[1] @ b[1]).numpy()).real)
    return ((a[0] - b[0]).square().sum() + (a[1] + b[1] - 2 * root).trace()).item()
