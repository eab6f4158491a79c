"""The experiments behind the chapter on the paper's claims, at a tiny budget."""

import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal, norm

from benchmarks import claims, looks, report, where
from benchmarks.posterior import Head
from infogan_lite import LatentCode, Settings, load, train
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


def test_frechet_distance_of_independent_gaussians():
    a, b = torch.tensor([1.0, 4.0]).double(), torch.tensor([9.0, 0.25]).double()
    mean = torch.tensor([3.0, -1.0]).double()
    by_hand = 3**2 + 1 + float((a.sqrt() - b.sqrt()).square().sum())
    zero = torch.zeros(2).double()
    found = looks.frechet((zero, a.diag()), (mean, b.diag()))
    assert found == pytest.approx(by_hand)


class Widening(torch.nn.Module):
    """Stands for a model whose c2 stretches an upright oval, or makes its ring thicker."""

    def __init__(self, thicker):
        super().__init__()
        self.settings = Settings(code=LatentCode((), 2), z_dim=1)
        self.code, self.thicker = self.settings.code, thicker

    def generate(self, z, c):
        y, x = torch.meshgrid(*[torch.linspace(-1, 1, 28)] * 2, indexing="ij")
        size = 0.1 * c[:, 0, None, None]
        radius = (x / (0.5 if self.thicker else 0.5 + size)) ** 2 + (y / 0.6) ** 2
        thickness = 0.3 + (size if self.thicker else 0 * size)
        return torch.sigmoid(20 * (thickness - (radius.sqrt() - 1).abs()))[:, None]


def test_a_mere_stretch_leaves_little_unexplained():
    assert looks.stretch(Widening(thicker=False), rows=4) < 0.1
    assert looks.stretch(Widening(thicker=True), rows=4) > 0.3


def test_settled_is_when_the_distance_stays_low():
    pace = looks.Pace(torch.rand(30, 1, 8, 8), n=10)
    pace.steps, pace.distances = [50, 100, 150, 200, 250], [10.0, 1.0, 5.0, 1.5, 1.0]
    assert pace.settled() == 200


@pytest.mark.parametrize("correlated", [False, True])
def test_heads_are_the_gaussians_they_say(correlated):
    torch.manual_seed(0)
    head = Head(hidden=3, d=2, parts=1, correlated=correlated)
    h, c = torch.randn(4, 3), torch.randn(4, 2)
    q = head(h)
    component = q.component_distribution
    for i in range(4):
        mean = component.mean[i, 0].detach().numpy()
        cov = component.covariance_matrix[i, 0].detach().numpy()
        expected = multivariate_normal(mean, cov).logpdf(c[i].numpy())
        assert q.log_prob(c)[i].item() == pytest.approx(expected, abs=1e-4)
        if not correlated:
            alone = norm(mean, np.sqrt(np.diag(cov))).logpdf(c[i].numpy()).sum()
            assert expected == pytest.approx(alone, abs=1e-4)
    assert bool((component.covariance_matrix[:, 0, 0, 1] != 0).all()) == correlated


@pytest.mark.parametrize("place", where.PLACES)
def test_the_places_differ_in_whose_weights_follow_l_i(place, images):
    small = {"channels": (4, 8), "hidden": 8, "batch_size": 8, "r1": 0.0, "steps": 1}
    nets = [
        where.train_with(images, Settings(**small, lam=lam, lam_uniform=lam), place)
        for lam in (0.5, 2.0)
    ]
    trunk = [torch.cat([p.flatten() for p in net.D.trunk.parameters()]) for net in nets]
    head = [net.D.head.weight for net in nets]
    assert torch.equal(*trunk) == (place == "head only")
    assert torch.equal(*head)  # D's own head never follows L_I


def test_the_experiments_run_at_a_tiny_budget(tmp_path):
    claims.Claims(("recipe",), seeds=(1,), quick=True, folder=tmp_path)()
    rows, _ = report.read(tmp_path / "quick" / "claims.csv")
    assert [row["variant"] for row in rows] == ["recipe", "plain GAN"]
    assert list(rows[0]) == list(stored("claims")[0])
    assert rows[0]["L_I full"] and not rows[1]["L_I full"]


def test_an_unknown_experiment_is_named():
    with pytest.raises(SystemExit, match="no 'speed'; there are: recipe, lambda"):
        claims.Claims(("speed",))()


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
    here = json.loads(json.dumps(asdict(claims.recipe())))
    assert made.pop("steps") >= here.pop("steps")  # tests cap the steps of every preset
    assert made == here


# By step: the losses of D and G, and L_I of c1, c2 and c3, of 20 steps in all with seed 300.
FIRST_STEPS = {
    1: (1.3977797, 0.6258441, -0.0154553, -0.2960660, -0.3348684),
    5: (1.3839751, 0.7030713, -0.0182782, -0.2060638, -0.3251287),
    10: (1.3773575, 0.7180193, -0.0121997, -0.1222361, -0.1637123),
    20: (1.3719072, 0.7207283, -0.0043527, -0.2024418, -0.1500842),
}


@pytest.mark.sensitive
def test_the_first_steps_are_those_of_the_loop_that_made_the_tables(float64):
    """In float64, where rounding stays small.  If this changes, the tables must be made anew."""
    images = load("digits").x_train.double()
    settings = claims.recipe(seed=300, steps=20, log_every=1)
    _, history = train(images, settings, device="cpu")
    for step, wanted in FIRST_STEPS.items():
        columns = (history.loss_d, history.loss_g, *history.bound.values())
        assert [column[step - 1] for column in columns] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.sensitive
def test_stored_runs_are_like_runs_on_this_machine():
    """150 steps, one seed: what any run does on any machine, the stored ones too."""
    rows = [row for row in stored("claims") if row["experiment"] == "budget"]
    (here,) = claims.experiment("budget", [claims.SEEDS[0]], claims.recipe())
    for row in [*rows, here]:
        assert 0.2 < float(row["error"]) < 0.7
        assert 1.2 < float(row["L_I(c1)"]) < np.log(10)


@pytest.mark.parametrize("name", ["claims", "where", "cost"])
def test_stored_tables_say_how_they_were_made(name):
    assert {"date", "hardware", "versions"} <= about(name).keys() and stored(name)


def test_an_unknown_table_is_named():
    with pytest.raises(ValueError, match="no stored table 'speed'; there are: ablation, claims"):
        stored("speed")
