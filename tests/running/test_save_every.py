"""A run that is kept while it goes on."""

import numpy as np
import pytest
import torch

from full_disk import enough, full_disk
from infogan_lite import train
from infogan_lite.history import start
from infogan_lite.running import checkpoints, runs, save_every
from infogan_lite.running.save_every import SaveEvery

pytestmark = pytest.mark.sensitive


def test_a_run_is_saved_when_due_and_at_the_end(long, images, tmp_path, monkeypatch):
    saved, run = [], start(long, (1, 8, 8))
    monkeypatch.setattr(
        save_every, "save_run", lambda run, _, **notes: saved.append((run.step, notes))
    )
    train(images, long, [SaveEvery(run, tmp_path / "run", 5, data="mine")], run=run)
    assert saved == [(6, {"data": "mine"}), (12, {"data": "mine"})]


@pytest.mark.unix
def test_a_full_disk_does_not_end_training(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    keep = SaveEvery(run, tmp_path / "run", 5)
    with full_disk(2000), pytest.warns(UserWarning, match="step 6 is not saved.*too large"):
        train(images, long, [lambda m, h: h.step[-1] == 12 and enough(), keep], run=run)
    assert keep.failed == [6] and keep.saved == 12
    assert runs.load_run(tmp_path / "run").step == 12


def test_saving_every_0_steps_is_refused(long, tmp_path):
    with pytest.raises(ValueError, match="steps must be a whole number from 1 on, got 0"):
        SaveEvery(start(long, (1, 8, 8)), tmp_path / "run", 0)


def test_another_run_than_the_trained_one_is_refused(long, images, tmp_path):
    """It would have kept nothing, without a word."""
    keep = SaveEvery(start(long, (1, 8, 8)), tmp_path / "run", 5)
    with pytest.raises(ValueError, match=r"another run than .*: call train\(..., run=run\)"):
        train(images, long, [keep], device="cpu")


def test_weights_that_are_not_finite_do_not_replace_good_ones(long, images, tmp_path):
    """As on a GPU, where a loss is read only now and then."""
    run = start(long, (1, 8, 8))
    keep = SaveEvery(run, tmp_path / "run", 5)
    train(images, long, [keep], run=run)
    before = (tmp_path / "run").read_bytes()
    run.model.Q.net[0].weight.data[0, 0] = float("nan")
    with pytest.warns(UserWarning, match="step 12 is not saved.*model.Q.net.0.weight holds NaN"):
        keep.save()
    assert (tmp_path / "run").read_bytes() == before and keep.failed == [12]


def test_notes_of_numpy_and_torch_do_not_end_training(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    notes = {"error": np.float32(0.5), "seeds": np.arange(2), "bound": torch.tensor([1.5])}
    train(images, long, [SaveEvery(run, tmp_path / "run", 5, **notes)], run=run)
    plain = {"error": 0.5, "seeds": [0, 1], "bound": [1.5]}
    assert checkpoints.read_notes(tmp_path / "run") == plain
    assert runs.load_run(tmp_path / "run").step == 12


def test_a_note_that_no_file_can_hold_is_refused_before_the_first_step(long, tmp_path):
    run = start(long, (1, 8, 8))
    with pytest.raises(TypeError, match="a note must be text or numbers, got <object"):
        SaveEvery(run, tmp_path / "run", 5, about=[object()])
    assert not list(tmp_path.iterdir())
    SaveEvery(run, tmp_path / "run", 5, about="mine")  # the file is free
