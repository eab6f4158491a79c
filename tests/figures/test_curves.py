"""Curves of a training, and what they are read against."""

import math

import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm, vonmises

from drawn import history, lines, words
from infogan_lite import (
    History,
    LatentCode,
    LivePlot,
    Posterior,
    Settings,
    lower_bound,
    plot_bound,
    plot_losses,
    preset,
)
from infogan_lite.figures.curves import limits

CODE = LatentCode((10,), 2)


@pytest.mark.parametrize(
    ("name", "height", "label"),
    [("c1", math.log(10), "ceiling H(c1) = 2.303"), ("c2", -0.17649, "knows nothing: -0.176")],
)
def test_the_bound_is_drawn_with_what_it_is_read_against(name, height, label):
    histories = {"InfoGAN": history(), "GAN": history(offset=1)}
    (ax,) = plot_bound(histories, CODE, name, sigma=None).axes
    drawn = lines(ax)
    ((reference, (_, y)),) = [(k, v) for k, v in drawn.items() if k not in ("InfoGAN", "GAN")]
    assert label in reference
    assert y == pytest.approx([height, height], abs=1e-5)
    sign = 1 if name == "c1" else -1
    assert drawn["InfoGAN"] == ([10, 20, 30], pytest.approx([sign * t / 10 for t in (1, 2, 3)]))
    assert drawn["GAN"][1] == pytest.approx([1 + sign * t / 10 for t in (1, 2, 3)])
    assert words(ax.get_legend().get_texts()) == ["InfoGAN", "GAN", reference]
    assert "nats" in ax.get_ylabel() and "step" in ax.get_xlabel()


@pytest.mark.parametrize("sigma", [0.2, 0.3, 0.5, 1.0])
def test_with_a_fixed_sigma_a_blind_reader_and_one_who_knows_stand_at_the_lines(sigma):
    (ax,) = plot_bound({"InfoGAN": history()}, CODE, "c2", sigma=sigma).axes
    drawn = {label: y for label, (_, y) in lines(ax).items() if label != "InfoGAN"}
    c = CODE.sample(200_000, torch.Generator().manual_seed(0))
    means = {"knows nothing": torch.zeros(len(c), 2), "ceiling": c[:, 10:]}
    assert len(drawn) == len(means)
    for text, mean in means.items():
        q = Posterior((torch.zeros(len(c), 10),), mean, torch.full_like(mean, sigma).log())
        ((label, y),) = [(k, v) for k, v in drawn.items() if text in k]
        assert y == pytest.approx([lower_bound(CODE, c, q)["c2"].item()] * 2, abs=0.03)
        assert f"{y[0]:.3f}" in label


def test_without_a_word_the_lines_are_those_of_the_preset():
    settings = preset("lite")
    q = norm(0, settings.sigma)
    for name in ("c2", "c3"):
        (ax,) = plot_bound({"InfoGAN": history()}, settings.code, name).axes
        drawn = {label: y for label, (_, y) in lines(ax).items() if label != "InfoGAN"}
        blind = quad(lambda c: q.logpdf(c) / 2, -1, 1)[0] + math.log(2)
        ceiling = q.logpdf(0) + math.log(2)
        assert list(drawn.values()) == [pytest.approx([y] * 2) for y in (blind, ceiling)]


@pytest.mark.parametrize("kappa", [2.0, 6.0])
def test_an_angle_has_the_lines_of_one_who_points_anywhere_and_of_one_who_knows(kappa):
    code = LatentCode((), 1, 1)
    (ax,) = plot_bound({"InfoGAN": history()}, code, "c2", kappa=kappa).axes
    drawn = {label: y for label, (_, y) in lines(ax).items() if label != "InfoGAN"}
    ceiling = vonmises.logpdf(0, kappa) + math.log(2 * math.pi)
    blind = quad(lambda a: vonmises.logpdf(a, kappa) / (2 * math.pi), -math.pi, math.pi)[0]
    blind += math.log(2 * math.pi)
    assert drawn == {
        f"a Q that knows nothing: {blind:.3f}": pytest.approx([blind] * 2),
        f"ceiling: {ceiling:.3f}": pytest.approx([ceiling] * 2),
    }


@pytest.mark.parametrize("count", [1, 4, 6])
def test_every_history_gets_its_curve(count):
    (ax,) = plot_bound({f"seed {i}": history(offset=i) for i in range(count)}, CODE).axes
    assert {f"seed {i}" for i in range(count)} <= lines(ax).keys()


def test_the_losses_are_drawn_with_the_value_of_a_draw():
    (ax,) = plot_losses(history()).axes
    drawn = lines(ax)
    assert drawn["loss of D"] == ([10, 20, 30], [2, 3, 4])
    assert drawn["loss of G"] == ([10, 20, 30], [3, 4, 5])
    # A D that says 1/2 to everything pays ln 2 for real images and ln 2 for generated ones.
    (guess,) = [y for label, (_, y) in drawn.items() if "guess" in label]
    assert guess == pytest.approx([-math.log(0.5) - math.log(1 - 0.5)] * 2)


@pytest.mark.parametrize("sigma", [0.3, 0.5])
def test_limits_are_the_integrals_of_the_density(sigma):
    blind = quad(lambda c: norm.logpdf(c, 0, sigma) / 2, -1, 1)[0] + math.log(2)
    ceiling = norm.logpdf(0, 0, sigma) + math.log(2)
    assert limits(sigma) == pytest.approx((blind, ceiling))


@pytest.mark.parametrize("name", ["c9", 1, ""])
def test_a_factor_that_the_code_does_not_have_is_named(name):
    """By the live plot before training, not at its first drawing."""
    code = LatentCode((3,), 1)
    with pytest.raises(ValueError, match=f"no factor {name!r}; it has: c1, c2"):
        plot_bound({"a": History()}, code, name)
    with pytest.raises(ValueError, match=f"no factor {name!r}; it has: c1, c2"):
        LivePlot(Settings(code=code), name)


def test_a_training_without_an_entry_has_an_empty_curve():
    """It was stopped at once; the next cell still runs."""
    axes = plot_bound({"a": History()}, LatentCode(), "c1").axes[0]
    assert len(axes.lines[0].get_xdata()) == 0
    plot_losses(History())


@pytest.mark.parametrize("histories", [History(), [History()]])
def test_what_is_no_table_of_histories_is_said(histories):
    with pytest.raises(ValueError, match='as {"lambda = 1": history}, got (History|list)'):
        plot_bound(histories, LatentCode())
