"""What is taken from the recipe, piece by piece, and what is lost with each piece."""

from dataclasses import asdict, replace
from math import inf, isnan

import pytest
import torch

from benchmarks import ablation, report
from benchmarks.ablation import (
    MEASURES,
    NOT_REVIVED,
    PAIRS,
    PLAIN_GAME,
    WITHOUT,
    judged,
    losses,
    program_of,
)
from benchmarks.options import Options
from infogan_lite import InfoGAN, preset, recipe

ALL_MAPS = {"augment": 0.0}  # without two looks they are those of the game alone


def changed(changes):
    before, after = asdict(ablation.RECIPE), asdict(replace(ablation.RECIPE, **changes))
    return {name for name in before if before[name] != after[name]}


def test_each_row_takes_one_part_away_or_the_two_of_a_pair():
    singles = {name: changed(changes) for name, changes in WITHOUT.items() if name not in PAIRS}
    assert singles.pop("recipe") == singles.pop(NOT_REVIVED) == set()
    assert {name: len(parts) for name, parts in singles.items()} == dict.fromkeys(singles, 1)
    assert {*singles, NOT_REVIVED} == set(ablation.THERE_FOR)
    # In the plain game Q is told nothing, as there is nothing to tell.
    assert singles.pop(PLAIN_GAME) == singles["Q is not told the map"]
    assert len(set(map(frozenset, singles.values()))) == len(singles)
    for both, (one, other) in PAIRS.items():
        parts = [ALL_MAPS if name == PLAIN_GAME else WITHOUT[name] for name in (one, other)]
        assert WITHOUT[both] == parts[0] | parts[1] and len(changed(WITHOUT[both])) == 2
    assert len(WITHOUT) == 1 + len(ablation.THERE_FOR) + len(PAIRS) == 18


@pytest.mark.parametrize("name, shortest", [("recipe", 0.25), (NOT_REVIVED, 0.05)])
def test_without_revival_a_turned_factor_stays_as_short_as_it_is(name, shortest):
    model = InfoGAN(preset("lite"), (1, 28, 28))
    entrance = model.G.entrance()
    entrance.data *= torch.tensor([1.0, 1.0, 0.05]) / entrance.norm(dim=0)
    with program_of(name):
        recipe.revive(model)
    assert model.G.entrance().norm(dim=0).tolist() == pytest.approx([1, 1, shortest])


@pytest.fixture
def some(monkeypatch, tiny_budget):
    """The recipe, what chapter 6, which is run as well, does not take from it, and a pair."""
    names = ["recipe", PLAIN_GAME, "without two looks alike", "neither maps nor two looks"]
    monkeypatch.setattr(ablation, "WITHOUT", {name: WITHOUT[name] for name in names})
    return names


def rows_of(folder, *seeds):
    ablation.run(Options(seeds=seeds, quick=True, folder=folder))
    return report.read(folder / "ablation.csv")


def test_it_runs_at_a_tiny_budget_with_the_columns_that_chapter_6_reads(some, tmp_path, capsys):
    rows, about = rows_of(tmp_path, 1)
    assert [row["variant"] for row in rows] == some and about["seeds"] == "[1]"
    old, _ = report.read(report.SHOWN / "ablation.csv")
    assert set(old[0]) <= set(rows[0]) and '"steps": 4' in about["settings"]
    for row in rows:
        assert all(
            float(row[column]) == float(row[column])
            for column in row
            if column not in ablation.MADE
        )
    assert "neither maps nor two looks: together | error" in capsys.readouterr().out


def test_what_was_stopped_goes_on_seed_by_seed(some, tmp_path, monkeypatch):
    first, _ = rows_of(tmp_path, 1)
    made, one_run = [], ablation.one_run

    def watched(name, seed, *rest):
        made.append((name, seed))
        return one_run(name, seed, *rest)

    monkeypatch.setattr(ablation, "one_run", watched)
    lines = (tmp_path / "ablation.csv").read_text(encoding="utf8").splitlines(keepends=True)
    (tmp_path / "ablation.csv").write_text("".join(lines[:-1]), encoding="utf8")  # one is lost
    monkeypatch.setattr(ablation, "WITHOUT", {name: WITHOUT[name] for name in [some[0], some[3]]})
    rows, _ = rows_of(tmp_path, 1, 2)
    assert made == [(some[3], 1), (some[0], 2), (some[3], 2)]  # whole seeds first
    timed = {"seconds": "0"}
    again = [row | timed for row in rows if row["seed"] == "1"]
    assert sorted(again, key=str) == sorted([row | timed for row in first], key=str)


def test_a_table_of_an_older_recipe_gives_way(some, tmp_path):
    (tmp_path / "ablation.csv").write_text("# settings: {}\nvariant,seed\nrecipe,300\n", "utf8")
    rows, _ = rows_of(tmp_path, 1)
    assert {row["seed"] for row in rows} == {"1"} and len(rows) == len(some)


def test_a_run_that_diverges_stays_in_the_table(tiny_budget, tmp_path, monkeypatch):
    hot = {"recipe": {}, "rates that fall": {"lr_d": 1e30, "lr_g": 1e30}}
    monkeypatch.setattr(ablation, "WITHOUT", hot)
    rows, _ = rows_of(tmp_path, 1)
    assert [row["diverged"] for row in rows] == ["0", "1"]
    assert isnan(float(rows[1]["error"]))  # a number for chapter 6, which draws nothing there
    assert losses(rows, MEASURES["error"])["rates that fall"] == {1: inf}


def raw(variant, errors, crossed=0.2, moved=(2.0, 1.5)):
    return [
        {"variant": variant, "seed": str(seed), "error": f"{error}", "crossed": f"{crossed}"}
        | {"slant moved": f"{moved[0]}", "width moved": f"{moved[1]}"}
        | {f"L_I({c})": "0.8" for c in ("c2", "c3", "c4")}
        | {"faint": "0.05", "variance": "0.7", "frechet": "100"}
        for seed, error in enumerate(errors)
    ]


def test_worth_by_hand():
    rows = raw("recipe", [0.04, 0.05, 0.04, 0.03, 0.05])
    rows += raw(PLAIN_GAME, [0.06, 0.08, 0.06, 0.06, 0.07])
    rows += raw("without two looks alike", [0.05, 0.05, 0.04, 0.03, 0.05], moved=(1.0, 1.5))
    rows += raw("neither maps nor two looks", [0.16, 0.11, 0.12, 0.11, "nan"])
    rows += raw("axes never turned", [0.04] * 5, crossed=0.25)
    found = {(w.what, w.measure): w for w in judged(rows)}
    maps = found[PLAIN_GAME, "error"]
    assert maps.median == pytest.approx(0.02) and maps.verdict.startswith("holds (5 of 5")
    looks = found["without two looks alike", "error"]
    assert looks.median == pytest.approx(0) and looks.verdict.startswith("undecided (1 of 5")
    assert found["without two looks alike", "moved"].median == pytest.approx(0.5)
    assert found["without two looks alike", "moved"].verdict == ""  # it is there for the error
    assert found["axes never turned", "crossed"].verdict.startswith("fails (0 of 5")
    both = found["neither maps nor two looks: together", "error"]
    assert both.median == pytest.approx(0.06) and both.verdict.startswith("holds (5 of 5")
    assert both.high < inf  # the run that diverged counts in the median, and in no interval


def test_nothing_is_said_of_a_seed_whose_recipe_diverged():
    rows = raw("recipe", ["nan"] * 5) + raw(PLAIN_GAME, [0.5] * 5)
    found = {(w.what, w.measure): w for w in judged(rows)}
    assert isnan(found[PLAIN_GAME, "error"].median)
    assert found[PLAIN_GAME, "error"].verdict.startswith("fails (0 of 5")
