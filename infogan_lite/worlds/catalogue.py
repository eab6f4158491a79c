"""The rendered data sets by name: heads, chairs, streets, portraits and shapes, with known factors.

Used in chapter 7.
"""

import torch
from torch import Tensor

from infogan_lite.inputs import whole
from infogan_lite.worlds.chairs import CHAIRS, chairs, render_chairs
from infogan_lite.worlds.heads import HEADS, heads, render_heads
from infogan_lite.worlds.portraits import PORTRAITS, portraits, render_portraits
from infogan_lite.worlds.scene import Factor, Factored
from infogan_lite.worlds.shapes import SHAPES, render_shapes, shapes
from infogan_lite.worlds.streets import STREETS, render_streets, streets

# For each name: what draws and renders, what renders given factors, and the factors.
SETS = {
    "heads": (heads, render_heads, HEADS),
    "chairs": (chairs, render_chairs, CHAIRS),
    "streets": (streets, render_streets, STREETS),
    "portraits": (portraits, render_portraits, PORTRAITS),
    "shapes": (shapes, render_shapes, SHAPES),
}


def factored(
    name: str, n: int, seed: int = 0, size: int = 32, device: str | torch.device | None = None
) -> Factored:
    """n pictures of a set with their factors.

    The factors are independent and uniform; what each means, in which unit, is told by the
    function of that name.  No download; the same arguments give the same pictures.

    Args:
        name: ``heads``, ``chairs``, ``streets``, ``portraits`` or ``shapes``.
        n: how many pictures.
        seed: of the factors.
        size: side of a picture in pixels.
        device: where to render, the CPU by default.

    Raises:
        ValueError: for an unknown name, n < 1 or size < 8.
    """
    draw_and_render, _, _ = _of(name)
    return draw_and_render(n, seed, size, device)


def render(name: str, factors: Tensor, size: int = 32) -> Tensor:
    """Pictures of given factors, shape (n, channels, size, size), on the factors' device.

    Raises:
        ValueError: for an unknown name, factors of another shape or outside of their
            ranges, or size < 8.
    """
    _, render_given, _ = _of(name)
    return render_given(factors, whole("size", size, least=8))


def space(name: str) -> tuple[Factor, ...]:
    """The factors of a set and their ranges, one for each column.

    Raises:
        ValueError: for an unknown name.
    """
    return _of(name)[2]


def _of(name: str) -> tuple:
    if not isinstance(name, str) or name not in SETS:
        raise ValueError(f"unknown rendered set {name!r:.200}; choose one of: {', '.join(SETS)}")
    return SETS[name]
