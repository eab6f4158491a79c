"""What does L_I add to the cost of a GAN?  The same loop with Q and without it, in turns."""

from collections.abc import Callable
from dataclasses import replace

from torch import Tensor

from benchmarks import report
from benchmarks.options import Options
from benchmarks.plain_loop import plain_loop
from benchmarks.throughput import count_flops
from infogan_lite import Settings, load, train
from infogan_lite.settings import PRESETS

STEPS, TURNS = {"lite": 20, "paper": 5}, 10
TRIES = 3  # a turn is the best of so many of each: a shared machine only ever slows one down
PLAIN = {"lam": 0.0, "lam_uniform": 0.0, "lam_real": 0.0, "lam_alike": 0.0}


def run(options: Options) -> None:
    """Time both presets, and the whole recipe of ``lite``, and write cost.csv."""
    turns, images, rows = 1 if options.quick else TURNS, load("digits").x_train, []
    for name, settings in PRESETS.items():
        rows += cost(images, name, settings, 1 if options.quick else STEPS[name], turns)
    short = options.shortened(replace(PRESETS["lite"], steps=60))
    rows += cost_of_recipe(images, short, (turns + 1) // 2)  # each turn takes long
    about = report.header("cost", turns=turns, tries=TRIES, steps=STEPS, flops="torch flop_counter")
    print(report.write("cost", rows, about, options.folder_of("cost")))


def cost(images: Tensor, name: str, settings: Settings, steps: int, turns: int) -> list[dict]:
    """A row for each turn: milliseconds of a step in the plain loop, GAN and InfoGAN."""
    rows, flops = [], {}
    for informed in (False, True):
        flops[informed] = count_flops(lambda i=informed: plain_loop(images, settings, 1, 0, i))
    work = flops[True] / flops[False] - 1
    for turn in range(turns):
        ms = in_turns(turn, lambda i: plain_loop(images, settings, steps, informed=i) / steps)
        rows.append(compared(name, turn, *ms) | {"more_arithmetic": work})
    return rows


def cost_of_recipe(images: Tensor, settings: Settings, turns: int) -> list[dict]:
    """The same for ``train``: all that Q does in a recipe, beside a GAN whose Q watches.

    The watching Q is trained too, so that this is what L_I and practice cost a step.
    """
    rows, both = [], {False: replace(settings, **PLAIN), True: settings}
    for turn in range(turns):
        ms = in_turns(
            turn, lambda i: train(images, both[i], device="cpu")[1].seconds[-1] / settings.steps
        )
        rows.append(compared("lite, whole recipe", turn, *ms))
    return rows


def in_turns(turn: int, seconds: Callable[[bool], float]) -> tuple[float, float]:
    """The best milliseconds without Q and with it, which take turns in beginning, too."""
    first = turn % 2 == 1
    times = {informed: [] for informed in (first, not first)}
    for _ in range(TRIES):
        for informed, found in times.items():
            found.append(1000 * seconds(informed))
    return min(times[False]), min(times[True])


def compared(nets: str, turn: int, gan: float, infogan: float) -> dict:
    times = {"gan_ms": gan, "infogan_ms": infogan, "more_time": infogan / gan - 1}
    return {"nets": nets, "turn": turn} | times | {"more_arithmetic": ""}
