"""Images a second and FLOPs, and what README quotes."""

from pathlib import Path

import pytest
import torch

from benchmarks import report
from benchmarks.throughput import count_flops, throughput
from infogan_lite import Settings
from infogan_lite.settings import WITHOUT_RECIPE

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf8")


def test_flops_are_counted_as_by_hand():
    a = torch.rand(5, 7, requires_grad=True)
    forward = 2 * 5 * 7 * 3
    weight = torch.rand(7, 3, requires_grad=True)
    assert count_flops(lambda: (a @ weight).sum().backward()) == 3 * forward


def test_throughput_compares_both_loops(images):
    settings = Settings(channels=(4, 8), hidden=8, batch_size=8, **WITHOUT_RECIPE)  # the loop alone
    plain, ours = throughput(images, settings, steps=1, rounds=1)
    assert plain["times_plain"] == 1
    ratio = ours["images_per_second"] / plain["images_per_second"]
    assert ours["times_plain"] == pytest.approx(ratio)
    assert 0 < ours["gflop_per_step"] < plain["gflop_per_step"]
    assert 0 < ours["share_of_matmul_rate"] < 1


def test_the_readme_quotes_the_stored_throughput():
    (plain, ours), _ = report.read(report.RESULTS / "throughput.csv")
    assert f"{float(ours['images_per_second']):.0f} images a second" in README
    assert f"({float(plain['images_per_second']):.0f})" in README
    assert f"{float(ours['times_plain']):.2f} times" in README
    assert f"{100 * float(ours['share_of_matmul_rate']):.0f}%" in README
