"""The map that bends a drawing: what steers it, and its grid beside torch's."""

import pytest
import torch

from infogan_lite import InfoGAN
from infogan_lite.bend import affine_grid

pytestmark = pytest.mark.sensitive


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_net_bends_by_z_and_the_uniform_factors_and_not_by_c1(model, tiny):
    """With the drawing held fixed, another c1 leaves the map alone; another c2 does not."""
    drawing = torch.rand(2, 1, 8, 8, generator=seeded())
    z = torch.randn(1, 4, generator=seeded()).repeat(2, 1)
    bend = InfoGAN(tiny, (1, 8, 8)).G.bend
    same_drawing = drawing[:1].repeat(2, 1, 1, 1)
    c1 = torch.tensor([[1.0, 0, 0, 0.3, 0.3], [0, 0, 1.0, 0.3, 0.3]])
    c2 = torch.tensor([[1.0, 0, 0, 0.3, 0.3], [1.0, 0, 0, -0.9, 0.3]])
    torch.testing.assert_close(*bend(same_drawing, z, c1))
    assert not torch.allclose(*bend(same_drawing, z, c2), atol=1e-3)


@pytest.mark.parametrize(("h", "w"), [(28, 28), (5, 9), (1, 1)])
def test_the_grid_of_affine_maps_is_that_of_torch(h, w):
    theta = torch.randn(3, 2, 3, dtype=torch.float64)
    expected = torch.nn.functional.affine_grid(theta, (3, 1, h, w), align_corners=False)
    torch.testing.assert_close(affine_grid(theta, h, w), expected)
