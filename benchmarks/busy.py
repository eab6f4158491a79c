"""How much slower is a training with another busy process on each core?

Threads that wait for each other by spinning take the processor from whoever else needs it.  The
command line and the chapters therefore ask for next to none of it (``running.threads``); beside
that stands what OpenMP does if it is not asked, as every program of version 0.2.0 did.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import report
from benchmarks.options import Options

WAITING = {
    "as OpenMP likes": {},
    "hardly spinning": {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"},
}
THEIRS = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_NUM_THREADS")
WORK = """
import sys, torch
from infogan_lite import load, preset, train
torch.set_num_threads(int(sys.argv[1]))
settings = preset("lite", steps=int(sys.argv[2]), log_every=1)
seconds = train(load("digits").x_train, settings, device="cpu")[1].seconds
first = len(seconds) // 4  # to warm up
print(1000 * (seconds[-1] - seconds[first]) / (len(seconds) - 1 - first))
"""


def run(options: Options) -> None:
    """Time each way of waiting on the idle and on the busy machine, and write busy.csv."""
    steps, rounds, others = (4, 1, 1) if options.quick else (60, 3, os.cpu_count() or 1)
    about = report.header("busy", threads=options.threads, steps=steps, rounds=rounds)
    rows = busy(options.threads, steps, rounds, others)
    print(report.write("busy", rows, about, options.folder_of("busy")))


def busy(threads: int, steps: int, rounds: int, others: int) -> list[dict]:
    """Both ways of waiting on the idle machine, and ours beside so many ``others`` too.

    (The other takes too long there.)  A row for each: milliseconds of a step in the best round,
    and ``times``, how many times those of version 0.2.0's way on the idle machine.
    """
    usual, ours = WAITING
    cases = [(usual, 0), (ours, 0), (ours, others)]
    ms: dict[tuple[str, int], float] = {}
    for _ in range(rounds):  # in turns
        for name, beside in cases:
            with neighbors(beside):
                took = step_ms(WAITING[name], threads, steps)
            ms[name, beside] = min(took, ms.get((name, beside), took))
    return [
        {"waiting": name, "busy processes": beside, "ms": value, "times": value / ms[usual, 0]}
        for (name, beside), value in ms.items()
    ]


def step_ms(policy: dict[str, str], threads: int, steps: int) -> float:
    """Milliseconds of a step of the preset ``lite`` in a process of its own."""
    env = {k: v for k, v in os.environ.items() if k not in THEIRS}
    command = [sys.executable, "-c", WORK, str(threads), str(steps)]
    done = subprocess.run(command, env=env | policy, capture_output=True, text=True, check=True)
    return float(done.stdout)


@contextmanager
def neighbors(n: int) -> Iterator[None]:
    """So many processes that compute without end, as long as this lasts."""
    loop = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(loop) for _ in range(n)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()
