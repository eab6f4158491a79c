"""The benchmarks run at a tiny budget; their own arithmetic beside oracles."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import rankdata

from benchmarks import quality, report
from benchmarks.__main__ import Benchmarks
from benchmarks.ablation import WITHOUT
from benchmarks.cost import cost
from benchmarks.growth import peak_mb
from benchmarks.throughput import count_flops, throughput
from benchmarks.weights import Weights
from infogan_lite import Settings, preset
from infogan_lite.running import checkpoints

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf8")


def test_rows_of_a_kind_replace_earlier_ones_and_say_how_they_were_made(tmp_path):
    rows = [{"kind": e, "seed": s, "error": 0.1 * s} for e in "ab" for s in (1, 2)]
    first = {"date": "today", "a": "{1}", "b": "{2}"}
    report.merge("t", rows, "kind", first, tmp_path)
    again = {"date": "tomorrow", "a": "{3}", "b": "{4}"}
    report.merge("t", [rows[0] | {"error": 9.0}], "kind", again, tmp_path)
    read, notes = report.read(tmp_path / "t.csv")
    assert sorted((r["kind"], r["error"]) for r in read) == [
        ("a", "9.0"),
        ("b", "0.1"),
        ("b", "0.2"),
    ]
    assert notes == {"date": "today", "a": "{3}", "b": "{2}", "kind a": "date tomorrow"}
    report.merge("t", rows, "kind", {"date": "at last"}, tmp_path)
    assert report.read(tmp_path / "t.csv")[1] == {"date": "at last"}


def test_each_variant_of_the_ablation_is_another_setting_of_the_recipe():
    lite = preset("lite")
    variants = [replace(lite, **changes) for changes in WITHOUT.values()]
    assert variants[0] == lite and len(set(variants)) == len(variants) == 9


def test_tables_come_back_with_their_header(tmp_path):
    rows = [{"variant": "recipe", "error": 0.0512345}, {"variant": "a, b", "error": 1.0}]
    about = report.header(preset("lite"), seeds=[3, 4])
    table = report.write("ablation", rows, about, tmp_path)
    read, header = report.read(tmp_path / "ablation.csv")
    assert [float(row["error"]) for row in read] == [0.0512345, 1.0]
    assert header == about and header["seeds"] == "[3, 4]"
    assert {"date", "hardware", "versions", "settings"} <= header.keys()
    assert "| recipe | 0.05123 |" in table and table in (tmp_path / "README.md").read_text()


def test_rank_correlation_is_that_of_ranks():
    a, b = torch.rand(2, 40, generator=torch.Generator().manual_seed(0))
    expected = np.corrcoef(rankdata(a), rankdata(b))[0, 1]
    assert quality.rank_correlation(a, b) == pytest.approx(expected)
    assert quality.rank_correlation(a, torch.ones(40)) == 0


class Leaning(torch.nn.Module):
    """Stands for a model whose c2 is the slant, whatever z and the other codes are."""

    def __init__(self, settings):
        super().__init__()
        self.settings, self.code = settings, settings.code

    def generate(self, z, c):
        y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
        middle = 13.5 - 0.5 * c[:, -2, None, None] * (y - 13.5) + z[:, :1, None]
        return torch.exp(-((x - middle) ** 2) / 4)[:, None] * (abs(y - 13.5) < 8)


def test_correlations_find_what_a_code_does():
    found = quality.correlations(Leaning(preset("lite")), n=300, rows=5)
    assert len(found) == 12
    assert found["c2~slant"] > 0.99 and found["c2~slant row"] > 0.99
    assert abs(found["c3~slant"]) < 0.2 and found["c3~slant row"] == 0


def test_flops_are_counted_as_by_hand():
    a = torch.rand(5, 7, requires_grad=True)
    forward = 2 * 5 * 7 * 3
    weight = torch.rand(7, 3, requires_grad=True)
    assert count_flops(lambda: (a @ weight).sum().backward()) == 3 * forward


def test_throughput_compares_both_loops(images):
    bare = {"augment": 0.0, "lam_real": 0.0, "lam_alike": 0.0}  # the loop alone, as with "paper"
    settings = Settings(channels=(4, 8), hidden=8, batch_size=8, **bare)
    plain, ours = throughput(images, settings, steps=1, rounds=1)
    assert plain["times_plain"] == 1
    ratio = ours["images_per_second"] / plain["images_per_second"]
    assert ours["times_plain"] == pytest.approx(ratio)
    assert 0 < ours["gflop_per_step"] < plain["gflop_per_step"]
    assert 0 < ours["share_of_matmul_rate"] < 1


def test_q_adds_the_arithmetic_of_its_two_layers(images):
    small = Settings(channels=(4, 8), hidden=8, q_hidden=5, batch_size=8, sigma=None)
    (row,) = cost(images, {"small": small}, steps=1, rounds=1)
    outputs = 10 + 2 * 2
    by_hand = 3 * 2 * 8 * (8 * 5 + 5 * outputs)  # forward, and two gradients
    assert 1e9 * (row["infogan_gflop"] - row["gan_gflop"]) == pytest.approx(by_hand)
    assert row["more_time"] == pytest.approx(row["infogan_ms"] / row["gan_ms"] - 1)


def test_the_peak_of_memory_counts_what_was_held_for_a_while():
    before = peak_mb()
    held = torch.ones(int(2**20 * (before + 200) / 4))
    del held
    assert peak_mb() > before + 100


def test_the_parts_run_at_a_tiny_budget(tmp_path, capsys):
    """Growth, which starts processes, and the paper's nets are left to --quick by hand."""
    Benchmarks(("ablation",), True, seeds=(1,), threads=1, steps=1, jobs=1, folder=tmp_path)()
    rows, about = report.read(tmp_path / "ablation.csv")
    assert [row["variant"] for row in rows] == list(WITHOUT) and about["seeds"] == "[1]"
    assert "| recipe |" in capsys.readouterr().out


def test_quality_measures_each_seed(monkeypatch, tmp_path):
    monkeypatch.setattr(quality, "plain_loop", lambda images, settings, steps: 2.0)
    Benchmarks(("quality",), True, seeds=(7, 8), threads=1, steps=1, folder=tmp_path)()
    rows, _ = report.read(tmp_path / "quality.csv")
    assert [row["seed"] for row in rows] == ["7", "8"]
    for row in rows:
        assert float(row["yardstick_seconds"]) == 220
        assert float(row["ratio"]) == pytest.approx(float(row["seconds"]) / 220)
        assert 0 <= float(row["error"]) <= 1 and "c3~width row" in row
    summary, _ = report.read(tmp_path / "quality-summary.csv")
    assert "error" in [row["measure"] for row in summary]


def test_an_unknown_part_is_named(capsys):
    with pytest.raises(SystemExit) as stopped:
        Benchmarks(("speed",))()
    assert stopped.value.code == 2
    assert "no part 'speed'; there are: quality" in capsys.readouterr().err


def test_weights_are_small_and_say_how_they_were_made(tmp_path):
    Weights(tmp_path, steps=1)()
    sizes = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert len(sizes) == 2 and sum(sizes) <= 2_000_000
    notes = checkpoints.read_notes(tmp_path / "infogan.safetensors")
    assert notes["seed"] == 0 and {"date", "versions", "data", "error", "chosen"} <= notes.keys()
    assert checkpoints.load(tmp_path / "gan.safetensors").settings.lam == 0
    assert checkpoints.load(tmp_path / "infogan.safetensors").settings.lam > 0


def test_the_readme_quotes_the_stored_runs():
    rows, about = report.read(report.RESULTS / "quality.csv")
    error = 100 * np.array([float(row["error"]) for row in rows])
    assert f"{json.loads(about['settings'])['steps']:,} steps" in README
    ratio = [float(row["ratio"]) for row in rows]
    shown = f"{np.median(ratio):.2f} times (median; {min(ratio):.2f} to {max(ratio):.2f})"
    assert shown in README.replace("\n", " ")
    numbers = (
        f"{len(error)} | {np.median(error):.1f}% | {error.mean():.1f}% ± {error.std(ddof=1):.1f}"
    )
    assert f"| {numbers} | {error.min():.1f}% to {error.max():.1f}% |" in README
    assert f"| {min(float(row['L_I(c1)']) for row in rows):.3f} |" in README
    seconds = [float(row["seconds"]) for row in rows]
    took = f"{min(seconds):.0f} to {max(seconds):.0f} s (median {np.median(seconds):.0f} s)"
    assert took in README.replace("\n", " ")
    for code in ("slant", "width"):
        best = [max(abs(float(row[f"{c}~{code} row"])) for c in ("c2", "c3")) for row in rows]
        others = [f"{r:.2f}" for r in sorted(best) if round(r, 2) < 1]
        assert all(r in README for r in others)
        assert f"{code} in {len(best) - len(others)} " in README.replace("\n", " ")


def test_the_readme_quotes_the_stored_throughput():
    (plain, ours), _ = report.read(report.RESULTS / "throughput.csv")
    assert f"{float(ours['images_per_second']):.0f} images a second" in README
    assert f"({float(plain['images_per_second']):.0f})" in README
    assert f"{float(ours['times_plain']):.2f} times" in README
    assert f"{100 * float(ours['share_of_matmul_rate']):.0f}%" in README


def test_tables_that_chapters_show_are_the_stored_results():
    for path in report.SHOWN.glob("*.csv"):
        assert path.read_bytes() == (report.RESULTS / path.name).read_bytes()
