"""Which weights follow L_I in each of the conventions."""

import numpy as np
import pytest
import torch

from benchmarks import gradient_paths, report
from benchmarks.options import Options
from infogan_lite import Settings, recipe
from infogan_lite.history import start
from infogan_lite.results.tables import stored


@pytest.mark.parametrize("path", gradient_paths.PATHS)
def test_the_paths_differ_in_whose_weights_follow_l_i(path, images):
    small = {"channels": (4, 8), "hidden": 8, "batch_size": 8, "r1": 0.0, "steps": 1}
    nets = [
        gradient_paths.train_along(path, images, Settings(**small, lam=lam, lam_uniform=lam))
        for lam in (0.5, 2.0)
    ]
    trunk = [torch.cat([p.flatten() for p in net.D.trunk.parameters()]) for net in nets]
    head = [net.D.head.weight for net in nets]
    assert torch.equal(*trunk) == (path == "head only")
    assert torch.equal(*head)  # D's own head never follows L_I


def test_the_first_step_of_d_is_that_of_train(monkeypatch, images):
    """Before L_I has moved anything, D's head in its own step is that of ``train``."""
    small = {"channels": (4, 8), "hidden": 8, "batch_size": 8, "r1": 0.7}
    monkeypatch.setattr(recipe, "R1_EVERY", 1)  # the first step has a penalty, too
    settings = Settings(**small, steps=1, lam_real=0.0, lam_alike=0.0)
    ours, trains = (
        gradient_paths.train_along(path, images, settings)
        for path in ("trunk in G's step", "head only")
    )
    torch.testing.assert_close(ours.D.head.state_dict(), trains.D.head.state_dict())
    first = start(settings, (1, 8, 8)).model.D.head.weight
    assert not torch.equal(ours.D.head.weight, first)


def test_each_convention_gives_a_row_with_the_columns_that_are_stored(tiny_budget, tmp_path):
    gradient_paths.run(Options(seeds=(1,), quick=True, folder=tmp_path))
    rows, about = report.read(tmp_path / "gradient_paths.csv")
    assert [row["variant"] for row in rows] == list(gradient_paths.PATHS)
    assert list(rows[0]) == list(stored("gradient_paths")[0])
    errors = [float(row["error"]) for row in stored("gradient_paths")]
    assert len(errors) == 9 and all(np.isfinite(errors))
