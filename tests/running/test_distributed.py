"""Two processes that share each batch move the weights as one process with the whole batch."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from forked import FORKS, of_two
from infogan_lite import LatentCode, Settings, train
from infogan_lite.history import ALONE, start
from infogan_lite.running import distributed, runs
from infogan_lite.running.distributed import Share, join, processes, together

pytestmark = pytest.mark.sensitive

IMAGES = torch.rand(32, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def settings(**changes) -> Settings:
    """Everything that acts over a batch: batch norm, augmentation, the penalty."""
    tiny = Settings(
        code=LatentCode((3,), 2, 1), z_dim=4, channels=(4, 8), hidden=12, q_hidden=8, batch_size=8
    )
    return replace(tiny, **{"steps": 9, "r1": 0.7, "log_every": 1} | changes)


def share(variables: dict[str, str], folder: Path, dtype: torch.dtype) -> None:
    """What each process does: train on the same images, save what it ends with."""
    os.environ.update(variables)
    torch.set_num_threads(1)
    torch.set_default_dtype(dtype)
    with processes("cpu") as device:
        run, called = join(start(settings(), (1, 8, 8), device)), []
        train(IMAGES.to(dtype), settings(), [lambda m, h: called.append(1)], run=run)
        assert called
        runs.save_run(run, folder / variables["RANK"])


def run_two(folder: Path, dtype: torch.dtype) -> list:
    """The runs that two processes ended with."""
    workers = [FORKS.Process(target=share, args=(each, folder, dtype)) for each in of_two()]
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(240)
    finally:
        for worker in workers:
            worker.kill()
    assert [worker.exitcode for worker in workers] == [0, 0]
    with pytest.warns(UserWarning, match="was of 2 processes"):
        return [runs.load_run(folder / str(rank), "cpu") for rank in (0, 1)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_two_processes_agree_and_match_one_with_the_whole_batch(tmp_path, request, dtype):
    if dtype == "float64":
        request.getfixturevalue("float64")
    one = start(settings(), (1, 8, 8))
    before = {name: value.clone() for name, value in one.model.state_dict().items()}
    train(IMAGES.to(torch.get_default_dtype()), settings(), run=one)
    first, second = run_two(tmp_path, torch.get_default_dtype())

    expected = one.model.state_dict()
    for name, value in first.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[name]), name
        if dtype == "float64":  # Adam makes a large step of a gradient that is rounding alone
            torch.testing.assert_close(value, expected[name], atol=1e-9, rtol=1e-7)
    assert not torch.equal(expected["G.dense.0.weight"], before["G.dense.0.weight"])
    # The histories are about the whole batch, on both.
    for name in ("step", "loss_d", "loss_g", "bound"):
        assert getattr(first.history, name) == getattr(second.history, name)
    same = {"rel": 1e-7} if dtype == "float64" else {"rel": 1e-3, "abs": 1e-4}
    steps = slice(None) if dtype == "float64" else slice(1)  # before anything has moved
    assert first.history.loss_d[steps] == pytest.approx(one.history.loss_d[steps], **same)
    for name, values in one.history.bound.items():
        assert first.history.bound[name][steps] == pytest.approx(values[steps], **same)


@pytest.mark.parametrize("text", ["abc", "", "-1", "1.5", "9" * 5000])
@pytest.mark.parametrize("name", ["WORLD_SIZE", "RANK", "LOCAL_RANK", "MASTER_PORT"])
def test_a_variable_that_torchrun_does_not_set_so_is_named(monkeypatch, name, text):
    right = {"WORLD_SIZE": "2", "RANK": "0", "LOCAL_RANK": "0", "MASTER_PORT": "29500"}
    for variable, value in (right | {name: text}).items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=f"variable {name} must be a whole") as caught:
        processes("cpu").__enter__()
    assert len(str(caught.value)) < 400


def test_a_run_knows_of_how_many_processes_it_is(monkeypatch, tmp_path):
    run = start(settings(), (1, 8, 8))
    run.processes = Share(0, 2)
    runs.save_run(run, tmp_path / "run")
    with pytest.warns(UserWarning, match="was of 2 processes, now of 1: last digits differ"):
        runs.load_run(tmp_path / "run", "cpu")
    monkeypatch.setattr(runs, "together", lambda: Share(0, 2))
    runs.load_run(tmp_path / "run", "cpu")  # no warning


def test_shares_of_a_batch_are_its_parts_in_order():
    batch = torch.arange(12)
    parts = [Share(rank, 3).share(batch) for rank in range(3)]
    assert [len(part) for part in parts] == [4, 4, 4]
    assert torch.equal(torch.cat(parts), batch)
    assert torch.equal(ALONE.share(batch), batch)


def test_alone_nothing_changes(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    run = start(settings(), (1, 8, 8))
    before = [type(module) for module in run.model.modules()]
    with processes("cpu") as device:
        assert device == "cpu" and together() == ALONE
        assert join(run).processes == ALONE
    assert [type(module) for module in run.model.modules()] == before


def test_a_batch_that_cannot_be_shared_evenly_is_refused(monkeypatch):
    monkeypatch.setattr(distributed, "together", lambda: Share(0, 3))
    with pytest.raises(ValueError, match="3 processes cannot share a batch of 8 evenly"):
        join(start(settings(), (1, 8, 8)))
