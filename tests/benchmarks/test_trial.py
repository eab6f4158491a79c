"""The trial at a tiny budget: every kind makes a row, and what is there is not made again."""

import re

import numpy as np
import pytest
import torch

from benchmarks import report, trial
from benchmarks.digits import sealed
from benchmarks.options import Options
from benchmarks.trial import KINDS
from infogan_lite import load
from infogan_lite.results.trial import judged
from infogan_lite.results.verdicts import median_interval

MADE = ("seed", "instructions", "seconds", "diverged")


@pytest.fixture(autouse=True)
def few_new_digits(request, monkeypatch, all_digits):
    """In place of the sealed ones, where it is not about them."""
    if "sealed" not in request.node.name:
        few = all_digits.x_test[:50], all_digits.y_test[:50]
        monkeypatch.setattr(trial, "sealed", lambda: few)


def rows_of(folder, *parts, seeds=(1,)):
    trial.run(Options(parts=parts, seeds=seeds, quick=True, folder=folder))
    return report.read(folder / "trial.csv")[0]


def test_each_kind_has_its_columns(tiny_budget, tmp_path):
    kinds = ("lite", "untrained", "practice alone", "supervised", "plain GAN, no bend")
    rows = {row["kind"]: row for row in rows_of(tmp_path, *kinds)}
    assert set(rows) == set(kinds)
    asked = {kind: {k for k, v in row.items() if v != ""} for kind, row in rows.items()}
    classes = {"kind", *MADE, "error", "error of x_test", "named by 100", "probe by 100"}
    assert asked["untrained"] == asked["practice alone"] == asked["supervised"] == classes
    rest = set(trial.COLUMNS) - asked["lite"]
    assert rest == {"z slant", "z width", "z both", "H(c1)"}
    assert {"z slant", "z width", "z both"} < asked["plain GAN, no bend"]


def test_figure_1_is_kept_for_the_nets_of_the_paper(tiny_budget, tmp_path, monkeypatch):
    small = {"channels": (4, 8), "hidden": 8, "q_hidden": 8, "batch_size": 8, "log_every": 2}
    monkeypatch.setitem(trial.KINDS, "paper", trial.Kind(trial.paper(**small)))
    (row,) = rows_of(tmp_path, "paper")
    points, _ = report.read(tmp_path / "trial-curves.csv")
    assert [(p["kind"], p["seed"], p["step"]) for p in points] == [
        ("paper", "1", "2"),
        ("paper", "1", "4"),
    ]
    assert float(row["peak"]) == pytest.approx(max(float(p["L_I c1"]) for p in points))
    rows_of(tmp_path, "paper", "untrained", seeds=(1, 2))
    points, _ = report.read(tmp_path / "trial-curves.csv")
    assert [p["seed"] for p in points] == ["1", "1", "2", "2"]


def test_a_learned_prior_stands_beside_an_equal_one(tiny_budget, tmp_path):
    equal, learned = rows_of(tmp_path, "equal prior", "learned prior")
    assert not equal["H(c1)"] and 0 < float(learned["H(c1)"]) <= 2.3026
    assert equal["error"] and learned["error"]


def test_what_the_table_has_is_not_made_again(tiny_budget, tmp_path, monkeypatch):
    first = rows_of(tmp_path, "untrained")
    again = rows_of(tmp_path, "untrained", seeds=(1, 2))
    assert again[0] == first[0] and [row["seed"] for row in again] == ["1", "2"]
    monkeypatch.setattr(trial, "instructions", lambda: "OTHER")
    assert [row["seed"] for row in rows_of(tmp_path, "untrained")] == ["1", "2", "1"]


def test_a_quick_try_is_not_taken_for_a_run(tiny_budget, tmp_path):
    rows_of(tmp_path, "untrained")
    whole = {"untrained": trial.KINDS["untrained"]}
    assert trial.done(whole, tmp_path) == set()
    short = {"untrained": trial.budget(trial.KINDS["untrained"], Options(quick=True))}
    assert trial.done(short, tmp_path) == {("untrained", 1)}


def test_rows_of_other_settings_give_way(tiny_budget, tmp_path, monkeypatch):
    rows_of(tmp_path, "untrained")
    other = trial.Kind(trial.lite(lam=0.5))
    monkeypatch.setitem(trial.KINDS, "untrained", other)
    assert [row["seed"] for row in rows_of(tmp_path, "untrained", seeds=(2,))] == ["2"]


def test_a_run_that_diverges_stays_in_the_table(tmp_path, monkeypatch):
    kind = trial.Kind(trial.lite(lr_d=1e30, lr_g=1e30))
    monkeypatch.setitem(trial.KINDS, "no practice", kind)
    (row,) = rows_of(tmp_path, "no practice")
    assert row["diverged"] == "1" and row["error"] == ""


def test_errors_are_on_the_sealed_digits_that_nobody_saw():
    assert trial.sealed is sealed
    data, (x, y) = load("digits"), sealed()
    seen = {p.numpy().tobytes() for p in torch.cat([data.x_train, data.x_test])}
    assert len(x) == len(y) == 500 and not seen & {p.numpy().tobytes() for p in x}


def test_the_few_labels_are_ten_of_each_and_the_same_for_all_kinds():
    data = load("digits")
    few = trial.few_labels(5, data)
    assert data.y_train[few].bincount().tolist() == [10] * 10
    assert torch.equal(few, trial.few_labels(5, data))


def test_the_seeds_are_those_that_the_frozen_protocol_drew():
    text = (report.ROOT / "benchmarks" / "protocol.md").read_text(encoding="utf8")
    lines = {
        trial.FIRST: r"freezing commit is (\w+), so the seeds about digits are (\d+) to (\d+)",
        trial.SECOND: r"second trial of the digits is (\w+), so its seeds are (\d+) to (\d+)",
    }
    for start, line in lines.items():
        frozen, first, last = re.search(line, text).groups()
        assert start == int(frozen[:6], 16) == int(first) == int(last) - 9
    assert tuple(range(trial.SECOND, trial.SECOND + 10)) == trial.SEEDS
    assert tuple(range(trial.FIRST, trial.FIRST + 10)) == trial.PAPER_SEEDS


def test_the_stored_rows_are_of_these_seeds_and_settings():
    rows, about = report.read(report.folder_of("trial") / "trial.csv")
    for row in rows:
        assert int(row["seed"]) in trial.KINDS[row["kind"]].seeds
    for kind in {row["kind"] for row in rows}:
        assert about[kind] == trial.described(trial.KINDS[kind])


def test_the_nets_of_the_paper_keep_the_seeds_of_their_own_freeze():
    asked = {name: trial.seeds_of(kind, Options(seeds=trial.SEEDS)) for name, kind in KINDS.items()}
    own = {name: seeds for name, seeds in asked.items() if name.startswith("paper")}
    assert own.pop("paper") == trial.PAPER_SEEDS
    assert set(own.values()) == {trial.PAPER_SEEDS[:3]}
    assert {seeds for name, seeds in asked.items() if "paper" not in name} == {trial.SEEDS}
    assert trial.seeds_of(KINDS["paper"], Options(seeds=(5,))) == (5,)


@pytest.mark.parametrize("table, place", [("trial-first", 0), ("trial", 1)])
def test_the_protocol_says_what_both_trials_said(table, place):
    text = (report.ROOT / "benchmarks" / "protocol.md").read_text(encoding="utf8")
    said = r" ([-\d.]+) \(([-\d.]+) to ([-\d.]+)\) \| (\w+), (\d+) of 10 \|"
    lines = re.findall(rf"^\| (.+?) \|{said}{said}$", text, re.MULTILINE)
    rows, _ = report.read(report.folder_of(table) / f"{table}.csv")
    found = {j.claim.name.replace(" will do", ""): j for j in judged(rows, "AVX2")}
    of_the_paper = {j.claim.name for j in found.values() if "paper" in j.claim.kinds[0]}
    assert {line[0] for line in lines} == set(found) - of_the_paper
    for name, *both in lines:
        *numbers, word, passed = both[5 * place : 5 * place + 5]
        values = list(found[name].values.values())
        middle = [np.median(values), *median_interval(values)]
        for number, exact in zip(numbers, middle, strict=True):
            last = 10.0 ** -len(number.partition(".")[2])
            assert float(number) == pytest.approx(exact, abs=0.51 * last)
        assert (found[name].verdict.word, found[name].verdict.passed) == (word, int(passed))


def test_before_codes_were_revived_one_was_dead_in_three_runs_of_thirty_as_chapter_5_says():
    def weakest(table, column):
        runs = [r for r in report.read(report.SHOWN / f"{table}.csv")[0] if r[column] == "lite"]
        return [min(float(r[f"L_I {c}"]) for c in ("c2", "c3", "c4")) for r in runs]

    before = weakest("trial", "kind") + weakest("separation-constant-rates", "variant")
    today = sorted(weakest("separation", "variant"))
    assert len(before) == 30 and sum(value < -0.7 for value in before) == 3
    assert len(today) == 20 and round(today[0], 2) == 0.18 and today[1] > 0.7
