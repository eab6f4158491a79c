"""Models at several lambdas: the sheets that are stored, and what chapter 5 says of them."""

import io
import math

import numpy as np
import torch
from PIL import Image

from benchmarks import lambdas, report
from benchmarks.lambdas import LAMBDAS, ROWS, SEEDS
from benchmarks.options import Options
from infogan_lite import InfoGAN, Settings, traverse
from infogan_lite.figures.curves import limits
from infogan_lite.results.tables import stored


def picture(folder) -> np.ndarray:
    data = (folder / "lambdas.webp").read_bytes()
    assert len(data) <= lambdas.LIMIT
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def test_a_sheet_has_the_categories_in_the_order_of_their_digits():
    torch.manual_seed(0)
    model = InfoGAN(Settings(), (1, 28, 28)).eval()
    mapping = np.array([3, 1, 4, 0, 5, 9, 2, 6, 8, 7])
    sheet = lambdas.sheet(model, mapping).reshape(ROWS, 28, 10, 28)
    for digit in range(10):
        (category,) = np.flatnonzero(mapping == digit)
        tiles = traverse(model, "c1", [int(category)], rows=ROWS)[:, 0, 0]
        assert np.allclose(sheet[:, :, digit], tiles.numpy())


def test_the_script_runs_at_a_tiny_budget(tiny_budget, tmp_path):
    lambdas.run(Options(quick=True, seeds=(1,), folder=tmp_path))
    rows, _ = report.read(tmp_path / "lambdas.csv")
    assert list(rows[0]) == list(stored("lambdas")[0])
    assert [float(row["lambda"]) for row in rows] == list(LAMBDAS)
    assert picture(tmp_path).shape == (len(LAMBDAS) * ROWS * 28, 280)


def test_each_stored_model_has_a_row_and_a_sheet():
    plan = [(lam, seed) for seed in SEEDS for lam in LAMBDAS]
    assert [(float(r["lambda"]), int(r["seed"])) for r in stored("lambdas")] == plan
    sheets = picture(report.SHOWN).reshape(len(LAMBDAS), -1)
    assert len(np.unique(sheets, axis=0)) == len(LAMBDAS)


def column(name: str) -> dict[float, float]:
    return {float(row["lambda"]): float(row[name]) for row in stored("lambdas")}


def test_what_chapter_5_says_of_them():
    bound, error, ceiling = column("L_I(c1)"), column("error"), math.log(10)
    assert bound[0] < 0.1 * ceiling and bound[0.03] < 0
    assert 0.9 * ceiling < bound[0.1] < 0.99 * ceiling and error[0.1] > 0.2
    assert min(bound[lam] for lam in LAMBDAS if lam >= 0.3) > 0.98 * ceiling
    assert 0.1 < error[10] < 0.2 and 2 < error[0.3] / error[1] < 3
    blind, top = limits(Settings().sigma)
    assert all(column(f"L_I({c})")[10] < blind + 0.25 * (top - blind) for c in ("c2", "c3", "c4"))
    distance, variety = list(column("frechet").values()), list(column("variance").values())
    assert distance == sorted(distance)
    assert 0.8 < column("frechet")[0.3] / column("frechet")[1] < 0.95  # a little nearer
    assert min(variety[:2]) > max(variety[2:]) and variety[-1] == min(variety)
