"""The experiments behind the chapter on the paper's claims, at a tiny budget."""

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal, norm

from benchmarks import claims, looks, report, where
from benchmarks.posterior import Head
from infogan_lite import LatentCode, Settings, load
from infogan_lite.results.tables import about, stored

MEASURES = ("error", "L_I(c1)")


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


def test_a_stored_row_comes_out_again():
    """The stored runs of 150 steps, repeated with one of their seeds: within their spread."""
    rows = [row for row in stored("claims") if row["experiment"] == "budget"]
    assert len(rows) >= 3
    again = claims.experiment("budget", [int(rows[0]["seed"])], claims.recipe())[0]
    for name in MEASURES:
        values = np.array([float(row[name]) for row in rows])
        assert abs(again[name] - values.mean()) <= 4 * values.std(ddof=1) + 0.02, name


@pytest.mark.parametrize("name", ["claims", "where", "cost"])
def test_stored_tables_say_how_they_were_made(name):
    assert {"date", "hardware", "versions"} <= about(name).keys() and stored(name)


def test_an_unknown_table_is_named():
    with pytest.raises(ValueError, match="no stored table 'speed'; there are: ablation, claims"):
        stored("speed")
