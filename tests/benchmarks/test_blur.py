"""Blurred pictures beside scipy's filter, and who sees them during a training."""

from dataclasses import replace

import pytest
import torch
from scipy.ndimage import gaussian_filter

from benchmarks.blur import blurred, gaussian
from infogan_lite import train
from infogan_lite.history import start


@pytest.mark.parametrize("pixels", [0.5, 1.0, 2.0])
def test_far_from_the_border_it_is_the_blur_of_scipy(pixels):
    x = torch.rand(3, 2, 40, 40, generator=torch.Generator().manual_seed(0)).double()
    expected = gaussian_filter(x.numpy(), (0, 0, pixels, pixels), truncate=8)
    inside = slice(17, 23)
    found = gaussian(x, pixels).numpy()
    assert abs(found - expected)[..., inside, inside].max() < 1e-9
    assert abs(found - x.numpy()).max() > 0.1


def test_a_plain_picture_stays_as_it_is_to_its_border():
    x = torch.full((1, 1, 9, 9), 0.4)
    torch.testing.assert_close(gaussian(x, 4.0), x)


def seen_by_d(settings, images, blur: float) -> list[torch.Tensor]:
    """What reaches the first layer of D in each step of a training: real, then generated."""
    run, seen = start(settings, (1, 8, 8)), []
    run.model.D.trunk[0].register_forward_pre_hook(lambda net, x: seen.append(x[0].detach()))
    with blurred(run, blur, 0.5 * settings.steps):
        model, _ = train(images, settings, device="cpu", run=run)
    assert not run.model.D.trunk._forward_pre_hooks and not model.D.trunk._forward_pre_hooks
    return seen[: 2 * settings.steps]


def test_both_kinds_of_pictures_are_blurred_less_and_less_and_then_not_at_all(tiny, images):
    """The first step alone sees the same pictures, as weights move by what D saw."""
    settings = replace(tiny, steps=8, augment=0.0, lr_d=1e-12, lr_g=1e-12, r1=0.0)
    plain, soft = seen_by_d(settings, images, 1e-6), seen_by_d(settings, images, 2.0)
    for i, (sharp, seen) in enumerate(zip(plain, soft, strict=True)):
        width = 2.0 * (1 - (i // 2) / 4)
        expected = gaussian(sharp, width) if width > 0 else sharp
        torch.testing.assert_close(seen, expected, atol=1e-5, rtol=0)
    assert (plain[0] - soft[0]).abs().max() > 0.05


def test_what_a_stopped_training_returns_sees_plain_pictures(tiny, images):
    def press(model, history):
        raise KeyboardInterrupt

    run = start(tiny, (1, 8, 8))
    with blurred(run, 3.0, 5):
        model, history = train(images, tiny, [press], device="cpu", run=run)
        assert history.interrupted and run.model.D.trunk._forward_pre_hooks
        x = images[:4]
        bare = model.D.trunk[0](x)
        torch.testing.assert_close(model.D.trunk[:1](x), bare)
        expected = torch.nn.Sequential(*model.D.trunk)(x)
        torch.testing.assert_close(model.D.trunk(x), expected)
    assert not run.model.D.trunk._forward_pre_hooks
