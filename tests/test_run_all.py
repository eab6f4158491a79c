"""No chapter stops under "Run all", where tags mean nothing."""

import pytest

import run_all


@pytest.mark.parametrize("path", run_all.CHAPTERS, ids=lambda path: path.stem)
def test_every_cell_runs_whatever_its_tags(path):
    _, error = run_all.executed(path)
    if error:
        raise error
