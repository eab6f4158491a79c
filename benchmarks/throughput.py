"""The paper's nets: images a second in a plain loop and in ours, beside what the machine can.

FLOPs are counted by ``torch.utils.flop_counter`` (convolutions and matrix products of forward
and backward; a multiplication and an addition are two).
"""

import time
from dataclasses import replace

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import report
from benchmarks.options import Options
from benchmarks.plain_loop import plain_loop
from infogan_lite import Settings, load, preset, train


def run(options: Options) -> None:
    """Time both loops with the paper's nets and write throughput.csv."""
    settings, (steps, rounds) = preset("paper"), (1, 1) if options.quick else (10, 3)
    rows = throughput(load("digits").x_train, settings, steps, rounds)
    notes = {"rounds": rounds, "steps": steps, "flops": "torch flop_counter"}
    about = report.header("throughput", settings, **notes)
    print(report.write("throughput", rows, about, options.folder_of("throughput")))


def throughput(images: Tensor, settings: Settings, steps: int, rounds: int = 3) -> list[dict]:
    """A row each for the plain loop and for ours, the best of so many rounds, in turns.

    The best, because a machine that is busy with something else only ever slows a round down.
    """
    peak = max(matmul_rate() for _ in range(rounds))
    seconds = {"plain loop": [], "infogan_lite": []}
    for _ in range(rounds):
        seconds["plain loop"].append(plain_loop(images, settings, steps) / steps)
        seconds["infogan_lite"].append(our_loop(images, settings, steps) / steps)
    best = {name: min(values) for name, values in seconds.items()}
    flops = {
        "plain loop": count_flops(lambda: plain_loop(images, settings, 1, warmup=0)),
        "infogan_lite": count_flops(lambda: our_loop(images, settings, 1, warmup=0)),
    }
    return [
        {
            "loop": name,
            "images_per_second": settings.batch_size / best[name],
            "times_plain": best["plain loop"] / best[name],
            "gflop_per_step": flops[name] / 1e9,
            "gflop_per_second": flops[name] / best[name] / 1e9,
            "matmul_gflop_per_second": peak / 1e9,
            "share_of_matmul_rate": flops[name] / best[name] / peak,
        }
        for name in best
    ]


def our_loop(images: Tensor, settings: Settings, steps: int, warmup: int = 2) -> float:
    """Seconds for so many steps of ``train``, after a warm-up, as in ``plain_loop``."""
    clock = []
    settings = replace(settings, steps=warmup + steps, log_every=max(warmup, 1))
    began = time.perf_counter()

    def note(model, history):
        clock.append((history.step[-1], time.perf_counter()))

    train(images, settings, [note], device="cpu")
    if warmup:
        began = next(when for step, when in clock if step == warmup)
    return clock[-1][1] - began


def matmul_rate(size: int = 2048, times: int = 5) -> float:
    """FLOPs a second of a float32 matrix product: what this machine reaches at its best."""
    a = torch.rand(size, size)
    a @ a  # warm
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - began)
    return 2 * size**3 / min(seconds)


def count_flops(step) -> int:
    with FlopCounterMode(display=False) as counter:
        step()
    return counter.get_total_flops()
