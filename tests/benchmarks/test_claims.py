"""The experiments behind the chapter on the paper's claims, at a tiny budget."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from benchmarks import claims, report
from benchmarks.options import Options
from infogan_lite import load, preset, train
from infogan_lite.results.tables import about, stored


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
    assert counts["unbalanced"] == sorted(round(400 * 0.75**k) for k in range(10))
    assert counts["balanced"] == [sum(counts["unbalanced"]) // 10] * 10


def test_the_stored_rows_are_those_of_the_present_experiments():
    plan = [
        (experiment, variant, str(seed))
        for experiment, variants in claims.EXPERIMENTS.items()
        for variant in [*variants]
        for seed in claims.SEEDS
    ]
    rows = stored("claims")
    assert sorted((r["experiment"], r["variant"], r["seed"]) for r in rows) == sorted(plan)
    made = json.loads(about("claims")["settings"])
    here = json.loads(json.dumps(asdict(preset("lite"))))
    assert made.pop("steps") >= here.pop("steps")  # tests cap the steps of every preset
    assert made == here | {"leak": 0.1, "beta1": 0.5}  # settings then, constants now


# By step: the losses of D and G, and L_I of c1, c2 and c3, of 20 steps in all with seed 300.
FIRST_STEPS = {
    1: (1.3916511, 0.6945153, -0.0076106, -0.3880531, -0.2003952),
    5: (1.3856727, 0.6950351, 0.0004382, -0.1013103, -0.3581503),
    10: (1.3743082, 0.7180578, -0.0206479, -0.2015808, -0.1469078),
    20: (1.3664619, 0.7130897, 0.0019312, -0.1910680, -0.1146097),
}


@pytest.mark.sensitive
def test_the_first_steps_are_those_of_the_loop_that_made_the_tables(float64):
    """In float64, where rounding stays small.  If this changes, the tables must be made anew."""
    images = load("digits").x_train.double()
    settings = preset("lite", seed=300, steps=20, log_every=1)
    _, history = train(images, settings, device="cpu")
    for step, wanted in FIRST_STEPS.items():
        columns = (history.loss_d, history.loss_g, *history.bound.values())
        assert [column[step - 1] for column in columns] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.sensitive
def test_stored_runs_are_like_runs_on_this_machine():
    """150 steps, one seed: what any run does on any machine, the stored ones too."""
    rows = [row for row in stored("claims") if row["experiment"] == "budget"]
    (here,) = claims.experiment("budget", [claims.SEEDS[0]], preset("lite"))
    for row in [*rows, here]:
        assert float(row["error"]) < 0.8  # by chance about 0.87
        assert 1.2 < float(row["L_I(c1)"]) < np.log(10)  # with lambda = 0: about 0.01


def test_the_experiments_run_at_a_tiny_budget(tmp_path):
    claims.run(Options(parts=("recipe",), seeds=(1,), quick=True, folder=tmp_path))
    rows, _ = report.read(tmp_path / "claims.csv")
    assert [row["variant"] for row in rows] == ["recipe", "plain GAN"]
    assert list(rows[0]) == list(stored("claims")[0])
    assert rows[0]["L_I full"] and not rows[1]["L_I full"]
