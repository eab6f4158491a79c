"""What does L_I add to the cost of a GAN?  The same plain loop with Q and without it."""

from torch import Tensor

from benchmarks import report
from benchmarks.options import Options
from benchmarks.plain_loop import plain_loop
from benchmarks.throughput import count_flops
from infogan_lite import Settings, load
from infogan_lite.settings import PRESETS


def run(options: Options) -> None:
    """Time both presets and write cost.csv."""
    steps, rounds = (1, 1) if options.quick else (10, 5)
    rows = cost(load("digits").x_train, PRESETS, steps, rounds)
    notes = {"rounds": rounds, "steps": steps, "loop": "plain", "flops": "torch flop_counter"}
    print(report.write("cost", rows, report.header("cost", **notes), options.folder_of("cost")))


def cost(images: Tensor, nets: dict[str, Settings], steps: int, rounds: int = 5) -> list[dict]:
    """A row for each of the nets: milliseconds and arithmetic of a step, GAN and InfoGAN.

    The two take turns, and of so many rounds the best counts: a busy machine only ever slows
    a round down.
    """
    rows = []
    for name, settings in nets.items():
        seconds = {True: [], False: []}
        for _ in range(rounds):
            for informed, times in seconds.items():
                times.append(plain_loop(images, settings, steps, informed=informed) / steps)
        flops = {
            informed: count_flops(lambda i=informed, s=settings: plain_loop(images, s, 1, 0, i))
            for informed in seconds
        }
        with_q, without = min(seconds[True]), min(seconds[False])
        rows.append(
            {
                "nets": name,
                "gan_ms": 1000 * without,
                "infogan_ms": 1000 * with_q,
                "more_time": with_q / without - 1,
                "gan_gflop": flops[False] / 1e9,
                "infogan_gflop": flops[True] / 1e9,
                "more_arithmetic": flops[True] / flops[False] - 1,
            }
        )
    return rows
