"""How good a minute of training is, and what README quotes."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import features, quality, report, separation, weights
from benchmarks.options import Options
from infogan_lite import load, preset, pretrained
from infogan_lite.results.tables import about, stored
from infogan_lite.running import checkpoints
from infogan_lite.settings import PRESETS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf8")


class Leaning(torch.nn.Module):
    """Stands for a model whose c2 is the slant, whatever z and the other codes are."""

    def __init__(self, settings):
        super().__init__()
        self.settings, self.code = settings, settings.code

    def generate(self, z, c):
        y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
        middle = 13.5 - 0.5 * c[:, 10, None, None] * (y - 13.5) + z[:, :1, None]
        return torch.exp(-((x - middle) ** 2) / 4)[:, None] * (abs(y - 13.5) < 8)


def test_correlations_find_what_a_code_does():
    found = quality.correlations(Leaning(preset("lite")), n=300, rows=5)
    assert len(found) == 18
    assert found["c2~slant"] > 0.99 and found["c2~slant row"] > 0.99
    assert abs(found["c3~slant"]) < 0.2 and found["c3~slant row"] == 0


def test_quality_measures_each_seed(tiny_budget, monkeypatch, tmp_path):
    monkeypatch.setattr(quality, "plain_loop", lambda images, settings, steps: 2.0)
    quality.run(Options(seeds=(7, 8), quick=True, folder=tmp_path))
    rows, _ = report.read(tmp_path / "quality.csv")
    assert [row["seed"] for row in rows] == ["7", "8"]
    for row in rows:
        assert float(row["yardstick_seconds"]) == 220
        assert float(row["ratio"]) == pytest.approx(float(row["seconds"]) / 220)
        assert 0 <= float(row["error"]) <= 1 and "c3~width row" in row
    summary, _ = report.read(tmp_path / "quality-summary.csv")
    assert "error" in [row["measure"] for row in summary]


def test_the_readme_quotes_the_stored_runs():
    runs = stored("separation")
    lite, gan = ([r for r in runs if r["variant"] == v] for v in ("lite", "plain GAN"))
    text = README.replace("\n", " ")
    error, of_gan = (100 * np.array([float(r["error"]) for r in some]) for some in (lite, gan))
    spread = f"{error.mean():.1f}% ± {error.std(ddof=1):.1f}"
    range_ = f"{error.min():.1f}% to {error.max():.1f}%"
    least = min(float(r["L_I c1"]) for r in lite)
    row = f"| {len(lite)} | {np.median(error):.1f}% | {spread} | {range_} | {least:.3f} |"
    assert row in README
    assert f"{np.median(error):.1f}% in the middle, {range_} in all" in text
    assert f"{of_gan.min():.0f}% to {of_gan.max():.0f}%" in text
    separate = sum(float(r["separate"]) for r in lite)
    assert f"in {separate:.0f} of the {len(lite)}" in text
    for column, digits in (("faint", 1), ("variance", 0), ("frechet", 0)):
        values = np.array([float(r[column]) for r in lite]) * (1 if column == "frechet" else 100)
        unit = "" if column == "frechet" else "%"
        assert f"{np.median(values):.{digits}f}{unit}" in text
    summary, _ = report.read(report.RESULTS / "quality-summary.csv")
    (ratio,) = [float(r["median"]) for r in summary if r["measure"] == "ratio"]
    assert f"{ratio:.2f} times" in text


def test_the_readme_quotes_the_shipped_weights():
    notes = checkpoints.read_notes(checkpoints.WEIGHTS / "infogan.safetensors")
    row = f"trained eight times as long | {100 * notes['error']:.1f}% |"
    assert row in README and 8 * PRESETS["lite"].steps == weights.STEPS


def test_the_readme_quotes_the_pictures_of_that_model_and_real_digits():
    text, real = README.replace("\n", " "), ast.literal_eval(about("separation")["floor"])
    assert f"(real digits: {100 * real['faint']:.1f}%)" in text
    assert f"(1,000 held-out digits: {real['frechet']:.0f};" in text
    row = separation.separation(pretrained(), load("digits"), features.load())
    assert float(re.search(r"that model: (\d+)", text)[1]) == pytest.approx(row["frechet"], abs=1)
    assert row["separate"]  # codes that the moving picture names
