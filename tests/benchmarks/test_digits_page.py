"""How well the page learns: the script in node, and what counts as a picture that can be read."""

from statistics import median

import pytest
import torch

import in_node
from benchmarks import digits_page, report
from benchmarks.options import Options
from infogan_lite import load


def test_a_short_training_in_node_gives_a_row(tmp_path):
    in_node.need_node()
    digits_page.run(Options(seeds=(3,), quick=True, folder=tmp_path))
    rows, about = report.read(tmp_path / "digits_page.csv")
    (row,) = rows
    assert row["seed"] == "3" and about["steps"] == "4"
    assert float(row["seconds"]) > 0 and 0 <= float(row["can be read"]) <= 1
    assert 0.3 < float(row["error"]) < 0.95  # nothing is learned in four steps


@pytest.mark.parametrize(("real", "least", "most"), [(True, 0.85, 1), (False, 0, 0.2)])
def test_digits_can_be_read_and_noise_cannot(monkeypatch, real, least, most):
    noise = torch.rand(100, 784, generator=torch.Generator().manual_seed(0))
    x = load("digits").x_test[:100] if real else noise
    made = {"x": x.flatten().tolist(), "seconds": 1.5, "error": 0.25}
    monkeypatch.setattr(digits_page, "train_in_node", lambda seed, steps: made)
    row = digits_page.one_run(7, 1)
    assert least <= row.pop("can be read") <= most
    assert row == {"seed": 7, "seconds": 1.5, "error": 0.25}


def test_the_readme_quotes_the_stored_runs_and_they_clear_their_bars():
    rows, _ = report.read(report.RESULTS / "digits_page.csv")
    assert [int(row["seed"]) for row in rows] == list(digits_page.SEEDS)
    error, seconds, read = (
        [float(row[name]) for row in rows] for name in ("error", "seconds", "can be read")
    )
    assert median(error) <= 0.08 and max(seconds) <= 300 and min(read) >= 0.8
    readme = " ".join((report.ROOT / "README.md").read_text(encoding="utf8").split())
    spread = f"(median of five seeds, {min(error):.1%} to {max(error):.1%})"
    assert f"err on {median(error):.1%} of 1,000 held-out digits {spread}" in readme
    assert f"about {['no', 'one', 'two', 'three'][round(median(seconds) / 60)]} minutes" in readme
