"""The yardstick: what it computes in a step, and when its clock runs."""

import pytest
import torch

from benchmarks import plain_loop as module
from benchmarks.plain_loop import plain_loop
from benchmarks.throughput import count_flops
from infogan_lite import Settings

SMALL = Settings(channels=(4, 8), hidden=8, q_hidden=5, batch_size=8, sigma=None, bend=False)


def test_each_step_is_the_same_arithmetic_and_the_warm_up_is_none_of_them(images):
    def flops(steps, warmup=0):
        return count_flops(lambda: plain_loop(images, SMALL, steps, warmup))

    one = flops(1)
    assert one > 0 and flops(6) == 6 * one  # more than the four batches of a pass
    assert flops(1, warmup=2) == 3 * one


def test_the_clock_runs_from_the_end_of_the_warm_up(monkeypatch, images):
    """A clock that goes on by one at each batch drawn: so many steps, so many ticks."""
    ticks = []

    class Ticking(torch.utils.data.DataLoader):
        def __iter__(self):
            for batch in super().__iter__():
                ticks.append(1)
                yield batch

    monkeypatch.setattr(module, "DataLoader", Ticking)
    monkeypatch.setattr(module.time, "perf_counter", lambda: float(len(ticks)))
    assert plain_loop(images, SMALL, steps=5, warmup=3) == pytest.approx(5)
    assert len(ticks) == 9  # the last one stops it
