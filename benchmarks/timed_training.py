"""Train when told to, and say how long it took: one of the two processes of ``speed``.

python benchmarks/timed_training.py CHECKOUT SETTINGS STEPS THREADS, with PYTHONPATH=CHECKOUT.
It uses no more than ``preset`` and ``train``, so it runs with older versions of the package.
"""

import json
import sys
import time
from pathlib import Path

import torch

import infogan_lite
from infogan_lite import preset, train


def main(checkout: str, settings: str, steps: str, threads: str) -> None:
    """For each line that comes in: train, and write seconds by the clock and of processors."""
    home = Path(infogan_lite.__file__).resolve().parents[1]
    if home != Path(checkout).resolve():
        raise SystemExit(f"error: infogan_lite came from {home}, not from {checkout}")
    torch.set_num_threads(int(threads))
    name, changes = json.loads(settings)
    wanted = preset(name, steps=int(steps), **changes)
    images = torch.rand(1000, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        train(images, wanted, device="cpu")
        print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
