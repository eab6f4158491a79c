"""The contrastive experiment at a tiny budget, its pairs, and the gradients of chapter 11."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn
from torch.nn.functional import cross_entropy

from benchmarks import contrast, report
from benchmarks.options import Options
from infogan_lite import LatentCode, Posterior, lower_bound, recipe, train
from infogan_lite.history import start

CODE = LatentCode((), 4)


@pytest.fixture
def small():
    return contrast.recipe(channels=(4, 8), hidden=16, q_hidden=8, batch_size=8, steps=2)


@pytest.fixture
def shapes():
    return contrast.render("shapes", contrast.upright(64, seed=3))


def test_pairs_share_one_code_and_each_keeps_the_prior():
    c, other, shared = contrast.pairs(CODE, 4000, torch.Generator().manual_seed(0))
    same = c == other
    assert (same.sum(1) == 1).all()
    assert torch.equal(same.int().argmax(1), shared)
    assert stats.chisquare(np.bincount(shared, minlength=4)).pvalue > 1e-3
    for codes in (c, other):
        for column in codes.T.numpy():
            assert stats.kstest(column, stats.uniform(-1, 2).cdf).pvalue > 1e-3
    a, b = c[~same].numpy(), other[~same].numpy()  # drawn without a look at the first picture
    assert abs(stats.spearmanr(a, b).statistic) < 4 / len(a) ** 0.5


def test_pairs_say_no_more_than_the_shared_code():
    """The sum of what was drawn anew has the triangular density of two uniforms."""
    c, other, shared = contrast.pairs(CODE, 4000, torch.Generator().manual_seed(1))
    anew = torch.arange(4) != shared[:, None]
    total = ((c + other)[anew] / 2).numpy()
    assert stats.kstest(total, stats.triang(0.5, -1, 2).cdf).pvalue > 1e-3


@pytest.mark.sensitive
def test_alpha_moves_g(small, shapes):
    def weights(alpha):
        model, _ = contrast.train_with_judge(shapes, small, alpha)
        return torch.cat([p.detach().flatten() for p in model.G.parameters()])

    watched = weights(0.0)
    assert torch.equal(watched, weights(0.0))  # a run can be repeated
    assert not torch.equal(watched, weights(5.0))


@pytest.mark.sensitive
def test_without_alpha_the_first_step_is_that_of_train(monkeypatch, small, shapes):
    """Later ones draw other numbers, as pairs are drawn in between."""
    monkeypatch.setattr(recipe, "R1_EVERY", 1)  # the first step has a penalty, too
    settings = replace(small, steps=1)
    ours, _ = contrast.train_with_judge(shapes, settings, alpha=0.0)
    theirs, _ = train(shapes, settings, device="cpu")
    for name, value in theirs.named_parameters():
        torch.testing.assert_close(dict(ours.named_parameters())[name], value, msg=name)
    first = start(settings, tuple(shapes.shape[1:])).model
    for part in ("G", "D", "Q"):  # all of them have moved
        before, after = (next(getattr(net, part).parameters()) for net in (first, ours))
        assert not torch.equal(before, after), part


@pytest.mark.sensitive
def test_a_judge_of_pairs_learns_what_two_pictures_share():
    """Pictures that carry the codes openly: four bars, each as bright as its code."""
    torch.manual_seed(0)
    settings = contrast.recipe(channels=(8, 16), hidden=32)
    judge = contrast.PairJudge(settings, 32)
    adam, generator = torch.optim.Adam(judge.parameters(), 3e-3), torch.Generator().manual_seed(0)

    def picture(c):
        return ((c + 1) / 2).repeat_interleave(8, dim=1)[:, None, None].repeat(1, 1, 32, 1)

    for _ in range(150):
        c, other, shared = contrast.pairs(CODE, 64, generator)
        loss = cross_entropy(judge(picture(c), picture(other)), shared)
        adam.zero_grad()
        loss.backward()
        adam.step()
    c, other, shared = contrast.pairs(CODE, 500, generator)
    guess = judge.eval()(picture(c), picture(other)).argmax(1)
    assert (guess == shared).float().mean() > 0.5  # chance is 0.25


@pytest.mark.sensitive
def test_factors_read_as_codes_have_the_best_scores(monkeypatch, small, shapes):
    """Q replaced by an oracle that knows the factors: the scores must say so."""
    low = torch.tensor([contrast.SPACE[j].low for j in contrast.KEPT])
    high = torch.tensor([contrast.SPACE[j].high for j in contrast.KEPT])

    def oracle(model, factors):
        return ((factors[:, contrast.KEPT] - low) / (high - low)).numpy()

    model, _ = contrast.train_with_judge(shapes, small, alpha=0.0)
    monkeypatch.setattr(contrast, "means_read", oracle)
    found = contrast.measures(model, shapes, n=2000, votes=20)
    assert found["MIG"] > 0.85 and found["votes"] == 1 and min(found[k] for k in "DCI") > 0.9
    assert all(found[f"match({name})"] > 0.99 for name in contrast.NAMES)


def test_quick_runs_and_has_the_columns_of_the_stored_table(tmp_path):
    contrast.run(Options(seeds=(300,), quick=True, folder=tmp_path))
    quick, _ = report.read(tmp_path / "contrast.csv")
    rows, about = report.read(report.RESULTS / "contrast.csv")
    assert list(quick[0]) == list(rows[0])
    assert [row["alpha"] for row in quick] == [str(alpha) for alpha in contrast.ALPHAS]
    plan = {(str(alpha), seed) for alpha in contrast.ALPHAS for seed in ("300", "301", "302")}
    assert {(row["alpha"], row["seed"]) for row in rows} == plan and len(rows) == len(plan)
    assert about["alphas"] == str(list(contrast.ALPHAS))
    for row in [*quick, *rows]:
        scores = [float(v) for k, v in row.items() if k[:2] != "L_" and k not in about]
        assert 0 <= float(row["H accuracy"]) <= 1 and np.isfinite(scores).all()
        for name in ("MIG", "SAP", "D", "C", "I", "votes", "match"):
            assert 0 <= float(row[name]) <= 1


@pytest.mark.sensitive
def test_l_i_moves_q_as_sleep_does_and_moves_g_too(float64):
    """Appendix B: the gradient for Q is that of a maximum-likelihood fit to dreams."""
    torch.manual_seed(0)
    code = LatentCode((3,), 1)
    G, Q = nn.Linear(4 + 2, 5), nn.Linear(5, 3 + 2)
    c, z = code.sample(200), torch.randn(200, 2)

    def read(x):
        logits, mean, log_sigma = Q(x).split([3, 1, 1], dim=1)
        return Posterior((logits,), mean, log_sigma)

    dream = G(torch.cat([c, z], 1)).tanh()
    bound = sum(lower_bound(code, c, read(dream)).values())
    of_l_i = torch.autograd.grad(bound, [Q.weight, G.weight], retain_graph=True)

    given = dream.detach()  # by hand: d log-softmax, d log-normal, then the chain rule
    q = read(given)
    off = (c[:, 3:] - q.mean) / q.log_sigma.exp()
    outputs = [c[:, :3] - q.logits[0].softmax(1), off / q.log_sigma.exp(), off**2 - 1]
    sleep = torch.cat(outputs, 1).T @ given / len(given)
    torch.testing.assert_close(of_l_i[0], sleep, rtol=1e-10, atol=1e-12)
    assert of_l_i[1].norm() > 1e-3

    surprise = sum(lower_bound(code, c, read(given)).values())
    assert torch.autograd.grad(surprise, G.weight, allow_unused=True) == (None,)
