"""The rendered data sets by name: heads, chairs, streets and shapes, with known factors.

Used in chapter 7.
"""

import torch
from torch import Tensor

from infogan_lite.canvas import Factor, Factored
from infogan_lite.chairs import CHAIRS, chairs, render_chairs
from infogan_lite.heads import HEADS, heads, render_heads
from infogan_lite.shapes import SHAPES, render_shapes, shapes
from infogan_lite.streets import STREETS, render_streets, streets

SETS = ("heads", "chairs", "streets", "shapes")


def factored(
    name: str, n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """n pictures of ``heads``, ``chairs``, ``streets`` or ``shapes`` with their factors.

    The factors are independent and uniform; what each means, in which unit, is told by the
    function of that name.  No download; the same arguments give the same pictures.

    Args:
        name: which set.
        n: how many pictures.
        seed: of the factors.
        size: side of a picture in pixels.
        device: where to render, the CPU by default.

    Raises:
        ValueError: for an unknown name, n < 1 or size < 8.
    """
    _known(name)
    made = {"heads": heads, "chairs": chairs, "streets": streets, "shapes": shapes}
    return made[name](n, seed, size, device)


def render(name: str, factors: Tensor, size: int = 32) -> Tensor:
    """Pictures of given factors, shape (n, channels, size, size), on the factors' device.

    Raises:
        ValueError: for an unknown name, factors of another shape or outside of their
            ranges, or size < 8.
    """
    _known(name)
    renderers = {
        "heads": render_heads,
        "chairs": render_chairs,
        "streets": render_streets,
        "shapes": render_shapes,
    }
    return renderers[name](factors, size)


def space(name: str) -> tuple[Factor, ...]:
    """The factors of a set and their ranges, one for each column.

    Raises:
        ValueError: for an unknown name.
    """
    _known(name)
    return {"heads": HEADS, "chairs": CHAIRS, "streets": STREETS, "shapes": SHAPES}[name]


def _known(name: str) -> None:
    if name not in SETS:
        raise ValueError(f"unknown rendered set {name!r}; choose one of: {', '.join(SETS)}")
