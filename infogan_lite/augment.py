"""Random shifts, turns, stretches and shears, for real and generated pictures alike.

D and Q only ever see augmented pictures, so D cannot learn the 4,000 training pictures by
heart, and Q cannot use a position or a slant as a hiding place for c1.  Since both real and
generated pictures go through the same random map, G's goal stays the distribution of the
data, and the gradient flows through the map to G.

Explained in chapter 5, *InfoGAN*.
"""

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from infogan_lite.bend import affine_grid
from infogan_lite.distributed import WHOLE, Share


def augment(
    x: Tensor,
    strength: float,
    generator: torch.Generator,
    share: Share = WHOLE,
    outside: str = "empty",
) -> Tensor:
    """Each picture through a random affine map of its own.

    Args:
        x: shape (n, channels, h, w).
        strength: s; turns up to s radians, stretches each axis by up to e^s, shears up to
            s, and shifts up to 10 s pixels.
        generator: where the randomness comes from, on the device of x.
        share: which part of a batch x is, if several processes share one.
        outside: what moves in from beyond the border: "empty" is 0, right for digits on an
            empty page; "edge" repeats the nearest pixel, right for pictures without a margin.

    Returns:
        Pictures of the same shape.
    """
    n, _, h, w = x.shape

    numbers = share.of(torch.rand(n * share.world, 6, generator=generator, device=x.device))
    angle, shear, stretch_x, stretch_y, right, down = (2 * numbers - 1).mul(strength).T
    stretch_x, stretch_y = stretch_x.exp(), stretch_y.exp()
    cos, sin = angle.cos(), angle.sin()
    rows = [
        torch.stack([cos * stretch_x, (cos * shear - sin) * stretch_y, 20 / w * right]),
        torch.stack([sin * stretch_x, (sin * shear + cos) * stretch_y, 20 / h * down]),
    ]
    theta = torch.stack(rows).permute(2, 0, 1)  # (n, 2, 3)
    padding = {"empty": "zeros", "edge": "border"}[outside]
    return grid_sample(x, affine_grid(theta, h, w), padding_mode=padding, align_corners=False)
