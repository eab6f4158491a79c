"""A mere stretch is told from a change of another kind."""

import torch

from benchmarks.traversal_effects import stretch
from infogan_lite import LatentCode, Settings


class Widening(torch.nn.Module):
    """Stands for a model whose c2 stretches an upright oval, or makes its ring thicker."""

    def __init__(self, thicker):
        super().__init__()
        self.settings = Settings(code=LatentCode((), 2), z_dim=1)
        self.code, self.thicker = self.settings.code, thicker

    def generate(self, z, c):
        y, x = torch.meshgrid(*[torch.linspace(-1, 1, 28)] * 2, indexing="ij")
        size = 0.1 * c[:, 0, None, None]
        radius = (x / (0.5 if self.thicker else 0.5 + size)) ** 2 + (y / 0.6) ** 2
        thickness = 0.3 + (size if self.thicker else 0 * size)
        return torch.sigmoid(20 * (thickness - (radius.sqrt() - 1).abs()))[:, None]


def test_a_mere_stretch_leaves_little_unexplained():
    assert stretch(Widening(thicker=False), rows=4) < 0.1
    assert stretch(Widening(thicker=True), rows=4) > 0.3
