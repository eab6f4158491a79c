"""Training in which practice alone sees random maps: D, Q and G play with plain pictures.

``Settings`` cannot say so, as ``augment = 0`` takes the maps from practice as well, and without
maps there are no two looks at a picture that could be read alike.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from torch import Tensor

from infogan_lite import recipe
from infogan_lite.history import Run


@contextmanager
def plain_game() -> Iterator[None]:
    """Within it ``train`` shows plain pictures, and practice takes its two looks by itself.

    Settings need ``tell=False``: there is no map that Q could be told.
    """
    look, practice, real = recipe.look, recipe.practice, []

    def plain(x: Tensor, run: Run, twice: bool = False) -> tuple[Tensor, None]:
        if twice:  # which only real pictures are
            real[:] = [x.detach()]
        return x, None

    def by_itself(h_real: Tensor, run: Run, step: int) -> Tensor | float:
        if not recipe.reads_twice(run.model.settings, step):
            return practice(h_real, run, step)
        seen, _ = look(real[0], run, twice=True)
        return practice(run.model.D.trunk(seen), run, step)

    with patch.multiple(recipe, look=plain, practice=by_itself):
        yield
