"""Kernels of notebooks that are forked from a process in which torch and matplotlib are loaded.

A kernel of its own for each notebook, as always; but what takes it seconds to load is there.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from ipykernel.kernelapp import launch_new_instance
from matplotlib import rcParams

FORKS = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else None)
LAUNCHER = "jupyter_client.provisioning.local_provisioner.launch_kernel"


@contextmanager
def forked_kernels() -> Iterator[None]:
    """Within, Jupyter's kernels are forked (not on Windows, which cannot)."""
    if FORKS.get_start_method() != "forkserver":
        yield
        return
    FORKS.set_forkserver_preload(["tests.helpers.loaded"])  # found by the root in PYTHONPATH
    with patch(LAUNCHER, ForkedKernel):
        yield


class ForkedKernel:
    """What Jupyter asks of the ``subprocess.Popen`` that a kernel usually is.

    Args:
        command: of the kernel, with its options from ``-f``, where to connect, on.
        cwd, env: where it runs, and all that is in its environment.
    """

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], cwd: str, env: dict[str, str], **_) -> None:
        options = command[command.index("-f") :]
        ours, theirs = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=serve, args=(options, cwd, env, theirs))
        self.process.start()
        ours.recv()  # from here on a signal to its process group does not reach ours
        self.pid = self.process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


def serve(options: list[str], cwd: str, env: dict[str, str], ready) -> None:
    """In the new process: be the kernel, until it is told to end."""
    os.setsid()
    ready.send(True)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    rcParams["backend"] = "module://matplotlib_inline.backend_inline"  # loaded before it was told
    launch_new_instance(argv=[*options, f"--IPKernelApp.parent_handle={os.getppid()}"])
