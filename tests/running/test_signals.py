"""A training stopped from outside keeps each finished step, says so, and leaves no trace."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from forked import Forked, command, of_two
from infogan_lite.running import checkpoints, runs

ROOT = Path(__file__).resolve().parents[2]
TINY = ["--batch-size", "8", "--channels", "4", "8", "--hidden", "8", "--q-hidden", "8"]
TINY += ["--log-every", "1", "--device", "cpu"]


@pytest.fixture
def begin(tmp_path, tmp_path_factory):
    """Starts a command in an empty folder; whatever still runs at the end is ended."""
    said, started = tmp_path_factory.mktemp("said"), []

    def begin(*arguments, **variables):
        place = {"said": said / str(len(started)), "cwd": tmp_path}
        started.append(Forked(command, [*arguments], **place, **variables))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def wait_for(path: Path, process: subprocess.Popen | Forked) -> None:
    end = time.monotonic() + 240
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "nothing was saved"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_finished_step_is_kept(begin, tmp_path, number):
    training = begin("train", *TINY, "--steps", "100000", "--out", "m", "--save-every", "2")
    wait_for(tmp_path / "m.run", training)
    saved = runs.load_run(tmp_path / "m.run", "cpu").step
    training.send_signal(number)
    training.send_signal(number)  # somebody in a hurry
    out, err = training.communicate(timeout=60)
    assert training.returncode == 130
    assert "Traceback" not in err
    run = runs.load_run(tmp_path / "m.run", "cpu")
    assert run.step >= saved and run.step == run.history.step[-1]
    assert f"interrupted after step {run.step}; m.run holds step {run.step}: go on" in out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.run"]


def test_what_was_interrupted_by_a_signal_ends_as_if_nothing_was(begin, tmp_path):
    arguments = ["train", *TINY, "--steps", "100"]
    broken = begin(*arguments, "--out", "broken", "--save-every", "1")
    wait_for(tmp_path / "broken.run", broken)
    broken.send_signal(signal.SIGINT)
    broken.communicate(timeout=60)
    assert broken.returncode == 130
    for out, more in (("broken", ["--resume"]), ("whole", [])):
        process = begin(*arguments, "--out", out, *more)
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
    one, other = (checkpoints.load(tmp_path / name).state_dict() for name in ("broken", "whole"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["broken", "whole"]


@pytest.mark.parametrize("after", [0.3, 1.0, 3.0])
def test_a_command_that_has_hardly_begun_ends_without_a_traceback(tmp_path, after):
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "infogan_lite", "train", "--steps", "100000"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (130, -2)  # the second before Python itself has begun
    assert "infogan_lite" not in err


def test_two_trainings_into_one_file_are_refused(begin, tmp_path):
    first = begin("train", *TINY, "--steps", "100000", "--out", "m", "--save-every", "1")
    wait_for(tmp_path / "m.run", first)
    second = begin("train", *TINY, "--out", "./m", "--overwrite")
    _, err = second.communicate(timeout=120)
    assert second.returncode == 2 and "another training is writing it now" in err
    first.kill()  # a crash leaves no lock
    first.communicate()
    third = begin("train", *TINY, "--steps", "2", "--out", "m", "--overwrite")
    _, err = third.communicate(timeout=120)
    assert third.returncode == 0, err


# --- Several processes ----------------------------------------------------------------

TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


@pytest.fixture
def begin_two(begin):
    """Starts two processes that share each batch, as torchrun does."""
    return lambda *arguments: [begin(*arguments, **variables) for variables in of_two()]


@pytest.fixture
def launch(tmp_path):
    """Starts two processes in an empty folder; whatever still runs at the end is ended."""
    code = "import sys, forked; forked.command(sys.argv[1:])"
    (tmp_path / "command.py").write_text(code, encoding="utf8")
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests/helpers")))
    env = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    started = []

    def launch(*arguments):
        torchrun = [*TORCHRUN, "command.py", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(torchrun, cwd=tmp_path, env=env, **pipes))
        return started[-1]

    yield launch
    for process in started:
        process.kill()
        process.communicate()


def workers(process: subprocess.Popen) -> list[int]:
    found = subprocess.run(
        ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True
    )
    return [int(pid) for pid in found.stdout.split()]


def said(err: str) -> list[str]:
    """What our processes say; torchrun itself adds a report."""
    return [line for line in err.splitlines() if line.startswith(("error: ", "interrupted"))]


def test_a_process_that_is_killed_ends_all_with_one_sentence(launch, tmp_path):
    arguments = ["train", *TINY, "--steps", "100000", "--out", "m", "--save-every", "1"]
    together = launch(*arguments)
    wait_for(tmp_path / "m.run", together)
    os.kill(workers(together)[1], signal.SIGKILL)
    began = time.monotonic()
    _, err = together.communicate(timeout=60)
    assert time.monotonic() - began < 30
    assert together.returncode != 0
    assert len(said(err)) <= 1  # torchrun may be faster than the process that is left
    assert "infogan_lite/" not in err
    with pytest.warns(UserWarning, match="was of 2 processes, now of 1"):
        assert runs.load_run(tmp_path / "m.run", "cpu").step > 0


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (["--batch-size", "9"], "2 processes cannot share a batch of 9"),
        (["--lam", "-1"], "lam must be 0"),
    ],
)
def test_a_mistake_is_said_by_one_of_two_processes(begin_two, mistake, sentence):
    processes = begin_two("train", *TINY, *mistake)
    errors = "".join(process.communicate()[1] for process in processes)
    assert [process.returncode for process in processes] == [2, 2]
    assert len(said(errors)) == 1 and sentence in said(errors)[0]


def test_ctrl_c_stops_two_processes_after_the_same_step(begin_two, tmp_path):
    arguments = ["train", *TINY, "--steps", "100000", "--out", "m", "--save-every", "50"]
    first, second = begin_two(*arguments)
    wait_for(tmp_path / "m.run", first)  # both train; what is kept below was not yet saved
    second.send_signal(signal.SIGINT)  # one hears of it, both stop
    (out, err), (_, other) = first.communicate(), second.communicate()
    assert [first.returncode, second.returncode] == [130, 130]
    assert "infogan_lite/" not in err + other
    with pytest.warns(UserWarning, match="was of 2 processes, now of 1"):
        run = runs.load_run(tmp_path / "m.run", "cpu")
    assert run.step == run.history.step[-1] > 0
    assert f"m.run holds step {run.step}" in out
