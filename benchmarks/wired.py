"""What if the meanings of codes are built in?  Each may move one number of the bend alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import torch
from torch import Tensor

from infogan_lite.bend import Bend, bend

# c2: how far x depends on y, which leans a drawing; c3: the stretch of x; c4: the ink.
ALLOWED = torch.zeros(5, 3)
ALLOWED[[1, 0, 4], [0, 1, 2]] = 1


@contextmanager
def wired() -> Iterator[None]:
    """Within it ``Bend`` takes no other numbers of its directions.

    Settings need three uniform codes and ``turn_every=0``: their axes are given.
    """

    def forward(self: Bend, drawing: Tensor, z: Tensor, c: Tensor) -> Tensor:
        numbers = self.SCALE * self.linear(z)
        directions = self.directions * ALLOWED
        numbers[:, self.FREE] += self.FACTORS * c[:, self.columns] @ directions.T
        return bend(drawing, numbers, self.POINTS)

    with patch.object(Bend, "forward", forward):
        yield
