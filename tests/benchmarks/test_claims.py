"""The experiments behind the chapter on the paper's claims, at a tiny budget."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import claims, report
from benchmarks.options import Options
from infogan_lite import LatentCode, load, preset, train
from infogan_lite.results.tables import about, stored
from infogan_lite.running.sweep import score, tuning_split


def test_unbalanced_pictures_are_as_many_as_balanced_ones():
    data = load("digits")
    digit_of = {
        x.numpy().tobytes(): int(y) for x, y in zip(data.x_train, data.y_train, strict=True)
    }
    counts = {}
    for which in ("balanced", "unbalanced"):
        chosen = claims.pictures(data, which, seed=1)
        labels = [digit_of[x.numpy().tobytes()] for x in chosen]
        assert len({x.numpy().tobytes() for x in chosen}) == len(chosen)
        counts[which] = sorted(np.bincount(labels, minlength=10))
    assert counts["unbalanced"] == sorted(round(350 * 0.75**k) for k in range(10))
    assert counts["balanced"] == [sum(counts["unbalanced"]) // 10] * 10


def test_the_stored_rows_are_those_of_the_present_experiments():
    plan = [
        (experiment, variant, str(seed))
        for experiment, variants in claims.CLAIMS.items()
        for variant in [*variants]
        for seed in claims.SEEDS
    ]
    rows = stored("claims")
    assert sorted((r["experiment"], r["variant"], r["seed"]) for r in rows) == sorted(plan)
    assert "commit 6e954c4" in about("claims")["made by"]  # of the recipe of version 0.2.0
    assert "infogan_lite 0.2.0" in about("claims")["versions"]


@pytest.mark.sensitive
def test_stored_runs_are_like_runs_on_this_machine():
    """150 steps, one seed: what any run does on any machine, the stored ones too."""
    rows = [row for row in stored("claims") if row["experiment"] == "budget"]
    data, (changes,) = load("digits"), claims.CLAIMS["budget"].values()
    settings = replace(preset("lite", code=LatentCode()), **changes)  # 150 steps in tests, too
    model, _ = train(data.x_train, settings, device="cpu")
    for row in [*rows, score(model, tuning_split(data))]:
        assert float(row["error"]) < 0.8  # by chance about 0.87
        assert 0.5 < float(row["L_I(c1)"]) < np.log(10)  # of twenty 1.34 to 1.76; lambda 0: 0.01


def test_the_experiments_run_at_a_tiny_budget(tiny_budget, tmp_path):
    claims.run(Options(parts=("recipe",), seeds=(1,), quick=True, folder=tmp_path))
    rows, _ = report.read(tmp_path / "claims.csv")
    assert [row["variant"] for row in rows] == ["recipe", "plain GAN"]
    assert list(rows[0]) == list(stored("claims")[0])
    assert rows[0]["L_I full"] and not rows[1]["L_I full"]
