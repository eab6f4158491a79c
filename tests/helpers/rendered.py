"""What the tests of the worlds share: rows of factors, pictures of them, and their moments."""

import numpy as np
import torch

from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import Factor


def middle(f: Factor) -> float:
    """A value inside of a factor's range, a little off its center."""
    return (f.low + f.high) // 2 if f.discrete else 0.45 * f.low + 0.55 * f.high


def table(name: str, n: int = 1, **values) -> torch.Tensor:
    """n rows of factors, the middle of each range but for the values given."""
    columns = [torch.as_tensor(values.pop(f.name, middle(f))) for f in space(name)]
    assert not values, f"no factors of {name}: {values}"
    return torch.stack([c.float().expand(n) for c in columns], dim=1)


def pictures(name: str, n: int = 1, size: int = 32, **values) -> np.ndarray:
    """Pictures (n, size, size) of one channel."""
    return render(name, table(name, n, **values), size)[:, 0].double().numpy()


def moments(picture: np.ndarray) -> tuple[float, float, float, np.ndarray]:
    """Mass, center (right, up) in pixels from the middle, and covariance."""
    h, w = picture.shape
    up, right = (h - 1) / 2 - np.arange(h)[:, None], np.arange(w)[None] - (w - 1) / 2
    mass = picture.sum()
    x, y = (picture * right).sum() / mass, (picture * up).sum() / mass
    dx, dy = right - x, up - y
    second = [[(picture * a * b).sum() / mass for a in (dx, dy)] for b in (dx, dy)]
    return mass, x, y, np.array(second)


def silhouette(picture: np.ndarray, background: float) -> tuple[int, int]:
    """Columns and rows of pixels that something covers."""
    seen = np.abs(picture - background) > 0.05
    return int(seen.any(axis=0).sum()), int(seen.any(axis=1).sum())
