"""The clock of the runs on a GPU, tried on the CPU, and what is said where there is none."""

import time
from pathlib import Path

import pytest
import torch

from benchmarks import gpu, report
from benchmarks.options import Options
from infogan_lite.classifier import CodeReport
from infogan_lite.history import History


def entry(history, step):
    history.append(step, 0.0, 0.0, 0.0, {"c1": 0.0})


def test_the_time_to_the_goal_leaves_out_the_looks_and_ends_at_the_first_good_one(monkeypatch):
    errors = iter([0.4, 0.04, 0.9])

    def slow_look(model, data):
        time.sleep(0.2)
        return CodeReport(next(errors), 0.0, 0.0, None)

    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    monkeypatch.setattr(gpu, "evaluate", slow_look)
    clock, history = gpu._Stopwatch(None, 10), History()
    began = time.perf_counter()
    for step in (10, gpu.EVERY, gpu.EVERY + 10, 2 * gpu.EVERY):
        time.sleep(0.05)
        entry(history, step)
        if step < 2 * gpu.EVERY:
            clock(None, history)
            continue
        with pytest.raises(KeyboardInterrupt):
            clock(None, history)
    assert 0.2 <= clock.reached < time.perf_counter() - began - 0.3  # four waits, without two looks
    assert clock.steps == 2 * gpu.EVERY and next(errors) == 0.9  # it did not look a third time


def test_a_goal_that_is_never_reached_is_no_time(monkeypatch, tiny, all_digits):
    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    monkeypatch.setattr(gpu, "GOAL", -1.0)
    row = gpu.to_goal(tiny, (0, 1))
    assert set(row.values()) == {float("inf")}


def test_training_stops_at_the_goal(monkeypatch, tiny, all_digits):
    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    monkeypatch.setattr(gpu, "EVERY", 1)
    monkeypatch.setattr(gpu, "GOAL", 1.0)  # at once
    row = gpu.to_goal(tiny, (0, 1))
    assert row["steps to goal"] == tiny.log_every
    assert 0 < row["seconds to goal"] <= row["slowest"] < float("inf")


def test_a_step_is_timed_after_the_warm_up(monkeypatch, tiny):
    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    monkeypatch.setattr(gpu, "TIMED", 10)
    began = time.perf_counter()
    seconds = gpu.step_time(tiny, "float32")
    assert 0 < 3 * 10 * seconds < 3 * (time.perf_counter() - began)


@pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without a GPU")
def test_without_a_gpu_one_sentence_says_so():
    with pytest.raises(SystemExit, match="no GPU"):
        gpu.run(Options(seeds=(0,)))


def test_the_readme_quotes_the_stored_steps():
    rows, about = report.read(report.RESULTS / "gpu.csv")
    lite, half = rows[:2]
    assert (lite["nets"], lite["way"], half["way"]) == ("lite", "float32", "bfloat16")
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf8").split())
    assert "H100" in about["card"] and "one H100" in readme
    assert f"takes {float(lite['milliseconds']):.0f} ms there:" in readme
    assert f"the GPU works {float(lite['busy milliseconds']):.1f}," in readme
    assert f"{float(lite['kernels']):.0f} small kernels to launch" in readme
    assert f"a step longer ({float(half['milliseconds']):.0f} ms)" in readme
