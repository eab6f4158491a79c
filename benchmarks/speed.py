"""Is ``train`` as fast as in another checkout of the project?  Both in one run, in turns.

Two processes, one for each checkout, train the same settings on the same pictures, one
waiting while the other works.  Which of them begins changes from pair to pair.  A ratio is
taken within each pair, so that a machine that is busy for a while slows down both sides of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import binom

from benchmarks import report
from benchmarks.options import Options

# Preset, what is changed in it, and steps: half of them practice on real pictures in "lite".
SETTINGS = {
    "lite": ("lite", {}, 80),
    "plain GAN": ("lite", {"lam": 0.0}, 80),
    "head only": ("lite", {"info_to_trunk": False}, 80),
    "paper": ("paper", {}, 8),
}


def need_checkout(against: Path | None) -> None:
    """Raises ValueError if this is no checkout to compare with."""
    if against is None:
        raise ValueError("speed needs --against DIR, another checkout of the project")
    if not (against / "infogan_lite").is_dir():
        raise ValueError(f"--against {against} must be a checkout; it holds no infogan_lite")


def run(options: Options) -> None:
    """Compare with the checkout --against and write speed.csv."""
    pairs, rows = 2 if options.quick else 20, []
    for name in options.parts:
        preset, changes, steps = SETTINGS[name]
        steps = 4 if options.quick else steps
        task = [json.dumps([preset, changes]), str(steps), str(options.threads)]
        seconds = in_turns([report.ROOT, options.against], task, pairs)
        rows.append({"settings": name, "steps": steps, "pairs": pairs} | compared(seconds / steps))
        print(rows[-1], flush=True)
    about = report.header("speed", against=f"commit {report.commit(options.against)}")
    print(report.write("speed", rows, about, options.folder_of("speed")))


def in_turns(checkouts: Sequence[Path], task: Sequence[str], pairs: int) -> np.ndarray:
    """Seconds of each training, shape (pairs, checkouts, 2): by the clock, and of processors.

    One pair before these is not counted: the first training of a process is slow.
    """
    workers = [worker(checkout, task) for checkout in checkouts]
    try:
        seconds = np.zeros((pairs + 1, len(workers), 2))
        for pair in range(pairs + 1):
            order = range(len(workers)) if pair % 2 else reversed(range(len(workers)))
            for i in order:
                seconds[pair, i] = answer(workers[i])
        return seconds[1:]
    finally:
        for process in workers:
            process.stdin.close()
            process.wait()
            process.stdout.close()


def worker(checkout: Path, task: Sequence[str]) -> subprocess.Popen:
    """A process that trains with the package of a checkout whenever a line reaches it."""
    script = [sys.executable, "-P", str(Path(__file__).with_name("timed_training.py"))]
    environment = {k: v for k, v in os.environ.items() if k != "INFOGAN_MAX_STEPS"}
    environment["PYTHONPATH"] = str(checkout.resolve())
    return subprocess.Popen(
        [*script, str(checkout), *task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def answer(process: subprocess.Popen) -> list[float]:
    """Let a process train once: its seconds by the clock and of processors."""
    try:
        process.stdin.write("\n")
        process.stdin.flush()
    except BrokenPipeError:  # it is gone; what it said stands above
        pass
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"error: the training of {process.args[3]} has failed, see above")
    return [float(number) for number in line.split()]


def compared(seconds: np.ndarray) -> dict[str, float]:
    """Milliseconds of this checkout and of the other one, and their ratio: at most 1 is as fast.

    Args:
        seconds: of a step, shape (pairs, 2, 2): this one and the other; clock and processors.

    Returns:
        Medians over pairs, and an interval that holds the median ratio in 95 of 100 such
        runs, from the ranks of the ratios (as in a sign test).
    """
    n, result = len(seconds), {}
    for kind, (ours, theirs) in zip(
        ("clock", "processor"), seconds.transpose(2, 1, 0), strict=True
    ):
        ratio = np.sort(ours / theirs)
        left_out = max(int(binom.ppf(0.025, n, 0.5)) - 1, 0)  # at each end
        result |= {
            f"{kind}_ms": 1000 * np.median(ours),
            f"{kind}_ms_other": 1000 * np.median(theirs),
            f"{kind}_ratio": np.median(ratio),
            f"{kind}_ratio_low": ratio[left_out],
            f"{kind}_ratio_high": ratio[n - 1 - left_out],
        }
    return {name: float(value) for name, value in result.items()}
