"""On a GPU: how long until c1 errs less than 5%, how long a step takes, and what it waits for.

A step of small nets is many short kernels.  Where the GPU works for less than the step lasts, it
waits for the processor to launch the next one, and a faster GPU, or half the precision, cannot
help.  Each row is a preset, computed in float32 as ``train`` does by itself, or in bfloat16 inside
``torch.autocast``.
"""

import time
from contextlib import nullcontext
from dataclasses import replace
from statistics import median

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks import report
from benchmarks.options import Options
from infogan_lite import Settings, evaluate, load, train
from infogan_lite.inputs import Dataset
from infogan_lite.settings import PRESETS

WAYS = ("float32", "bfloat16")
SEEDS = (700, 701, 702)  # of the runs to 5%
GOAL, EVERY = 0.05, 50  # error of c1; steps from one look at it to the next
WARM, TIMED, TRACED = 20, 100, 8  # steps
DEVICE = "cuda"


def run(options: Options) -> None:
    """Time both presets in each way and write gpu.csv; the runs to 5% are those of ``lite``."""
    if not torch.cuda.is_available():
        raise SystemExit("error: torch sees no GPU here, and this experiment is about one")
    card, rows = torch.cuda.get_device_name(), []
    for name, settings in PRESETS.items():
        for way in WAYS:
            settings = options.shortened(settings)
            row = {"nets": name, "way": way, "milliseconds": 1000 * step_time(settings, way)}
            rows.append(row | work_of_gpu(settings, way))
            print(rows[-1], flush=True)
    rows[0] |= to_goal(options.shortened(PRESETS["lite"]), options.seeds)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    rows = [{column: row.get(column, "") for column in columns} for row in rows]
    about = report.header("gpu", card=card, seeds=options.seeds)
    print(report.write("gpu", rows, about, options.folder_of("gpu")))


def step_time(settings: Settings, way: str) -> float:
    """Seconds of a step, the median of three stretches after a warm-up."""
    data, clock = load("digits"), []
    settings = replace(settings, steps=WARM + 3 * TIMED, log_every=10)
    note = _clock_at({WARM + i * TIMED for i in range(4)}, clock)
    _train(data, settings, way, [note])
    return median(b - a for a, b in zip(clock, clock[1:], strict=False)) / TIMED


def work_of_gpu(settings: Settings, way: str) -> dict[str, float]:
    """Kernels that a step launches, and the milliseconds that the GPU works on them."""
    data, traced = load("digits"), []
    settings = replace(settings, steps=WARM + TRACED, log_every=1)
    tracer = profile(activities=[ProfilerActivity.CUDA])

    def trace(model, history):
        if history.step[-1] == WARM:
            _wait()
            tracer.start()
        if history.step[-1] == WARM + TRACED:
            _wait()
            tracer.stop()
            traced.extend(tracer.events())

    _train(data, settings, way, [trace])
    kernels = [e for e in traced if e.device_type == torch.autograd.DeviceType.CUDA]
    busy = sum(e.time_range.elapsed_us() for e in kernels) / 1000
    return {"kernels": len(kernels) / TRACED, "busy milliseconds": busy / TRACED}


def to_goal(settings: Settings, seeds: tuple[int, ...]) -> dict[str, float]:
    """Seconds until the error of c1 on x_test is GOAL or less, looks at it left out, in float32.

    Training stops there; what goes by parts of training goes on as if to ``settings.steps``.
    """
    data, clocks = load("digits"), []
    for seed in seeds:
        clocks.append(_Stopwatch(data, settings.log_every))
        _train(data, replace(settings, seed=seed), "float32", [clocks[-1]])
    return {
        "seconds to goal": median(clock.reached for clock in clocks),
        "slowest": max(clock.reached for clock in clocks),
        "steps to goal": median(clock.steps for clock in clocks),
    }


class _Stopwatch:
    """Looks at the error of c1 now and then, without its clock, and stops when it is small."""

    def __init__(self, data: Dataset, log_every: int) -> None:
        self.data, self.every = data, max(EVERY, log_every)
        self.reached, self.steps, self.paused = float("inf"), float("inf"), 0.0
        self.began = time.perf_counter()

    def __call__(self, model, history) -> None:
        if history.step[-1] % self.every:
            return
        _wait()
        now = time.perf_counter()
        if evaluate(model, self.data).error <= GOAL:
            self.reached, self.steps = now - self.began - self.paused, history.step[-1]
            raise KeyboardInterrupt  # as by Ctrl-C: ``train`` returns what there is
        self.paused += time.perf_counter() - now


def _clock_at(steps: set[int], clock: list[float]):
    def note(model, history):
        if history.step[-1] in steps:
            _wait()
            clock.append(time.perf_counter())

    return note


def _train(data: Dataset, settings: Settings, way: str, callbacks: list):
    lower = torch.autocast("cuda", torch.bfloat16) if way == "bfloat16" else nullcontext()
    with lower:
        return train(data.x_train, settings, callbacks, DEVICE)


def _wait() -> None:
    """Until the GPU has done what it was told: it works behind the program's back."""
    if DEVICE == "cuda":
        torch.cuda.synchronize()
