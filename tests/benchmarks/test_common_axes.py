"""Axes that two looks agree on: on matrices with known axes, and on a net before and after."""

from dataclasses import replace

import pytest
import torch

from benchmarks import common_axes
from benchmarks.common_axes import (
    EVERY,
    edges,
    effects,
    jointly_diagonal,
    planned,
    stage,
    trained,
)
from infogan_lite import InfoGAN, LatentCode
from infogan_lite.recipe import turn


def turned(k: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.linalg.qr(torch.randn(k, k, generator=generator).double()).Q


def test_axes_are_found_that_neither_matrix_has_alone():
    """Each has two equal eigenvalues, so its own axes are arbitrary; together they are not."""
    Q = turned(4, 0)
    diagonals = torch.tensor([[1, 1, 0.3, 0.1], [1, 0.2, 0.5, 0.5]]).double()
    R = jointly_diagonal(Q @ torch.diag_embed(diagonals) @ Q.T)
    assert torch.allclose(R.T @ R, torch.eye(4).double(), atol=1e-9)
    hits = (R.T @ Q).abs()
    assert torch.allclose(hits.sort(dim=1).values[:, -1], torch.ones(4).double(), atol=1e-6)


def test_no_turn_of_two_axes_leaves_less_off_the_diagonal():
    """Matrices without common axes, against all angles tried one by one."""
    generator = torch.Generator().manual_seed(1)
    A = torch.randn(3, 2, 2, generator=generator).double()
    A = A + A.transpose(1, 2)

    def left(R):
        return float((R.T @ A @ R)[:, 0, 1].square().sum())

    angles = torch.linspace(0, torch.pi / 2, 2001).double()
    tried = [left(torch.tensor([[a.cos(), -a.sin()], [a.sin(), a.cos()]])) for a in angles]
    assert left(jointly_diagonal(A)) == pytest.approx(min(tried), abs=1e-5)


def test_edges_do_not_see_a_change_of_all_pixels_alike():
    J = torch.ones(2, 1, 1, 6, 6)
    assert edges(J).abs().max() == 0
    J[..., 3] = 2.0  # a bright column has an edge on each of its sides, two pixels away
    assert edges(J).abs().sum(2).flatten().tolist() == [12.0, 12.0]


@pytest.fixture
def settings(tiny):
    return replace(tiny, code=LatentCode((2,), 3), turn_every=0, log_every=EVERY, steps=50)


def test_effects_are_the_slope_of_the_pictures(settings, monkeypatch):
    """With a small step, beside the gradient of a weighted sum of all pixels."""
    monkeypatch.setattr(common_axes, "STEP", 1e-4)
    torch.manual_seed(0)
    model = InfoGAN(replace(settings, bend=False), (1, 8, 8)).double().eval()
    for weight in model.G.parameters():
        weight.data.add_(0.2 * torch.randn_like(weight))  # a new net hardly hears its codes
    J, pixels = effects(model, 5, seed=3), torch.randn(1, 8, 8).double()
    generator = torch.Generator().manual_seed(3)
    z = torch.randn(5, settings.z_dim, generator=generator).double()
    c = model.code.sample(5, generator).double().requires_grad_()
    (slope,) = torch.autograd.grad((model.G(z, c) * pixels).sum(), c)
    assert slope[:, 2:].abs().min() > 0
    assert torch.allclose((J * pixels).sum((2, 3, 4)), slope[:, 2:], rtol=0.01, atol=1e-5)


def test_after_the_turn_the_axes_stay(settings):
    """Turned to its common axes, a net has them: the next turn is none."""
    images = torch.rand(100, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    model, history = trained(images, settings)
    assert history.step == [25, 50]
    again = common_axes.common_axes(effects(model, common_axes.FRESH, 0))
    assert (again - torch.eye(3)).abs().max() < 0.05
    turn(model, turned(3, 2).float())
    away = common_axes.common_axes(effects(model, common_axes.FRESH, 0))
    assert (away - torch.eye(3)).abs().max() > 0.1


def test_in_color_a_change_of_hue_and_one_of_brightness_are_told_apart():
    """Equally strong in pixels and without edges: only the third look knows the axes."""
    gray, hue = torch.ones(3, 4, 4), torch.tensor([2.0, -1.0, -1.0]).view(3, 1, 1) / 2**0.5
    J = torch.stack([gray, hue.expand(3, 4, 4)])[None].repeat(5, 1, 1, 1, 1)
    assert J.square().sum((2, 3, 4)).std() < 1e-5
    mixed = turned(2, 3).float()
    R = common_axes.common_axes(torch.einsum("nkchw,kj->njchw", J, mixed))
    assert torch.allclose((mixed @ R).abs().max(dim=1).values, torch.ones(2), atol=1e-4)


def test_codes_count_one_after_the_other(settings, monkeypatch):
    seen = []

    def watched(images, settings, callbacks, device, run):
        s = settings
        seen.append((run.step, s.steps, s.lam, s.lam_uniform, s.lam_real, s.decay_from))
        return plain(images, settings, callbacks, device, run)

    plain = common_axes.train
    monkeypatch.setattr(common_axes, "train", watched)
    images = torch.rand(100, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    stages = stage(0, lam=1e-6, lam_uniform=0.2), stage(0.3, lam=1e-6), stage(0.5)
    model, history = trained(images, settings, stages)
    s = settings
    assert seen == [
        (0, 15, 1e-6, 0.2, 0.0, 1.0),
        (15, 25, 1e-6, s.lam_uniform, 0.0, 1.0),
        (25, 50, s.lam, s.lam_uniform, s.lam_real, s.decay_from),
    ]
    assert history.step == [15, 25, 50] and model.settings == settings


def test_without_stages_the_plan_is_one_training(settings):
    assert planned(settings, ()) == [settings]
    assert planned(settings, [stage(0, lam=2.0)]) == [replace(settings, lam=2.0)]


@pytest.mark.parametrize("begins", [(0.1,), (0, 0.6), (0, 0.4, 0.2), (0, 0)])
def test_stages_in_another_order_or_while_rates_fall_are_refused(settings, begins):
    with pytest.raises(ValueError, match="stages must begin at 0, one after the other up to 0.5"):
        planned(settings, [stage(begin) for begin in begins])


def test_a_code_with_an_angle_is_trained_and_its_angle_stays(settings):
    """With one number and an angle there is nothing to turn; with two the angle is let alone."""
    images = torch.rand(100, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    for uniform in (0, 1, 2):
        code = LatentCode((2,), uniform, 1)
        model, history = trained(images, replace(settings, code=code, steps=25), blur=1.0)
        assert list(history.bound) == list(code.names)
        assert not model.D.trunk._forward_pre_hooks
    assert effects(model, 3, 0).shape == (3, 2, 1, 8, 8)


@pytest.mark.parametrize("change", [{"turn_every": 25}, {"log_every": 10}])
def test_settings_that_do_not_fit_are_refused(settings, change):
    with pytest.raises(ValueError, match="turn_every=0 and log_every=25"):
        trained(torch.rand(100, 1, 8, 8), replace(settings, **change))
