"""The recipe: random maps beside scipy's, R1 beside finite differences, rates, practice."""

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates
from scipy.special import softmax
from scipy.stats import entropy as scipy_entropy

from infogan_lite import InfoGAN, LatentCode, Posterior, train
from infogan_lite.history import start
from infogan_lite.measures.channels import mutual_information
from infogan_lite.recipe import (
    augment,
    disagreement,
    finish,
    in_old_order,
    practice_weight,
    principal_axes,
    r1_penalty,
    read_information,
    revive,
    set_rates,
    turn,
)
from infogan_lite.running.distributed import Share
from without_float64 import OnMPS

pytestmark = pytest.mark.sensitive


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_with_strength_0_pictures_stay_as_they_are(images):
    torch.testing.assert_close(augment(images, 0.0, seeded())[0], images, atol=1e-6, rtol=0)


def scipy_map(
    picture: np.ndarray, numbers: np.ndarray, s: float, outside: str = "empty"
) -> np.ndarray:
    """One picture through the map given by six numbers in [0, 1), in pixels about its center."""
    angle, shear, log_x, log_y, right, down = s * (2 * numbers - 1)
    h, w = picture.shape
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, shear], [0, 1]]) @ np.diag(np.exp([log_x, log_y]))
    y, x = np.mgrid[:h, :w]
    centered = np.stack([x.ravel() - (w - 1) / 2, y.ravel() - (h - 1) / 2])
    x, y = matrix @ centered + 10 * np.array([[right], [down]])
    where = [y + (h - 1) / 2, x + (w - 1) / 2]
    if outside == "edge":
        return map_coordinates(picture, where, order=1, mode="nearest").reshape(h, w)
    # A border of empty pixels: beyond it there is nothing, and half a pixel outside, half.
    padded = np.pad(picture, 2)
    return map_coordinates(padded, np.add(where, 2), order=1).reshape(h, w)


@pytest.mark.parametrize("outside", ["empty", "edge"])
@pytest.mark.parametrize("strength", [0.05, 0.2, 0.5])
def test_each_picture_goes_through_the_map_that_was_drawn(images, float64, strength, outside):
    pictures = images[:5].double()
    numbers = torch.rand(5, 6, generator=seeded(3), dtype=torch.float64).numpy()
    result = augment(pictures, strength, seeded(3), outside=outside)[0].numpy()
    for i in range(5):
        expected = scipy_map(pictures[i, 0].numpy(), numbers[i], strength, outside)
        np.testing.assert_allclose(result[i, 0], expected, atol=1e-12)
    assert abs(result - pictures.numpy()).max() > 0.05


def test_all_channels_of_a_picture_go_through_the_same_map(images):
    gray = augment(images, 0.2, seeded())[0]
    torch.testing.assert_close(
        augment(images.expand(-1, 3, -1, -1), 0.2, seeded())[0], gray.expand(-1, 3, -1, -1)
    )


def test_the_shares_of_a_batch_make_the_whole(images):
    whole = augment(images, 0.2, seeded())[0]
    parts = [
        augment(share.share(images), 0.2, seeded(), processes=share)[0]
        for share in (Share(0, 2), Share(1, 2))
    ]
    assert torch.equal(torch.cat(parts), whole)


def test_the_gradient_flows_through_the_map_to_the_picture(images, float64):
    """The map is linear in the picture: its slope is exact by differences of any size."""
    picture = images[:1].double().requires_grad_()
    direction = torch.rand(picture.shape, generator=seeded(1), dtype=torch.float64)
    weight = torch.rand(picture.shape, generator=seeded(2), dtype=torch.float64)

    def value(x):
        return (weight * augment(x, 0.2, seeded())[0]).sum()

    (slope,) = torch.autograd.grad(value(picture), picture)
    change = value(picture + direction) - value(picture)
    assert (slope * direction).sum().item() == pytest.approx(change.item())


def test_the_gradient_flows_through_the_map_to_all_of_g(tiny, images):
    G = start(tiny, (1, 8, 8)).model.G
    z, c = torch.randn(8, 4, generator=seeded()), tiny.code.sample(8, seeded())
    (augment(G(z, c), 0.2, seeded())[0] * images[:8]).sum().backward()
    for name, parameter in G.named_parameters():
        assert parameter.grad.abs().max() > 0, name


# --- The penalty R1 -------------------------------------------------------------------


def test_r1_is_half_the_mean_squared_slope_by_finite_differences(tiny, images, float64):
    settings, x = replace(tiny, r1=0.7), images[:4].double()
    D = start(tiny, (1, 8, 8)).model.D  # in train mode: the slope goes through batch norm, too
    slope, eps = torch.zeros_like(x), 1e-6
    with torch.no_grad():
        for index in np.ndindex(*x.shape):
            step = torch.zeros_like(x)
            step[index] = eps
            slope[index] = (D(x + step).sum() - D(x - step).sum()) / (2 * eps)
    expected = 8 * 0.7 / 2 * (slope**2).flatten(1).sum(1).mean()
    x.requires_grad_()
    penalty = r1_penalty(D(x), x, settings)
    assert penalty.item() == pytest.approx(expected.item(), rel=1e-5)
    assert penalty.item() > 0


def test_r1_is_the_slope_at_each_picture_only_without_batch_norm(tiny, images, float64):
    """Batch norm in train mode ties the pictures of a batch: that is what the words say."""
    settings, x = replace(tiny, r1=0.7), images[:6].double()
    D = start(tiny, (1, 8, 8)).model.D.eval()
    slopes = [torch.autograd.functional.jacobian(D, one[None]) for one in x]
    slope = 8 * 0.7 / 2 * torch.stack([s.square().sum() for s in slopes]).mean()
    x.requires_grad_()
    assert r1_penalty(D(x), x, settings).item() == pytest.approx(slope.item(), rel=1e-9)
    assert r1_penalty(D.train()(x), x, settings).item() != pytest.approx(slope.item(), rel=0.1)


def test_the_gradient_of_r1_by_finite_differences(tiny, images, float64):
    D = start(tiny, (1, 8, 8)).model.D
    x = images[:4].double().requires_grad_()
    weight, eps = D.trunk[0].weight, 1e-6

    def penalty():
        return r1_penalty(D(x), x, tiny)

    (gradient,) = torch.autograd.grad(penalty(), weight)
    for index in [(0, 0, 0, 0), (1, 0, 2, 3), (3, 0, 1, 1)]:
        values = []
        for change in (eps, -2 * eps, eps):
            values.append(penalty().item())
            weight.data[index] += change
        difference = (values[1] - values[2]) / (2 * eps)
        assert gradient[index].item() == pytest.approx(difference, rel=1e-4, abs=1e-9)


# --- The learning rates ---------------------------------------------------------------


@pytest.mark.parametrize("decay_from", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_the_rates_are_constant_and_then_fall_in_a_line(tiny, decay_from):
    settings = replace(tiny, steps=50, decay_from=decay_from, lr_d=0.5, lr_g=2.0)
    run = start(settings, (1, 8, 8))
    for step in range(1, 51):
        set_rates(run.adam_dq, run.adam_g, settings, step)
        done = (step - 1) / 50
        factor = 1.0 if done <= decay_from else (1 - done) / (1 - decay_from)
        assert run.adam_dq.param_groups[0]["lr"] == pytest.approx(0.5 * factor)
        assert run.adam_g.param_groups[0]["lr"] == pytest.approx(2.0 * factor)


# --- What Q reads from real pictures --------------------------------------------------


def read(*logits: torch.Tensor) -> list[float]:
    none = torch.zeros(len(logits[0]), 0)
    return [float(nats) for nats in read_information(Posterior(logits, none, none))]


@given(n=st.integers(1, 20), k=st.integers(2, 7), scale=st.floats(0, 30), seed=st.integers(0, 99))
def test_it_is_the_mutual_information_of_picture_and_reading(n, k, scale, seed):
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(n, k, generator=generator, dtype=torch.float64)
    (nats,) = read(logits)
    table = logits.softmax(1).T / n  # P(c, x): each picture of the batch is equally likely
    assert nats == pytest.approx(float(mutual_information(table)), abs=1e-8)
    assert -1e-9 <= nats <= min(math.log(k), math.log(n)) + 1e-9


def test_sure_readings_carry_the_entropy_of_their_counts():
    logits = 1000 * torch.eye(4)[torch.tensor([0, 0, 0, 1, 1, 2])]
    assert read(logits)[0] == pytest.approx(scipy_entropy([3, 2, 1]), abs=1e-5)


def test_each_categorical_factor_has_its_own():
    sure, unsure = 50 * torch.eye(3), torch.zeros(3, 5)
    assert read(sure, unsure) == pytest.approx([math.log(3), 0.0], abs=1e-6)


def test_its_gradient_is_finite_where_q_is_sure_and_a_category_is_never_used():
    logits = torch.tensor([[1e4, -1e4, 0.0], [-1e4, -1e4, 1e4]], requires_grad=True)
    read_information(Posterior((logits,), torch.zeros(2, 0), torch.zeros(2, 0)))[0].backward()
    assert logits.grad.isfinite().all()


def test_disagreement_is_a_cross_entropy_and_moves_the_second_reading_alone():
    q, other = (torch.randn(5, 3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    none = torch.zeros(10, 0)
    (nats,) = disagreement(Posterior((torch.cat([q, other]),), none, none))
    p, r = (softmax(x.detach().numpy(), axis=1) for x in (q, other))
    assert nats.item() == pytest.approx(
        (scipy_entropy(p, axis=1) + scipy_entropy(p, r, axis=1)).mean()
    )
    nats.backward()
    assert not q.grad.any()
    assert other.grad.numpy() == pytest.approx((r - p) / 5)


def test_practice_on_real_pictures_begins_late_and_a_plain_gan_has_none(tiny):
    settings = replace(tiny, steps=100)
    late = [practice_weight(settings, step) for step in range(1, 101)]
    assert late[:50] == [0.0] * 50
    assert late[54] == pytest.approx(0.5)  # half way up
    assert late[59:] == pytest.approx([1.0] * 41)
    assert practice_weight(replace(settings, lam=0.0), 100) == 0
    assert practice_weight(replace(settings, code=LatentCode((), 2)), 100) == 0


# --- The axes of the uniform factors, and what training returns -----------------------


def grown(tiny, seed: int = 0, uniform: int = 3, circular: int = 0, **changes) -> InfoGAN:
    """Nets whose factors all do something, in float64, in train mode."""
    code = LatentCode((3,), uniform, circular)
    settings = replace(tiny, code=code, tell=True, sigma=0.3, **changes)
    model = start(replace(settings, seed=seed), (1, 8, 8)).model
    for parameter in model.parameters():
        parameter.data.add_(torch.randn(parameter.shape, generator=seeded(seed)), alpha=0.3)
    z, c = torch.randn(64, 4, generator=seeded()), settings.code.sample(64, seeded())
    for _ in range(30):
        model.Q(model.D.trunk(model.G(z, c)))
    return model


def mean_gram(model: InfoGAN, z: torch.Tensor, c: torch.Tensor) -> np.ndarray:
    """The mean of J'J by torch's forward derivatives, picture by picture."""
    grams = []
    for row, code in zip(z, c, strict=True):
        u = code[3:]

        def picture(u, row=row, code=code):
            return model.eval().G(row[None], torch.cat([code[:3], u])[None]).flatten()

        J = torch.autograd.functional.jacobian(picture, u).detach().numpy()
        grams.append(J.T @ J)
    return np.mean(grams, axis=0)


@pytest.mark.parametrize("bend", [True, False])
def test_after_a_turn_each_factor_changes_pictures_in_a_way_of_its_own(tiny, float64, bend):
    model = grown(tiny, bend=bend)
    z = torch.randn(20, 4, generator=seeded(1))
    c = model.code.sample(20, seeded(2))
    before = mean_gram(model, z, c)
    for _ in range(3):  # axes are by finite differences, and where codes stand is turned too
        R = principal_axes(model, z, c)
        torch.testing.assert_close(R.T @ R, torch.eye(3))
        turn(model, R)
        c[:, 3:] = c[:, 3:] @ R
    after = mean_gram(model, z, c)
    np.testing.assert_allclose(np.linalg.eigvalsh(after), np.linalg.eigvalsh(before), rtol=1e-6)

    def mixed(gram):
        return abs(gram - np.diag(np.diag(gram))).max() / np.diag(gram).max()

    assert mixed(after) < 0.03 < 0.1 < mixed(before)


@pytest.mark.parametrize("bend", [True, False])
def test_a_turn_changes_no_picture_and_no_reading(tiny, float64, bend):
    model = grown(tiny, bend=bend)
    R = torch.linalg.qr(torch.randn(3, 3, generator=seeded(5))).Q
    z, c = torch.randn(9, 4, generator=seeded(1)), model.code.sample(9, seeded(2))
    told = torch.rand(9, 6, generator=seeded(3))
    turned = c.clone()
    turned[:, 3:] = c[:, 3:] @ R
    x, h = model.generate(z, c), torch.randn(9, 12, generator=seeded(4))
    q = model.eval().Q(h, told)
    turn(model, R)
    torch.testing.assert_close(model.generate(z, turned), x)
    after = model.eval().Q(h, told)
    torch.testing.assert_close(after.mean, q.mean @ R)
    torch.testing.assert_close(after.logits, q.logits)
    assert (R - torch.eye(3)).abs().max() > 0.1


@pytest.mark.parametrize("bend", [True, False])
def test_a_turn_leaves_angles_and_their_readings_alone(tiny, float64, bend):
    model = grown(tiny, bend=bend, circular=2)
    z, c = torch.randn(9, 4, generator=seeded(1)), model.code.sample(9, seeded(2))
    R = principal_axes(model, z, c)
    assert R.shape == (3, 3) and (R - torch.eye(3)).abs().max() > 1e-3
    turned, h = c.clone(), torch.randn(9, 12, generator=seeded(4))
    turned[:, 3:6] = c[:, 3:6] @ R
    x, q = model.generate(z, c), model.eval().Q(h)
    turn(model, R)
    after = model.eval().Q(h)
    torch.testing.assert_close(model.generate(z, turned), x)
    torch.testing.assert_close(after.mean, q.mean @ R)
    assert torch.equal(after.direction, q.direction) and torch.equal(c[:, 6:], turned[:, 6:])


def test_axes_do_not_prefer_a_factor(tiny, float64):
    """With the factors in another order the same axes are found, in that order."""
    model, order = grown(tiny), [2, 0, 1]
    z, c = torch.randn(20, 4, generator=seeded(1)), model.code.sample(20, seeded(2))
    R = principal_axes(model, z, c)
    P = torch.eye(3)[:, order]
    turn(model, P)
    c[:, 3:] = c[:, 3:] @ P
    torch.testing.assert_close(principal_axes(model, z, c), P.T @ R @ P)


@given(st.integers(0, 99))
def test_axes_take_the_place_and_the_sign_of_the_old_ones(seed):
    """Beside all orders, tried one by one."""
    axes = torch.linalg.qr(torch.randn(4, 4, generator=seeded(seed), dtype=torch.float64)).Q
    orders = [axes[:, order] for order in permutations(range(4))]
    best = max(orders, key=lambda axes: axes.diagonal().abs().sum())
    torch.testing.assert_close(in_old_order(axes), best * best.diagonal().sign())


def test_axes_are_found_on_a_gpu_without_numbers_of_64_bits(tiny):
    model = grown(tiny)
    z, c = torch.randn(20, 4, generator=seeded(1)), model.code.sample(20, seeded(2))
    expected = principal_axes(model, z, c)
    assert (expected - torch.eye(3)).abs().max() > 1e-3
    R = principal_axes(model, z.as_subclass(OnMPS), c.as_subclass(OnMPS))
    assert R.dtype == torch.float32 and torch.equal(R.cpu(), expected)


@pytest.mark.parametrize("uniform", [0, 1])
def test_where_there_is_nothing_to_turn_nothing_turns(tiny, uniform):
    model = grown(tiny, uniform=uniform)
    z, c = torch.randn(5, 4, generator=seeded(1)), model.code.sample(5, seeded(2))
    torch.testing.assert_close(principal_axes(model, z, c), torch.eye(uniform))


@pytest.mark.parametrize("bend", [True, False])
def test_a_factor_that_a_turn_leaves_with_next_to_nothing_gets_a_start_again(tiny, float64, bend):
    """Two factors that had learned the same: a turn gives the one all of it, the other nothing."""
    model = grown(tiny, bend=bend)
    entrance = model.G.entrance()
    with torch.no_grad():
        entrance[:, 1] = entrance[:, 0] + 0.01 * entrance[:, 1]
    z, c = torch.randn(20, 4, generator=seeded(1)), model.code.sample(20, seeded(2))
    turn(model, principal_axes(model, z, c))
    before = entrance.detach().clone()
    short = before.norm(dim=0) < before.norm(dim=0).max() / 4
    assert short.sum() == 1
    revive(model)
    after = entrance.detach()
    torch.testing.assert_close(after.norm(dim=0).min(), before.norm(dim=0).max() / 4)
    torch.testing.assert_close(after[:, ~short], before[:, ~short], rtol=0, atol=0)
    cosine = torch.nn.functional.cosine_similarity(before[:, short], after[:, short], dim=0)
    torch.testing.assert_close(cosine, torch.ones(1))  # along its own way


@pytest.mark.parametrize("uniform", [1, 3])
def test_where_no_factor_is_short_nothing_is_revived(tiny, uniform):
    model = grown(tiny, uniform=uniform)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    revive(model)
    for key, value in model.state_dict().items():
        assert torch.equal(value, before[key]), key


def test_what_does_nothing_at_all_has_no_way_to_be_revived(tiny):
    model = grown(tiny)
    model.G.entrance().data[:, 1] = 0
    before = model.G.entrance().detach().clone()
    revive(model)
    assert torch.equal(model.G.entrance()[:, 1], before[:, 1])


def test_what_training_turns_it_revives_in_the_averages_too(tiny, images, monkeypatch):
    """But not after the last step: what is returned is what was trained."""
    settings = replace(tiny, steps=8, turn_every=4, average=0.9)
    run = start(settings, tuple(images.shape[1:]))
    with torch.no_grad():
        for nets in (run.model, run.average):
            nets.G.entrance()[:, 1] *= 1e-3
    monkeypatch.setattr("infogan_lite.recipe.TURN_FROM", 0)
    model, _ = train(images, settings, run=run, device="cpu")
    for nets in (run.model, run.average):
        lengths = nets.G.entrance().norm(dim=0)
        assert lengths.min() >= 0.249 * lengths.max()
    monkeypatch.setattr("infogan_lite.recipe.turn_now_and_then", lambda *_: None)
    with torch.no_grad():
        run.average.G.entrance()[:, 1] *= 1e-3
    lengths = finish(run, images).G.entrance().norm(dim=0)
    assert lengths.min() < 0.01 * lengths.max()


def test_axes_turn_late_in_training_and_only_now_and_then(tiny, images):
    settings = replace(tiny, steps=20, turn_every=4, lam_uniform=1.0, bend=False)
    turned, plain = [], []

    def watch(into):
        return lambda model, _: into.append(model.G.dense[0].weight.detach().clone())

    train(images, settings, [watch(turned)], device="cpu")
    train(images, replace(settings, turn_every=0), [watch(plain)], device="cpu")
    assert all(torch.equal(a, b) for a, b in zip(turned[:7], plain, strict=False))  # .3 of 20
    assert not torch.equal(turned[7], plain[7])


def test_the_averages_of_all_weights_are_those_that_a_sum_gives(tiny, images, float64):
    settings, seen = replace(tiny, steps=6, average=0.7, bend=False, settle=True), []

    def watch(model, _):
        seen.append({name: w.detach().numpy().copy() for name, w in model.named_parameters()})

    model, _ = train(images.double(), settings, [watch], device="cpu")
    shares = [min(0.7, 1 - 1 / step) for step in range(1, 7)]
    for name, weight in model.named_parameters():
        part = [(1 - s) * math.prod(shares[i + 1 :]) for i, s in enumerate(shares)]
        assert sum(part) == pytest.approx(1)
        expected = sum(p * weights[name] for p, weights in zip(part, seen, strict=True))
        np.testing.assert_allclose(weight.detach().numpy(), expected, atol=1e-12)


def test_a_turn_takes_the_averages_along_so_q_reads_the_axes_that_g_follows(tiny, images, float64):
    still = dict(
        average=0.9, settle=True, turn_every=1, steps=20, lr_d=1e-15, lr_g=1e-15, code=((3,), 2)
    )
    settings = replace(tiny, bend=True, **still)
    before = start(settings, (1, 8, 8)).model.double()
    model, _ = train(images.double(), settings, device="cpu")
    assert (model.G.entrance() - before.G.entrance()).abs().max() > 0.01  # it was turned

    def moved(net):
        """What G's first weights make of the codes that Q reads: the same whatever the axes."""
        return net.G.entrance() @ net.train().Q(before.train().D.trunk(images.double())).mean.T

    torch.testing.assert_close(moved(model), moved(before), rtol=1e-6, atol=1e-8)


def test_d_and_q_stay_as_training_left_them_where_batch_norm_is_not_settled(tiny, images):
    """Averaged weights with the batch norm of the last ones would read next to nothing."""
    settings = replace(tiny, average=0.9, settle=False)
    run = start(settings, (1, 8, 8))
    model, _ = train(images, settings, device="cpu", run=run)
    for net in ("D", "Q"):
        kept, left = (getattr(m, net).state_dict() for m in (model, run.model))
        assert kept and all(torch.equal(kept[name], left[name]) for name in left)
    weight = model.G.dense[0].weight
    assert torch.equal(weight, run.average.G.dense[0].weight)
    assert not torch.equal(weight, run.model.G.dense[0].weight)


def features(model: InfoGAN, x: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Mean and variance that reach each batch norm of D's trunk and Q, less those it expects."""
    seen = []

    def note(norm, given, _):
        x = given[0].transpose(0, 1).flatten(1)
        seen.append((x.mean(1) - norm.running_mean, x.var(1) / norm.running_var))

    for part in [*model.D.trunk.modules(), *model.Q.modules()]:
        if isinstance(part, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            part.register_forward_hook(note)
    model.recognise(x)
    return seen


def test_at_the_end_batch_norm_expects_plain_pictures_real_and_generated(tiny, images):
    model, _ = train(images, replace(tiny, settle=True), device="cpu")
    generator = seeded(tiny.seed)  # as many of each as there are
    z = torch.randn(1000, 4, generator=generator)
    x = model.generate(z, tiny.code.sample(1000, generator))
    seen = features(model, torch.cat([images, x]))
    assert len(seen) == 3
    for mean, ratio in seen:
        assert mean.abs().max() < 1e-3
        torch.testing.assert_close(ratio, torch.ones_like(ratio), rtol=1e-3, atol=1e-3)


def test_pictures_that_come_sorted_settle_batch_norm_all_alike(tiny):
    bright = torch.rand(1000, 1, 8, 8, generator=seeded())
    images = torch.cat([bright, bright[:500] / 9])
    model, _ = train(images, replace(tiny, settle=True), device="cpu")
    generator = seeded(tiny.seed)
    z = torch.randn(1000, 4, generator=generator)
    x = model.generate(z, tiny.code.sample(1000, generator))
    spread = images[np.linspace(0, 1499, 1000).round()]
    for mean, ratio in features(model, torch.cat([spread, x])):
        assert mean.abs().max() < 1e-3
        torch.testing.assert_close(ratio, torch.ones_like(ratio), rtol=1e-3, atol=1e-3)


def test_what_training_returns_is_a_copy_so_the_run_can_go_on(tiny, images):
    settings = replace(tiny, average=0.9, settle=True, turn_every=2, tell=True, steps=8)
    whole, _ = train(images, settings, device="cpu")
    run = start(settings, (1, 8, 8))

    def stop(model, history):
        if history.step[-1] == 5:
            raise KeyboardInterrupt

    half, history = train(images, settings, [stop], "cpu", run)
    assert history.interrupted and half is not run.model
    again, _ = train(images, settings, device="cpu", run=run)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
