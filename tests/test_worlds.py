"""Heads, chairs and street numbers: the script at a tiny budget, and what it has stored."""

import io
import json
import math
from dataclasses import asdict
from itertools import permutations

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks import matched, report, worlds
from benchmarks.matched import COLUMNS, ROWS
from benchmarks.worlds import SEEDS, WORLDS, Worlds
from infogan_lite import InfoGAN, traverse
from infogan_lite.worlds.scene import Factored

TABLES = ("worlds", "worlds-factors")
each_set = pytest.mark.parametrize("name", WORLDS)


def runs_of(name: str, kind: str = "InfoGAN") -> list[dict[str, str]]:
    rows, _ = report.read(report.SHOWN / "worlds.csv")
    return [row for row in rows if (row["set"], row["codes"]) == (name, kind)]


def matches_of(name: str, kind: str, seed: str) -> list[dict[str, str]]:
    rows, _ = report.read(report.SHOWN / "worlds-factors.csv")
    return [r for r in rows if (r["set"], r["codes"], r["seed"]) == (name, kind, seed)]


def image(name: str, which: str) -> Image.Image:
    data = (report.SHOWN / f"worlds-{name}-{which}.webp").read_bytes()
    assert len(data) <= worlds.LIMIT
    return Image.open(io.BytesIO(data))


@each_set
def test_the_script_runs_at_a_tiny_budget(name, tmp_path, capsys):
    """The same columns, nets and factors as in the stored tables."""
    Worlds((name,), seeds=(1, 2), quick=True, folder=tmp_path)()
    for table in TABLES:
        new, _ = report.read(tmp_path / f"{table}.csv")
        stored, _ = report.read(report.SHOWN / f"{table}.csv")
        assert list(new[0]) == list(stored[0])
        assert [row["codes"] for row in new if row["seed"] == "1"] == [
            row["codes"] for row in stored if row["seed"] == "300" and row["set"] == name
        ]
    assert {row["factor"] for row in new} == set(WORLDS[name].factors)
    sizes = {
        Image.open(io.BytesIO(path.read_bytes())).size
        for path in tmp_path.glob(f"worlds-{name}-*.webp")
    }
    codes = len(WORLDS[name].settings.code.names)
    assert sizes == {(32 * COLUMNS, 32 * ROWS * codes)}


def test_trials_never_replace_results(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    seen = []
    monkeypatch.setattr(worlds, "experiment", lambda name, world, *rest: ([], [], {}))
    monkeypatch.setattr(worlds.report, "merge", lambda *given: seen.append(given[-1]))
    Worlds(("chairs",), quick=True, folder=tmp_path)()
    assert seen == [tmp_path / "quick"] * 2


def test_a_circle_is_cut_where_a_code_starts():
    rng = np.random.default_rng(0)
    factors = rng.uniform(-math.pi, math.pi, (1000, 2))
    codes = np.column_stack([(factors[:, 0] - 2) % (2 * math.pi), np.zeros(1000)])
    opened = matched.cut(factors, [True, False], codes)
    assert np.corrcoef(opened[:, 0], codes[:, 0])[0, 1] > 0.9  # 36 turns are tried
    assert abs(np.corrcoef(factors[:, 0], codes[:, 0])[0, 1]) < 0.5
    assert np.array_equal(opened[:, 1], factors[:, 1])
    turns = (opened[:, 0] - factors[:, 0]) % (2 * math.pi)  # one turn for all angles
    assert np.ptp(np.angle(np.exp(1j * (turns - turns[0])))) < 1e-6


def test_codes_are_judged_as_by_brute_force():
    """Four codes of three factors, two of them mixed: every assignment is tried."""
    rng = np.random.default_rng(1)
    factors = rng.uniform(size=(500, 3))
    codes = factors[:, [1, 0, 2, 2]] + rng.normal(0, [0.1, 0.4, 0.3, 0.2], (500, 4))
    scores, each = matched.judge(codes, factors, [False] * 4, [False] * 3, ("a", "b", "c"))
    ranks = np.hstack([codes, factors]).argsort(0).argsort(0)
    rho = abs(np.corrcoef(ranks.T))[:4, 4:]
    best = max(permutations(range(4), 3), key=lambda p: sum(rho[i, j] for j, i in enumerate(p)))
    assert [row["code"] for row in each] == [f"c{i + 1}" for i in best] == ["c2", "c1", "c4"]
    assert [row["strength"] for row in each] == pytest.approx(
        [rho[i, j] for j, i in enumerate(best)]
    )
    assert each[2]["next"] == pytest.approx(rho[2, 2])
    assert scores["match"] == pytest.approx(np.mean([row["strength"] for row in each]))


def test_factors_are_taken_by_name():
    data = Factored(None, torch.tensor([[0.5, 1.0, 2.0]]), ("a", "b", "c"), (False, False, True))
    columns, labels = matched.wanted(data, ("c", "a"))
    assert columns.tolist() == [[2.0, 0.5]] and labels == [True, False]


def test_a_sheet_has_the_traversals_in_order():
    model = InfoGAN(WORLDS["chairs"].settings, (1, 32, 32)).eval()
    tiles = matched.sheet(model).reshape(5 * ROWS, 32, COLUMNS, 32)
    assert np.all(tiles[: 2 * ROWS, :, 6:] == 0)  # six categories, then nothing
    expected = traverse(model, "c3", torch.linspace(-1, 1, COLUMNS).tolist(), rows=ROWS)
    assert np.array_equal(tiles[2 * ROWS + 1, :, 4], expected[1, 4, 0].numpy())
    assert np.all(tiles[:, :, :6].std(axis=(1, 3)) > 0)


@each_set
def test_stored_runs_are_all_there_and_possible(name):
    world, runs = WORLDS[name], runs_of(name)
    assert [row["seed"] for row in runs] == [str(seed) for seed in SEEDS]
    assert len(runs_of(name, "untrained")) == len(SEEDS) and len(runs_of(name, "factors")) == 1
    code = world.settings.code
    for row in runs:
        numbers = [float(row[m]) for m in ("match", "MIG", "SAP", "D", "C", "I")]
        assert all(0 <= number <= 1 for number in numbers)
        bounds = {n: float(row[f"L_I({n})"]) for n in code.names}
        assert all(bounds[n] <= code.entropy()[n] + 1e-6 for n in code.categorical_names)
        assert row["seconds"] != "0.0"


@each_set
def test_stored_matchings_use_each_code_once(name):
    for row in runs_of(name) + runs_of(name, "untrained") + runs_of(name, "factors"):
        each = matches_of(name, row["codes"], row["seed"])
        assert [m["factor"] for m in each] == list(WORLDS[name].factors)
        assert all(0 <= float(m[s]) <= 1 for m in each for s in ("strength", "next"))
        codes = [m["code"] for m in each if m["code"]]
        assert len(codes) == len(set(codes))
        mean = np.mean([float(m["strength"]) for m in each])
        assert float(row["match"]) == pytest.approx(mean)


@each_set
def test_the_factors_themselves_are_the_best_codes(name):
    (row,) = runs_of(name, "factors")
    assert float(row["match"]) > 0.999
    others = runs_of(name) + runs_of(name, "untrained")
    assert all(float(row[m]) > float(o[m]) for o in others for m in ("match", "MIG", "SAP", "I"))


@each_set
def test_stored_runs_have_the_settings_of_the_script(name):
    _, about = report.read(report.SHOWN / "worlds.csv")
    stored, here = json.loads(about[name]), json.loads(json.dumps(asdict(WORLDS[name].settings)))
    assert stored.pop("steps") >= here.pop("steps")  # tests cap the steps of every preset
    assert stored == here


@each_set
def test_the_best_and_the_worst_are_what_they_are_called(name):
    by_match = sorted(runs_of(name), key=lambda row: float(row["match"]))
    assert [row["sheet"] for row in by_match] == ["worst", *[""] * (len(SEEDS) - 2), "best"]
    assert all(row["sheet"] == "" for row in runs_of(name, "untrained"))
    best, worst = (np.asarray(image(name, which)) for which in ("best", "worst"))
    codes = len(WORLDS[name].settings.code.names)
    assert best.shape[:2] == worst.shape[:2] == (32 * ROWS * codes, 32 * COLUMNS)
    assert best.std() > 10 and worst.std() > 10 and not np.array_equal(best, worst)
