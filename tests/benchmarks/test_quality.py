"""How good a minute of training is: rank correlations beside oracles, and what README quotes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import rankdata

from benchmarks import quality, report
from benchmarks.options import Options
from infogan_lite import preset
from infogan_lite.results.tables import about, stored

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf8")


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
        middle = 13.5 - 0.5 * c[:, 10, None, None] * (y - 13.5) + z[:, :1, None]
        return torch.exp(-((x - middle) ** 2) / 4)[:, None] * (abs(y - 13.5) < 8)


def test_correlations_find_what_a_code_does():
    found = quality.correlations(Leaning(preset("lite")), n=300, rows=5)
    assert len(found) == 18
    assert found["c2~slant"] > 0.99 and found["c2~slant row"] > 0.99
    assert abs(found["c3~slant"]) < 0.2 and found["c3~slant row"] == 0


def test_quality_measures_each_seed(monkeypatch, tmp_path):
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
    rows, settings = stored("quality"), json.loads(about("quality")["settings"])
    error = 100 * np.array([float(row["error"]) for row in rows])
    assert f"{settings['steps']:,} steps" in README
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
