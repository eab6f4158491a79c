"""How well the page learns: the script in node, and what counts as a picture that can be read."""

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
