"""InfoGAN-CR at a tiny budget: rows seed by seed, a choice without labels, and verdicts."""

import re
from itertools import product

import numpy as np
import pytest
import torch

from benchmarks import ablation, contrast, infogan_cr, report
from benchmarks.late_contrast import branches
from benchmarks.options import Options
from infogan_lite.information import weighted

MADE = ("kind", "seed", "instructions", "seconds", "diverged")


@pytest.fixture(autouse=True)
def small_nets(monkeypatch):
    recipe, sizes = infogan_cr.recipe, {"channels": (4, 8, 8), "hidden": 16, "q_hidden": 8}
    monkeypatch.setattr(infogan_cr, "recipe", lambda **changes: recipe(**sizes | changes))
    monkeypatch.setattr(infogan_cr, "floor", lambda images: 0.0)  # of 5,000 pictures


def rows_of(folder, *seeds, table="infogan_cr"):
    infogan_cr.run(Options(seeds=seeds, quick=True, folder=folder))
    return report.read(folder / f"{table}.csv")[0]


def test_a_seed_makes_a_row_of_each_kind_with_all_scores(tmp_path, capsys):
    rows = {row["kind"]: row for row in rows_of(tmp_path, 1)}
    assert tuple(rows) == infogan_cr.KINDS and {row["seed"] for row in rows.values()} == {"1"}
    for kind, row in rows.items():
        assert tuple(row) == infogan_cr.COLUMNS and row["diverged"] == "0"
        blank = {column for column, value in row.items() if value == ""}
        assert blank == (set() if kind in infogan_cr.CHOSEN else {"H accuracy"})
        scores = [float(row[score]) for score in infogan_cr.SCORES]
        assert all(0 <= score <= 1 for score in scores)
        assert float(row["mean"]) == pytest.approx(np.mean(scores))
    assert "CR2" in capsys.readouterr().out


def test_what_was_stopped_goes_on_seed_by_seed(tmp_path, monkeypatch):
    first, trained = rows_of(tmp_path, 1), []

    def watched(images, settings, *rest):
        trained.append(settings.seed)
        return branches(images, settings, *rest)

    monkeypatch.setattr(infogan_cr, "branches", watched)
    again = rows_of(tmp_path, 1, 2)
    assert trained == [2]
    assert [row for row in again if row["seed"] == "1"] == first
    table = tmp_path / "infogan_cr.csv"
    text = table.read_text(encoding="utf8").splitlines(keepends=True)
    lost = [line for line in text if not line.startswith("InfoGAN-CR,2")]
    table.write_text("".join(lost), encoding="utf8")  # stopped before its last row was written
    done = rows_of(tmp_path, 1, 2)
    assert trained == [2, 2] and len(done) == 2 * len(infogan_cr.KINDS)
    monkeypatch.setattr(infogan_cr, "ALPHA", 3.0)
    assert {row["seed"] for row in rows_of(tmp_path, 1)} == {"1"}  # others were made with 2


def test_a_run_that_diverges_stays_in_the_table_and_passes_nothing(tmp_path, monkeypatch):
    recipe = infogan_cr.recipe
    monkeypatch.setattr(infogan_cr, "recipe", lambda: recipe(lr_d=1e30, lr_g=1e30))
    rows = rows_of(tmp_path, 1)
    assert [row["diverged"] for row in rows] == ["0", "1", "1", "1"]
    assert all(rows[3][column] == "" for column in infogan_cr.COLUMNS if column not in MADE)
    assert [verdict.passed for _, _, verdict in infogan_cr.judged(rows)] == [0, 0, 0]


def test_the_most_central_seed_of_each_kind_is_chosen_and_ranked(tmp_path):
    rows = rows_of(tmp_path, 1, 2, 3, table="infogan_cr-centrality")
    assert [row["kind"] for row in rows] == [k for k in infogan_cr.CHOSEN for _ in range(3)]
    made, _ = report.read(tmp_path / "infogan_cr.csv")
    means = {(row["kind"], row["seed"]): float(row["mean"]) for row in made}
    for kind in infogan_cr.CHOSEN:
        some = [row for row in rows if row["kind"] == kind]
        central = [float(row["centrality"]) for row in some]
        assert [row["chosen"] for row in some].index("1") == int(np.argmax(central))
        assert sum(row["chosen"] == "1" for row in some) == 1
        own = [means[kind, row["seed"]] for row in some]
        assert [int(row["rank"]) for row in some] == [1 + sum(b > a for b in own) for a in own]


def test_a_net_that_was_kept_is_the_one_that_was_measured(tmp_path):
    (row,) = [row for row in rows_of(tmp_path, 1) if row["kind"] == "InfoGAN-CR"]
    net = infogan_cr.loaded(
        infogan_cr.weights_of("InfoGAN-CR", 1, tmp_path), infogan_cr.recipe(steps=4)
    )
    images = contrast.render("shapes", contrast.upright(500, seed=0))
    found = contrast.measures(net, images, 200, 10)
    assert float(row["MIG"]) == pytest.approx(found["MIG"], abs=1e-6)


def raw(seed, accuracy, mean):
    """Rows of untrained nets, InfoGAN, InfoGAN-CR."""
    kinds = zip(("untrained", *infogan_cr.CHOSEN), ("", *accuracy), mean, strict=True)
    return [{"kind": kind, "seed": str(seed), "H accuracy": a, "mean": m} for kind, a, m in kinds]


def test_verdicts_by_hand():
    rows = [row for s in range(5) for row in raw(s, ("0.5", "0.7"), ("0.25", "0.4", "0.46"))]
    learned, followed, better = infogan_cr.judged(rows)
    assert {v.word for _, _, v in (learned, followed, better)} == {"holds"}
    assert learned[1] == pytest.approx(dict.fromkeys(range(5), 0.15))
    assert better[1] == pytest.approx(dict.fromkeys(range(5), 0.06))
    rows = [row for s in range(4) for row in raw(s, ("0.5", "0.7"), ("0.3", "0.39", "0.43"))]
    rows += raw(4, ("0.5", ""), ("0.3", "0.5", ""))
    learned, followed, better = infogan_cr.judged(rows)
    assert (learned[2].word, learned[2].passed) == ("undecided", 1)
    assert (followed[2].word, followed[2].passed) == ("undecided", 4)
    assert better[2].word == "fails" and np.isnan(better[1][4])
    assert infogan_cr.verdict_row(*better)["median"] == pytest.approx(0.04)
    assert infogan_cr.judged([]) == []


@pytest.mark.parametrize(
    "experiment, what",
    [(infogan_cr, "InfoGAN-CR and the ablations"), (ablation, "the second ablation")],
)
def test_the_seeds_are_those_that_the_frozen_protocol_drew(experiment, what):
    text = (report.ROOT / "benchmarks" / "protocol.md").read_text(encoding="utf8")
    found = re.search(rf"{what} is (\w+), so (?:their|its) seeds are (\d+) to (\d+)", text)
    frozen, first, last = found.groups()
    assert experiment.FIRST == int(frozen[:6], 16) == int(first)
    assert tuple(range(int(first), int(last) + 1)) == experiment.SEEDS
    assert len(experiment.SEEDS) == 5


def test_the_numbers_are_those_of_the_authors(monkeypatch):
    """Their config.py for dSprites; the contrast has the last 34,560 of 322,560 steps."""
    monkeypatch.undo()
    s = infogan_cr.recipe()
    assert (s.batch_size, s.lr_d, s.lr_g, s.decay_from) == (64, 2e-3, 1e-3, 1.0)
    assert infogan_cr.ALPHA == 2.0 and s.z_dim == s.code.uniform == 4
    assert infogan_cr.late(s) / s.steps == pytest.approx(34560 / 322560, abs=0.01)
    c, mean = torch.tensor([[0.0]]), torch.tensor([[1.0]])
    bound = [{"c1": -((c - m) ** 2).sum() / (2 * s.sigma**2)} for m in (0, mean)]
    one = infogan_cr.recipe(code=infogan_cr.LatentCode((), 1))
    price = weighted(bound[0], one) - weighted(bound[1], one)
    assert price.item() == pytest.approx(0.05 / 2)  # lambda / 2 sigma^2 for a squared error of 1


def test_the_stored_rows_are_of_these_seeds_and_settings(monkeypatch):
    monkeypatch.undo()
    settings, folder = infogan_cr.recipe(), report.folder_of("infogan_cr")
    rows = [row for kind in infogan_cr.KINDS for row in infogan_cr.of(kind, settings, folder)]
    assert len(rows) == len(report.read(folder / "infogan_cr.csv")[0]) == 20
    assert {(r["kind"], int(r["seed"])) for r in rows} == set(
        product(infogan_cr.KINDS, infogan_cr.SEEDS)
    )
    for row in rows:
        assert float(row["mean"]) == pytest.approx(
            np.mean([float(row[s]) for s in infogan_cr.SCORES])
        )


def test_the_stored_choice_is_the_most_central_seed_and_its_rank_that_of_its_scores():
    rows, _ = report.read(report.folder_of("infogan_cr") / "infogan_cr-centrality.csv")
    scores, _ = report.read(report.folder_of("infogan_cr") / "infogan_cr.csv")
    for kind in infogan_cr.CHOSEN:
        mine = [row for row in rows if row["kind"] == kind]
        best = max(mine, key=lambda row: float(row["centrality"]))
        assert [row for row in mine if row["chosen"] == "1"] == [best] and len(mine) == 5
        mean = {row["seed"]: float(row["mean"]) for row in scores if row["kind"] == kind}
        ranked = sorted(mean, key=mean.get, reverse=True)
        assert [int(row["rank"]) for row in mine] == [ranked.index(r["seed"]) + 1 for r in mine]
