"""The training of InfoGAN-CR: one step by hand, a fork, and what watching leaves alone."""

import copy

import pytest
import torch
from torch.nn.functional import binary_cross_entropy

from benchmarks import contrast, infogan_cr, late_contrast
from benchmarks.late_contrast import Game, branches
from infogan_lite import sample_noise


def small(**changes):
    sizes = {"channels": (4, 8, 8), "hidden": 16, "q_hidden": 8, "batch_size": 8, "steps": 6}
    return infogan_cr.recipe(**sizes | changes)


@pytest.fixture(scope="module")
def shapes():
    return contrast.render("shapes", contrast.upright(64, seed=3))


def weights(net):
    return torch.cat([p.detach().flatten() for p in net.parameters()])


@pytest.mark.sensitive
def test_a_step_is_one_move_of_d_and_q_and_two_of_g_by_the_authors_losses(shapes, float64):
    """The losses written as in their program: logarithms of probabilities, a squared error."""
    game = Game(small(), 32)
    model, draws = copy.deepcopy(game.model), torch.Generator()
    draws.set_state(game.generator.get_state())
    x, images = shapes.double(), None
    game.step(x, None)

    n, code, one = 8, model.code, torch.ones(8)
    images = x[torch.randint(len(x), (n,), generator=draws)]
    z, c = sample_noise(n, 4, draws), code.sample(n, draws)

    def squared(h):
        return 0.05 * (c - model.Q(h).mean).square().sum(1).mean() / 2

    of_dq = [*model.D.parameters(), *model.Q.parameters()]
    adam_dq = torch.optim.Adam(of_dq, 2e-3, (0.5, 0.999))
    adam_g = torch.optim.Adam(model.G.parameters(), 1e-3, (0.5, 0.999))
    with torch.no_grad():
        fake = model.G(z, c)
    h = model.D.trunk(torch.cat([images, fake]))  # one pass, as spectral norm moves in each
    p = model.D.head(h).squeeze(1).sigmoid()
    loss = binary_cross_entropy(p[:n], one) + binary_cross_entropy(p[n:], 0 * one)
    adam_dq.zero_grad()
    (loss + squared(h[n:])).backward()
    adam_dq.step()
    for _ in range(2):
        h = model.D.trunk(model.G(z, c))
        loss = binary_cross_entropy(model.D.head(h).squeeze(1).sigmoid(), one) + squared(h)
        adam_g.zero_grad()
        loss.backward()
        adam_g.step()
    for part in ("D", "Q", "G"):
        mine, theirs = weights(getattr(game.model, part)), weights(getattr(model, part))
        torch.testing.assert_close(mine, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.sensitive
def test_an_h_that_watches_moves_nothing_and_one_that_counts_moves_g(shapes):
    game = Game(small(), 32).go_on(shapes, 2)
    with_h = {alpha: copy.deepcopy(game) for alpha in (0.0, 2.0)}
    for alpha, fork in with_h.items():
        fork.go_on(shapes, 1, alpha)
    watched, felt = (with_h[alpha] for alpha in (0.0, 2.0))
    assert not torch.equal(weights(watched.model.G), weights(felt.model.G))
    for part in ("D", "Q"):  # in the first step they move before G does
        assert torch.equal(
            weights(getattr(watched.model, part)), weights(getattr(felt.model, part))
        )
    without = copy.deepcopy(game).go_on(shapes, 1)
    assert torch.equal(weights(without.model.G), weights(watched.model.G))
    buffers = dict(without.model.G.named_buffers())
    assert all(torch.equal(b, buffers[k]) for k, b in watched.model.G.named_buffers())


@pytest.mark.sensitive
def test_a_fork_goes_on_as_its_origin_does_and_leaves_it_alone(shapes):
    game = Game(small(), 32).go_on(shapes, 2)
    before, fork = weights(game.model), copy.deepcopy(game).go_on(shapes, 2)
    assert torch.equal(weights(game.model), before) and not torch.equal(weights(fork.model), before)
    assert torch.equal(weights(game.go_on(shapes, 2).model), weights(fork.model))


@pytest.mark.sensitive
def test_h_learns_to_tell_which_code_two_pictures_share(shapes, monkeypatch):
    """Of a G that shows its codes openly, as bars."""
    game = Game(small(channels=(8, 16, 16), hidden=32, batch_size=64), 32)

    def bars(z, c):
        return ((c + 1) / 2).repeat_interleave(8, dim=1)[:, None, None].repeat(1, 1, 32, 1)

    monkeypatch.setattr(game.model.G, "forward", bars)
    monkeypatch.setattr(late_contrast, "MOVES_OF_G", 0)
    game.go_on(shapes, 200, 0.0)
    net = game.ended()
    c, other, shared = contrast.pairs(net.model.code, 500, torch.Generator().manual_seed(1))
    guess = net.judge(bars(None, c), bars(None, other)).argmax(1)
    assert (guess == shared).float().mean() > 0.5  # chance is 0.25


def test_four_nets_of_a_seed(shapes):
    nets = branches(shapes, small(), 2.0, 2)
    assert list(nets) == list(infogan_cr.KINDS)
    assert [net.judge is not None for net in nets.values()] == [False, False, True, True]
    assert not any(net.model.training for net in nets.values())
    flat = [weights(net.model) for net in nets.values()]
    assert all(not torch.equal(a, b) for i, a in enumerate(flat) for b in flat[:i])


def test_what_diverges_is_said_and_the_rest_is_kept(shapes, monkeypatch):
    nets = branches(shapes, small(lr_d=1e30, lr_g=1e30), 2.0, 2)
    assert [net is None for net in nets.values()] == [False, True, True, True]
    go_on = Game.go_on

    def breaks(self, images, steps, alpha=None):
        if alpha:
            raise FloatingPointError
        return go_on(self, images, steps, alpha)

    monkeypatch.setattr(Game, "go_on", breaks)
    nets = branches(shapes, small(), 2.0, 2)
    assert [net is None for net in nets.values()] == [False, False, False, True]
