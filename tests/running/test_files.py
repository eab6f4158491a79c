"""A file is written whole, at its place, by one program at a time."""

import os
import stat

import pytest
import torch

import forked
from infogan_lite.history import start
from infogan_lite.running import checkpoints, files
from infogan_lite.running.save_every import SaveEvery


@pytest.mark.unix
def test_the_mode_is_by_the_umask_or_as_it_was(tmp_path, model):
    path, before = tmp_path / "m", os.umask(0o027)
    try:
        checkpoints.save(model, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o664)
        checkpoints.save(model, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o664
    finally:
        os.umask(before)


@pytest.mark.unix
def test_a_link_stays_and_its_file_is_replaced(tmp_path, model):
    (tmp_path / "real").write_text("old", encoding="utf8")
    (tmp_path / "link").symlink_to("real")
    checkpoints.save(model, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert torch.equal(checkpoints.load(tmp_path / "real").sample(2), model.sample(2))


@pytest.mark.unix
def test_a_pipe_is_not_replaced(tmp_path, model):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="could not write .*pipe: .*no regular file"):
        checkpoints.save(model, tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.unix
def test_a_device_is_not_replaced(model):
    ours, theirs = os.openpty()  # /dev/null would be lost to the whole machine if this failed
    with pytest.raises(OSError, match="no regular file"):
        checkpoints.save(model, os.ttyname(theirs))
    assert stat.S_ISCHR(os.fstat(theirs).st_mode)
    os.close(ours)
    os.close(theirs)


@pytest.mark.unix
def test_a_tilde_is_the_home_folder(tmp_path, model, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    checkpoints.save(model, "~/m.safetensors")
    assert [p.name for p in tmp_path.iterdir()] == ["m.safetensors"]
    assert checkpoints.load("~/m.safetensors").settings == model.settings


def test_only_one_training_writes_a_file(tmp_path):
    with files.only_writer(tmp_path / "m"):
        with (
            pytest.raises(OSError, match="another training is writing it now"),
            files.only_writer(tmp_path / "." / "m"),
        ):
            pass
        with files.only_writer(tmp_path / "other"):
            pass
    with files.only_writer(tmp_path / "m"):
        pass
    assert not list(tmp_path.iterdir())


def test_two_notebooks_do_not_save_into_one_file(tmp_path, tiny):
    run = start(tiny, (1, 28, 28))
    # The second is the same cell once more.
    writers = [SaveEvery(run, tmp_path / "run", 5) for _ in range(2)]
    code = "import sys; from infogan_lite.running.files import take; take(sys.argv[1], again=True)"
    while writers:
        _, _, err = forked.python(code, str(tmp_path / "run"))
        assert "another training is writing it now" in err
        writers.pop().save()
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
    status, _, err = forked.python(code, str(tmp_path / "run"))
    assert status == 0, err


def test_a_place_for_runs_is_tried_at_once(tmp_path, tiny):
    with pytest.raises(OSError, match="could not write .*no/run"):
        SaveEvery(start(tiny, (1, 28, 28)), tmp_path / "no" / "run", 5)


@pytest.mark.unix
def test_the_lock_of_a_killed_process_is_free(tmp_path):
    code = "import os, sys; from infogan_lite.running.files import only_writer\n"
    code += "with only_writer(sys.argv[1]): os.kill(os.getpid(), 9)"
    status, _, _ = forked.python(code, str(tmp_path / "m"))
    assert status == -9
    with files.only_writer(tmp_path / "m"):
        pass
