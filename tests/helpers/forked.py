"""Processes that are forked from one that has loaded torch for all of them."""

import multiprocessing
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from infogan_lite.datasets import loading
from infogan_lite.inputs import Dataset
from infogan_lite.running import command_line

FORKS = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
if FORKS.get_start_method() == "forkserver":
    # The second is what torch's optimizers load when the first of them is made.
    FORKS.set_forkserver_preload([command_line.__name__, "torch._dynamo"])


class Forked:
    """A function in a process of its own, with what of ``subprocess.Popen`` the tests use.

    Args:
        work, arguments: the function, and what it is called with.
        said: a new folder for what it writes on stdout and stderr.
        cwd: where it runs.
        variables: what is set in its environment, besides.
    """

    def __init__(
        self, work: Callable, *arguments: object, said: Path, cwd: Path = Path(), **variables: str
    ) -> None:
        said.mkdir()
        self.files = [said.resolve() / name for name in ("out", "err")]
        place = (cwd.resolve(), self.files, variables)
        self.process = FORKS.Process(target=run, args=(work, arguments, *place))
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


def run(
    work: Callable, arguments: tuple, cwd: Path, files: list[Path], variables: dict[str, str]
) -> None:
    """In the new process."""
    os.environ.update(variables)
    os.chdir(cwd)
    for number, path in enumerate(files, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    torch.set_num_threads(1)
    work(*arguments)


def command(arguments: list[str]) -> None:
    """The command line with few pictures, which are there at once, and as many steps as asked."""
    os.environ["INFOGAN_MAX_STEPS"] = ""
    x = torch.rand(60, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    y = torch.arange(60) % 10
    loading.load = lambda name: Dataset(x[:40], y[:40], x[40:], y[40:])
    command_line.main(arguments)


def script(code: str, arguments: tuple[str, ...]) -> None:
    """A program and what its command line gives it."""
    sys.argv = ["-c", *arguments]
    exec(code, {"__name__": "__main__"})


def python(code: str, *arguments: str) -> tuple[int, str, str]:
    """As ``python -c``: the exit status, and what was said on stdout and on stderr."""
    with TemporaryDirectory() as folder:
        process = Forked(script, code, arguments, said=Path(folder) / "said")
        out, err = process.communicate(240)
    return process.returncode, out, err


def of_two() -> list[dict[str, str]]:
    """What torchrun sets in each of two processes: they meet at a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    return [place | {"RANK": rank, "LOCAL_RANK": rank} for rank in "01"]
