"""The command line in processes that are forked from one that has loaded torch for all of them."""

import multiprocessing
import os
from pathlib import Path

import torch

from infogan_lite.datasets import loading
from infogan_lite.inputs import Dataset
from infogan_lite.running import command_line

FORKS = multiprocessing.get_context("forkserver")
# The second is what torch's optimizers load when the first of them is made.
FORKS.set_forkserver_preload([__name__, "torch._dynamo"])


def command(arguments: list[str]) -> None:
    """The command line with few pictures, which are there at once, and as many steps as asked."""
    os.environ["INFOGAN_MAX_STEPS"] = ""
    x = torch.rand(60, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    y = torch.arange(60) % 10
    loading.load = lambda name: Dataset(x[:40], y[:40], x[40:], y[40:])
    command_line.main(arguments)


class Forked:
    """A ``command`` in a process of its own, with what of ``subprocess.Popen`` the tests use.

    Args:
        arguments: of the command line.
        cwd: where it runs.
        said: a new folder for what it writes on stdout and stderr.
    """

    def __init__(self, arguments: list[str], cwd: Path, said: Path) -> None:
        said.mkdir()
        self.files = [said / name for name in ("out", "err")]
        self.process = FORKS.Process(target=run, args=(arguments, cwd, self.files))
        self.process.start()

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def poll(self) -> int | None:
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.process.pid, number)

    def kill(self) -> None:
        self.process.kill()

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """Wait for its end: what it has said on stdout and on stderr."""
        self.process.join(timeout)
        assert self.poll() is not None, f"still running after {timeout} s"
        out, err = (path.read_text(encoding="utf8") if path.exists() else "" for path in self.files)
        return out, err


def run(arguments: list[str], cwd: Path, files: list[Path]) -> None:
    """In the new process."""
    os.chdir(cwd)
    for number, path in enumerate(files, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    torch.set_num_threads(1)
    command(arguments)
