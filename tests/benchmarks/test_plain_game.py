"""Maps in practice alone: the game is that without maps, and practice that with them."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from benchmarks.plain_game import plain_game
from infogan_lite import InfoGAN, preset, recipe, train

SIZES = {"channels": (4, 8), "hidden": 8, "q_hidden": 8, "batch_size": 8, "steps": 8}


@pytest.fixture
def settings():
    return preset("lite", **SIZES, tell=False, seed=1)


@pytest.fixture(autouse=True)
def few_fresh(monkeypatch):
    monkeypatch.setattr(recipe, "FRESH", 20)


@pytest.fixture
def images():
    return torch.rand(30, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def in_plain_game(images, settings):
    with plain_game():
        return train(images, settings, device="cpu")[0]


@pytest.mark.sensitive
@pytest.mark.parametrize("lam_real", [0.0, 1.0])
def test_without_two_looks_it_is_training_without_maps(images, settings, lam_real):
    one = replace(settings, lam_alike=0.0, lam_real=lam_real)
    mine = in_plain_game(images, one).state_dict()
    theirs = train(images, replace(one, augment=0.0), device="cpu")[0].state_dict()
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)


def test_practice_looks_twice_at_the_real_pictures_of_its_step(images, settings, monkeypatch):
    """D's trunk is shown plain pictures by the game, and twice as many bent ones by practice."""
    seen, forward = [], nn.Sequential.forward

    def watched(self, x):
        if self.training and x.ndim == 4 and x.shape[1:] == (1, 28, 28):
            seen.append(x.detach())
        return forward(self, x)

    monkeypatch.setattr(nn.Sequential, "forward", watched)
    in_plain_game(images, settings)
    practised = [step for step in range(1, 9) if recipe.practice_weight(settings, step) > 0]
    assert [len(x) for x in seen].count(16) == len(practised) == 4
    known = {x.numpy().tobytes() for x in images}
    for i, x in enumerate(seen):
        plain = [picture.numpy().tobytes() in known for picture in x]
        if len(x) == 16:
            assert not any(plain)
            real = seen[i - 2]  # then came generated ones
            assert all(picture.numpy().tobytes() in known for picture in real)
            apart = (x[:8].flatten(1).mean(1)[:, None] - real.flatten(1).mean(1)).abs()
            assert apart.shape == (8, 8)


def test_afterwards_all_is_as_before(images, settings):
    look, practice = recipe.look, recipe.practice
    with pytest.raises(ZeroDivisionError), plain_game():
        assert recipe.look is not look
        raise ZeroDivisionError
    assert recipe.look is look and recipe.practice is practice
    assert isinstance(train(images, settings, device="cpu")[0], InfoGAN)
