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
    """Maps leave a mark here: the game never sees it, and practice sees it on all its pictures."""
    seen, forward = [], nn.Sequential.forward

    def watched(self, x):
        if self.training and x.shape[1:] == (1, 28, 28):
            seen.append(x.detach())
        return forward(self, x)

    monkeypatch.setattr(recipe, "augment", lambda x, *_: (x + 2, torch.zeros(len(x), 6)))
    monkeypatch.setattr(nn.Sequential, "forward", watched)
    in_plain_game(images, settings)
    practised = [step for step in range(1, 9) if recipe.practice_weight(settings, step) > 0]
    places = [i for i, x in enumerate(seen) if len(x) == 2 * settings.batch_size]
    assert len(places) == len(practised) == 4 and len(seen) == 3 * 4 + 2 * 4
    assert all((x <= 1).all() for i, x in enumerate(seen) if i not in places)
    for i in places:
        real = seen[i - 2]  # generated ones came in between
        assert torch.equal(seen[i], torch.cat([real, real]) + 2)


def test_afterwards_all_is_as_before(images, settings):
    look, practice = recipe.look, recipe.practice
    with pytest.raises(ZeroDivisionError), plain_game():
        assert recipe.look is not look
        raise ZeroDivisionError
    assert recipe.look is look and recipe.practice is practice
    assert isinstance(train(images, settings, device="cpu")[0], InfoGAN)
