"""Three folders that are no digits: their files, the script at a tiny budget, what is stored."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_sample_image

from benchmarks import own_pictures, report
from benchmarks.options import Options
from benchmarks.own_pictures import SEEDS, SETS, STEPS
from infogan_lite import InfoGAN, LatentCode, Settings

each_set = pytest.mark.parametrize("name", SETS)
KINDS = {"letters": 10, "chairs": 6, "photographs": 2}


def stored_rows(name: str, codes: str) -> list[dict[str, str]]:
    rows, _ = report.read(report.SHOWN / "own_pictures.csv")
    return [row for row in rows if (row["set"], row["codes"]) == (name, codes)]


@each_set
def test_files_are_named_after_their_kind(name, tmp_path):
    SETS[name](tmp_path)
    files = list(tmp_path.iterdir())
    assert len({file.name.split("-")[0] for file in files}) == KINDS[name]
    assert len(files) > 700 and {file.suffix for file in files} == {".png"}


def test_tiles_are_cut_out_of_the_photographs(tmp_path):
    own_pictures.photographs(tmp_path)
    photograph = load_sample_image("flower.jpg")
    with Image.open(tmp_path / "flower-48-240.png") as tile:
        assert np.array_equal(np.asarray(tile), photograph[48:112, 240:304])


def test_the_script_runs_at_a_tiny_budget(tmp_path, monkeypatch, capsys):
    def few(folder: Path) -> None:
        for i, gray in enumerate(np.linspace(0, 255, 60)):
            pixels = np.full((12, 12), round(gray), np.uint8)
            Image.fromarray(pixels).save(folder / f"{i % 2}-{i}.png")

    monkeypatch.setattr(own_pictures, "SETS", {"letters": few})
    options = Options(parts=("letters",), seeds=(1, 2), quick=True, folder=tmp_path)
    own_pictures.run(options)
    new, _ = report.read(tmp_path / "own_pictures.csv")
    stored, _ = report.read(report.SHOWN / "own_pictures.csv")
    assert list(new[0]) == list(stored[0])
    assert [(row["codes"], row["seed"]) for row in new] == [
        (codes, seed) for codes in ("InfoGAN", "untrained") for seed in ("1", "2")
    ]
    side = 12 * 2 * 4  # two rows for each of four codes
    with Image.open(tmp_path / "own_pictures-letters.webp") as shown:
        assert shown.size == (12 * 10, side)


def test_a_net_agrees_with_itself():
    torch.manual_seed(0)
    settings = Settings(code=LatentCode((3,), 2), z_dim=4, channels=(4, 8), hidden=12, q_hidden=8)
    nets, x = [InfoGAN(settings, (1, 8, 8)).eval() for _ in range(2)], torch.rand(80, 1, 8, 8)
    same = own_pictures.agreements([nets[0], nets[0], nets[1]], x, x)
    for table, _ in same.values():
        assert table[0, 1] == pytest.approx(1) and table[0, 2] < 0.99
        assert own_pictures.mean_with_others(table, 2) == pytest.approx(table[2, :2].mean())


@each_set
def test_stored_runs_are_all_there_and_possible(name):
    """From the means with both others follow the three agreements of two: none above 1."""
    _, about = report.read(report.SHOWN / "own_pictures.csv")
    assert json.loads(about[name])["steps"] == STEPS
    for codes in ("InfoGAN", "untrained"):
        rows = stored_rows(name, codes)
        assert [row["seed"] for row in rows] == [str(seed) for seed in SEEDS]
        tables = [[float(row[f"agree({n})"]) for row in rows] for n in ("c1", "others")]
        for a, b, c in tables:
            pairs = np.array([a + b - c, a + c - b, b + c - a])
            assert (pairs >= -1e-9).all() and (pairs <= 1 + 1e-9).all()
        central = [row["central"] for row in rows].index("1")
        assert central == np.argmax(np.sum(tables, axis=0))
        assert all(0 <= float(row["NMI"]) <= 1 for row in rows)
        assert all(float(row["L_I(c1)"]) <= np.log(10) + 1e-6 for row in rows)


@each_set
def test_a_stored_run_took_three_minutes_of_one_core_at_most(name):
    assert all(0 < float(row["CPU seconds"]) <= 180 for row in stored_rows(name, "InfoGAN"))


def test_chapter_12_tells_what_is_stored():
    """The words below the table of chapter 12, one by one."""

    def mean(name, codes, measure):
        return np.mean([float(row[measure]) for row in stored_rows(name, codes)])

    def bounds(name):
        names = [f"L_I(c{i})" for i in (2, 3, 4)]
        return [[float(row[n]) for n in names] for row in stored_rows(name, "InfoGAN")]

    kinds = {name: mean(name, "InfoGAN", "agree(c1)") for name in SETS}
    others = {name: mean(name, "InfoGAN", "agree(others)") for name in SETS}
    fresh = {name: mean(name, "untrained", "agree(others)") for name in SETS}
    assert all(kinds[name] > 2.5 * mean(name, "untrained", "agree(c1)") for name in SETS)
    assert abs(kinds["chairs"] - kinds["letters"]) < 0.03
    assert mean("letters", "InfoGAN", "NMI") > 0.5
    assert 0.25 < mean("chairs", "InfoGAN", "NMI") < 0.3
    assert others["chairs"] == max(others.values())
    read = {name: sum(b > -0.176 for row in bounds(name) for b in row) for name in SETS}
    assert read["letters"] < 9 / 2 < read["chairs"] and read["photographs"] == 9
    assert np.min(bounds("photographs")) > 0.7
    assert np.mean(bounds("photographs")) > max(np.mean(bounds(n)) for n in ("letters", "chairs"))
    assert others["photographs"] < fresh["photographs"] + 0.02
    central = [row["central"] for row in stored_rows("letters", "InfoGAN")].index("1")
    assert [b > -0.176 for b in bounds("letters")[central]] == [False, False, True]
