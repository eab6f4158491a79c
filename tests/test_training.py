"""The training loop, beside a second one written by hand; which step moves what; bad input."""

import copy
import pickle
import random
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.distributions import Categorical, Normal
from torch.nn import functional as F

from infogan_lite import (
    History,
    InfoGAN,
    LatentCode,
    Settings,
    TrainingDiverged,
    bend,
    pick_device,
    preset,
    recipe,
    train,
)
from infogan_lite.history import start
from infogan_lite.recipe import augment

pytestmark = pytest.mark.sensitive


@pytest.fixture
def tiny(tiny) -> Settings:
    """With the penalty at each eighth step, and rates that fall over the last 3 of 5 steps."""
    return replace(tiny, augment=0.2, r1=0.7, decay_from=0.4)


def weights(model: InfoGAN, part: str = "") -> dict[str, torch.Tensor]:
    """Weights and batch statistics, of the whole or of a part such as "D.trunk"."""
    return {name: v.clone() for name, v in model.state_dict().items() if name.startswith(part)}


def same(a: InfoGAN, b: InfoGAN, part: str = "") -> bool:
    first, second = weights(a, part), weights(b, part)
    assert first and first.keys() == second.keys()
    return all(torch.equal(first[name], second[name]) for name in first)


def untrained(images: torch.Tensor, settings: Settings) -> InfoGAN:
    return start(settings, tuple(images.shape[1:])).model


def rates(settings: Settings) -> np.ndarray:
    """The factor of both learning rates at each step: 1, then a straight line to 0."""
    done = np.arange(settings.steps) / settings.steps  # before the step
    if settings.decay_from == 1:
        return np.ones(settings.steps)
    return np.interp(done, [settings.decay_from, 1], [1, 0])


def slopes(D, x: torch.Tensor) -> torch.Tensor:
    """Half the mean squared slope of the batch's summed logit, from the slope of each pixel."""
    x = x.detach().requires_grad_()
    statistics = copy.deepcopy(dict(D.named_buffers()))  # this extra look at x must not count
    logit = torch.func.functional_call(D, dict(D.named_parameters()) | statistics, x)
    (slope,) = torch.autograd.grad(logit.sum(), x, create_graph=True)
    return 0.5 * (slope**2).flatten(1).sum(1).mean()


def batches(images: torch.Tensor, settings: Settings):
    """The draws of each step: real pictures, z, c, and an eye that augments at each look.

    To have the random numbers that `train` has, make G's pictures before you look, and look
    at the real ones first.
    """
    generator = torch.Generator().manual_seed(settings.seed)
    n = settings.batch_size
    for _ in range(settings.steps):
        index = torch.randint(len(images), (n,), generator=generator)
        z = torch.randn(n, settings.z_dim, generator=generator)
        c = settings.code.sample(n, generator)

        def look(x):
            return augment(x, settings.augment, generator) if settings.augment else (x, None)

        yield images[index], z, c, look


# --- A second loop, written from the equations ----------------------------------------


def reference_bound(q, c: torch.Tensor, k: int = 3) -> dict[str, torch.Tensor]:
    """L_I of one categorical and two uniform factors, by torch.distributions."""
    uniform = Normal(q.mean, q.log_sigma.exp()).log_prob(c[:, k:]).mean(0) + np.log(2)
    categorical = Categorical(logits=q.logits[0]).log_prob(c[:, :k].argmax(1)).mean() + np.log(k)
    return {"c1": categorical, "c2": uniform[0], "c3": uniform[1]}


def reference_training(images: torch.Tensor, settings: Settings) -> tuple[InfoGAN, list[dict]]:
    """Equation 6 with the non-saturating loss of G: all gradients first, then all steps."""
    model = untrained(images, settings)
    G, D, Q = model.G, model.D, model.Q
    g, trunk, head, q = (list(net.parameters()) for net in (G, D.trunk, D.head, Q))
    adam = {"betas": (0.5, 0.999)}
    step_d = torch.optim.Adam([*trunk, *head, *q], lr=settings.lr_d, **adam)
    step_g = torch.optim.Adam(g, lr=settings.lr_g, **adam)
    bce, ones = F.binary_cross_entropy_with_logits, torch.ones(settings.batch_size)
    log, factors = [], rates(settings)
    for step, (x, z, c, look) in enumerate(batches(images, settings), start=1):
        step_d.param_groups[0]["lr"] = settings.lr_d * factors[step - 1]
        step_g.param_groups[0]["lr"] = settings.lr_g * factors[step - 1]
        risen = min(1.0, 10 * (step / settings.steps - 0.5))
        practice = settings.lam > 0 and (settings.lam_real or settings.lam_alike) and risen > 0
        alike = practice and settings.lam_alike and settings.augment
        fake, (first, _) = G(z, c), look(x)
        x = torch.cat([first, look(x)[0]]) if alike else first
        fake, told = look(fake)

        h_real, h = D.trunk(x), D.trunk(fake)
        real_logit, logit = D.head(h_real)[:, 0], D.head(h)[:, 0]
        value = -bce(real_logit, torch.ones(len(x))) - bce(logit, 0 * ones)  # V, equation 1
        goal = value
        if step % 8 == 0 and settings.r1:
            goal = value - 8 * settings.r1 * slopes(D, x)
        q_fake = Q(h)
        if settings.tell and settings.augment:
            q_fake = q_fake._replace(mean=q_fake.mean + F.linear(told, Q.told))
        bound = reference_bound(q_fake, c)
        uniform = bound["c2"] + bound["c3"]
        weighed = settings.lam * bound["c1"] + settings.lam_uniform * uniform
        loss_g = bce(logit, ones)
        gain_g = -loss_g + (weighed if settings.lam > 0 else 0)
        gain_q = weighed if settings.lam > 0 else bound["c1"] + uniform
        if practice:
            logits = Q(h_real).logits[0]
            read = settings.lam_real * sureness_and_spread(logits)
            if alike:
                one, two = logits.split(settings.batch_size)
                target = one.detach().softmax(1)
                read = read + settings.lam_alike * (target * two.log_softmax(1)).sum(1).mean()
            gain_q = gain_q + risen * read

        followed = goal + weighed if settings.info_to_trunk and settings.lam > 0 else goal
        followed = followed + risen * read if practice else followed  # it is the trunk that learns
        gradients = torch.autograd.grad(followed, trunk, retain_graph=True)
        gradients += torch.autograd.grad(goal, head, retain_graph=True)
        gradients += torch.autograd.grad(gain_q, q, retain_graph=True)
        gradients += torch.autograd.grad(gain_g, g)
        for parameter, gradient in zip([*trunk, *head, *q, *g], gradients, strict=True):
            parameter.grad = -gradient  # Adam goes downhill
        step_d.step()
        step_g.step()
        log.append({"loss_d": -value.item(), "loss_g": loss_g.item(), **numbers(bound)})
    return model, log


def numbers(bound: dict[str, torch.Tensor]) -> dict[str, float]:
    return {name: value.item() for name, value in bound.items()}


def sureness_and_spread(logits: torch.Tensor) -> torch.Tensor:
    """The mean of KL(Q(c|x) || mean of Q(c|x)): mutual information, by its other formula."""
    q = torch.distributions.Categorical(logits=logits)
    mean = torch.distributions.Categorical(probs=q.probs.mean(0).expand_as(q.probs))
    return torch.distributions.kl_divergence(q, mean).mean()


PLAIN = {
    "augment": 0.0,
    "r1": 0.0,
    "lam_real": 0.0,
    "lam_alike": 0.0,
    "decay_from": 1.0,
    "bend": False,
}


@pytest.mark.parametrize("recipe", [{}, {"tell": True}, PLAIN, PLAIN | {"r1": 3.0}])
@pytest.mark.parametrize("info_to_trunk", [True, False])
@pytest.mark.parametrize(("lam", "lam_uniform"), [(1.0, 0.1), (0.3, 0.7), (0.0, 0.1)])
def test_training_is_that_of_a_loop_written_by_hand(
    tiny, images, float64, lam, lam_uniform, info_to_trunk, recipe
):
    """Twelve steps: practice from the seventh on, the penalty at the eighth."""
    changes = {"steps": 12, "info_to_trunk": info_to_trunk, **recipe}
    settings = replace(tiny, lam=lam, lam_uniform=lam_uniform, **changes)
    images = images.double()
    expected, log = reference_training(images, settings)
    model, history = train(images, settings, device="cpu")
    torch.testing.assert_close(weights(model), weights(expected))  # batch norm's averages too
    for i, entry in enumerate(log):
        assert history.loss_d[i] == pytest.approx(entry["loss_d"])
        assert history.loss_g[i] == pytest.approx(entry["loss_g"])
        for name in ("c1", "c2", "c3"):
            assert history.bound[name][i] == pytest.approx(entry[name])


# --- What moves what ------------------------------------------------------------------


def plain_gan(images: torch.Tensor, settings: Settings) -> InfoGAN:
    """Five lines of a GAN that has never heard of Q."""
    model = untrained(images, settings)
    adam = {"betas": (0.5, 0.999)}
    step_d = torch.optim.Adam(model.D.parameters(), lr=settings.lr_d, **adam)
    step_g = torch.optim.Adam(model.G.parameters(), lr=settings.lr_g, **adam)
    for x, z, c, _ in batches(images, settings):
        real, fake = model.D(x), model.D(model.G(z, c))
        loss_d = F.softplus(-real).mean() + F.softplus(fake).mean()
        step_g.zero_grad()
        F.softplus(-fake).mean().backward(retain_graph=True)  # reaches D as well, in vain
        step_d.zero_grad()
        of_g = [p.grad.clone() for p in model.G.parameters()]
        loss_d.backward()  # reaches G as well, in vain
        step_d.step()
        for p, gradient in zip(model.G.parameters(), of_g, strict=True):
            p.grad = gradient
        step_g.step()
    return model


@pytest.mark.parametrize("info_to_trunk", [True, False])
def test_with_lambda_0_g_and_d_are_those_of_a_plain_gan(tiny, images, float64, info_to_trunk):
    settings = replace(tiny, lam=0.0, info_to_trunk=info_to_trunk, **PLAIN)
    expected = plain_gan(images.double(), settings)
    model, _ = train(images.double(), settings, device="cpu")
    for part in ("G", "D"):
        torch.testing.assert_close(weights(model, part), weights(expected, part))
    assert not same(model, expected, "Q")  # Q watches and learns


@pytest.mark.parametrize(
    ("info_to_trunk", "reached", "untouched"),
    [(True, ["G", "D.trunk"], ["D.head"]), (False, ["G"], ["D.trunk", "D.head"])],
)
def test_lambda_l_i_reaches_exactly_these_parameters(
    tiny, images, info_to_trunk, reached, untouched
):
    """One step with a huge lambda, beside the same step of a plain GAN (see the test above)."""
    settings = replace(tiny, steps=1, lam=1000.0, info_to_trunk=info_to_trunk, **PLAIN)
    model, _ = train(images, settings, device="cpu")
    gan, _ = train(images, replace(settings, lam=0.0), device="cpu")
    initial = untrained(images, settings)
    for part in (*reached, *untouched):
        assert not same(model, initial, part)  # the game itself moves all of them
    assert all(same(model, gan, part) for part in untouched)
    assert not any(same(model, gan, part) for part in reached)
    assert not same(model, initial, "Q")


@pytest.mark.parametrize(("rates", "moves"), [({"lr_g": 1e-60}, "DQ"), ({"lr_d": 1e-60}, "G")])
def test_each_rate_moves_its_own_side_only(tiny, images, rates, moves):
    """With a rate that is nothing in float32 one side stands still, and all of the other moves."""
    model, _ = train(images, replace(tiny, **rates), device="cpu")
    first = dict(untrained(images, tiny).named_parameters())
    for name, weight in model.named_parameters():
        assert torch.equal(weight, first[name]) == (name[0] not in moves), name


# --- Learning -------------------------------------------------------------------------


def test_infogan_learns_a_code_for_two_kinds_of_pictures(tiny):
    """Pictures are dark above or below: a code with two values can tell all there is."""
    pictures = torch.zeros(64, 1, 8, 8)
    pictures[:32, :, :4], pictures[32:, :, 4:] = 0.9, 0.9
    code, rates = LatentCode((2,), 0), {"lr_d": 0.01, "lr_g": 0.01}
    settings = replace(tiny, code=code, **rates, channels=(8, 16), hidden=32, batch_size=32)
    _, history = train(pictures, replace(settings, steps=60), device="cpu")
    assert max(history.bound["c1"][:3]) < 0.2
    assert 0.6 * np.log(2) < np.mean(history.bound["c1"][-20:]) <= np.log(2) + 1e-6


# --- History, seeds, interruption -----------------------------------------------------


def test_the_history_has_an_entry_every_so_many_steps_and_at_the_end(tiny, images):
    seen = []
    settings = replace(tiny, steps=7, log_every=3)
    _, history = train(images, settings, [lambda m, h: seen.append(h.step[-1])], device="cpu")
    assert history.step == seen == [3, 6, 7]
    assert list(history.bound) == ["c1", "c2", "c3"]
    for values in (history.seconds, history.loss_d, history.loss_g, *history.bound.values()):
        assert len(values) == 3 and np.isfinite(values).all()
    assert 0 < history.seconds[0] <= history.seconds[1] <= history.seconds[2]
    assert history.interrupted is False


def test_callbacks_do_not_change_the_run(tiny, images):
    with_callback, _ = train(images, tiny, [lambda m, h: m.sample(3)], device="cpu")
    assert same(with_callback, train(images, tiny, device="cpu")[0])


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tiny, images):
    first, history = train(images, tiny, device="cpu")
    torch.manual_seed(99)
    again, history_again = train(images, tiny, device="cpu")
    other, _ = train(images, replace(tiny, seed=1), device="cpu")
    assert same(first, again) and history.bound == history_again.bound
    for part in ("G", "D", "Q"):
        assert not same(first, other, part)


def test_the_random_state_of_the_caller_and_the_images_stay_as_they_are(tiny, images):
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()
    copied = images.clone()
    train(images, tiny, device="cpu")
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (np.random.get_state()[1] == before[1]).all()
    assert random.getstate() == before[2]
    assert torch.equal(images, copied)


def test_the_model_comes_back_ready_to_look_at(tiny, images):
    model, _ = train(images, tiny, device="cpu")
    assert not model.training
    assert model.settings == tiny and model.image_shape == (1, 8, 8)
    assert all(p.requires_grad for p in model.parameters())


def test_ctrl_c_keeps_what_is_there(tiny, images):
    def press(model, history):
        if history.step[-1] == 3:
            raise KeyboardInterrupt

    # so that 3 of 5 steps are as 3 of 3
    settings = replace(tiny, decay_from=1.0, lam_real=0.0, lam_alike=0.0)
    model, history = train(images, settings, [press], device="cpu")
    assert history.interrupted is True
    assert history.step == [1, 2, 3]
    assert not model.training
    assert same(model, train(images, replace(settings, steps=3), device="cpu")[0])


def test_ctrl_c_before_the_first_step_waits_until_all_is_imported(tiny, images, monkeypatch):
    """The optimizers import much of torch, and an import that is cut short spoils later ones."""
    ready = []

    def impatient(*args):
        signal.raise_signal(signal.SIGINT)
        ready.append(start(*args))
        return ready[0]

    monkeypatch.setattr("infogan_lite.training.start", impatient)
    with pytest.raises(KeyboardInterrupt):
        train(images, tiny, device="cpu")
    assert ready and ready[0].step == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_callback_may_put_the_nets_into_eval_mode(tiny, images):
    model, _ = train(images, tiny, lambda model, _: model.eval() and None, device="cpu")
    assert same(model, train(images, tiny, device="cpu")[0])


def test_a_callback_that_divides_by_zero_is_no_diverged_training(tiny, images):
    def divide(*_):
        with np.errstate(all="raise"):
            np.float64(1) / np.float64(0)

    with pytest.raises(FloatingPointError, match="divide by zero"):
        train(images, tiny, divide, device="cpu")


def test_a_picture_made_in_inference_mode_does_not_stop_later_training(tiny, images):
    bend.between.cache_clear()
    bend.pixels.cache_clear()
    settings = replace(tiny, bend=True)
    with torch.inference_mode():
        InfoGAN(settings, (1, 8, 8)).sample(2)
    _, history = train(images, settings, device="cpu")
    assert history.step[-1] == tiny.steps


@pytest.mark.parametrize("part", ["G", "D.trunk", "D.head", "Q"])
@pytest.mark.parametrize("step", [1, 3])
def test_ctrl_c_in_the_middle_of_a_step_keeps_the_model_whole(tiny, images, part, step):
    """It may come wherever a net computes; weights are then those of the step before."""
    run = start(tiny, (1, 8, 8))
    kept = {name: weight.clone() for name, weight in run.model.named_parameters()}

    def press(*_):
        if run.step == step - 1:
            raise KeyboardInterrupt

    def keep(model, _):
        kept.update({name: weight.clone() for name, weight in model.named_parameters()})

    run.model.get_submodule(part).register_forward_pre_hook(press)
    model, history = train(images, tiny, [keep], run=run)
    assert history.interrupted is True and history.step == list(range(1, step))
    assert not model.training
    for name, weight in model.named_parameters():
        assert weight.requires_grad and torch.equal(weight, kept[name]), name


# --- What is refused ------------------------------------------------------------------


@pytest.mark.parametrize("part", ["G", "D", "Q"])
def test_a_loss_that_is_not_a_number_ends_training_and_keeps_the_history(tiny, images, part):
    def poison(model, history):
        if history.step[-1] == 2:
            next(getattr(model, part).parameters()).data.fill_(float("nan"))

    with pytest.raises(
        TrainingDiverged, match="step 3.*smaller lr.*on a CPU with the weights"
    ) as caught:
        train(images, tiny, [poison], device="cpu")
    assert isinstance(caught.value.history, History)
    assert caught.value.history.step == [1, 2]
    assert np.isfinite(caught.value.history.loss_d).all()
    assert isinstance(caught.value.model, InfoGAN) and not caught.value.model.training


def test_a_learning_rate_that_is_far_too_large_is_named(tiny, images):
    with pytest.raises(TrainingDiverged, match="smaller lr_d and lr_g"):
        train(images, replace(tiny, lr_d=1e30, lr_g=1e30), device="cpu")


def test_training_that_diverges_keeps_the_last_good_weights(tiny, images):
    """A gradient that is not finite is seen before anything moves."""
    good = {}

    def overflow(model, history):
        if history.step[-1] == 2:
            good.update(weights(model))
            model.D.head.weight.register_hook(lambda gradient: gradient * float("inf"))

    with pytest.raises(TrainingDiverged, match="not finite at step 3") as caught:
        train(images, tiny, [overflow], device="cpu")
    for name, value in caught.value.model.named_parameters():
        assert torch.equal(value, good[name]), name


@pytest.mark.filterwarnings("ignore:You are using `torch.load`")  # torch 2.4, of its own pickle
def test_a_training_that_diverges_in_another_process_says_so_here(model):
    """A process of joblib sends the error home by pickle."""
    error = TrainingDiverged("not finite", model, History([1], [0.5], [1.0], [2.0], {"c1": [0.1]}))
    error.add_note("seen")
    sent = pickle.loads(pickle.dumps(error))
    assert type(sent) is TrainingDiverged and str(sent) == "not finite"
    assert sent.history == error.history and sent.__notes__ == ["seen"]
    assert same(sent.model, model)


@pytest.mark.parametrize("changes", [{"lam": 1e38}, {"sigma": 1e-30}, {"lr_g": 1e30}])
def test_numbers_beyond_float32_end_in_an_error_and_not_in_a_dead_process(tiny, images, changes):
    with pytest.raises(TrainingDiverged):
        train(images, replace(tiny, steps=30, **changes), device="cpu")


CONVERTED = {
    "float64": lambda x: x.double(),
    "half": lambda x: x.half(),
    "bfloat16": lambda x: x.bfloat16(),
    "bytes": lambda x: (255 * x).round().to(torch.uint8),
    "numpy": lambda x: x.numpy(),
    "numpy bytes": lambda x: (255 * x).round().to(torch.uint8).numpy(),
    "with a gradient": lambda x: x.clone().requires_grad_(),
    "without an axis for the channel": lambda x: x[:, 0],
}


@pytest.mark.parametrize("form", CONVERTED)
def test_pictures_in_other_forms_are_the_same_pictures(tiny, images, form):
    images = (255 * images).round() / 255 if "bytes" in form else (images * 4).round() / 4
    expected, _ = train(images, tiny, device="cpu")
    model, _ = train(CONVERTED[form](images), tiny, device="cpu")
    assert same(model, expected)


@pytest.mark.parametrize("around", [torch.no_grad, torch.inference_mode])
def test_training_within_a_block_without_gradients(tiny, images, around):
    expected, _ = train(images, tiny, device="cpu")
    with around():
        model, _ = train(images.clone(), tiny, device="cpu")
    assert same(model, expected)


def test_a_device_may_be_an_object_and_another_default_does_not_matter(tiny, images):
    expected, _ = train(images, tiny, device="cpu")
    with torch.device("meta"):  # whatever is made without a word would be empty
        model, _ = train(images, tiny, device=torch.device("cpu"))
    assert same(model, expected)


GOOD = torch.full((32, 1, 8, 8), 0.5)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (GOOD.flatten(1), r"n pictures of shape \(1 or 3 channels, height, width\).*\(32, 64\)"),
        (GOOD.expand(-1, 2, -1, -1), r"1 or 3 channels.*\(32, 2, 8, 8\)"),
        (GOOD.permute(0, 2, 3, 1), r"1 or 3 channels.*\(32, 8, 8, 1\)"),
        (GOOD[:, :, :6], "must be square.*6 x 8"),
        (GOOD[:, :, :6, :6], "divisible by 4.*6 x 6"),
        ((255 * GOOD).to(torch.int16), r"floats in \[0, 1\] or bytes.*int16"),
        (255 * GOOD, r"in \[0, 1\].*to 127.5.*divide bytes by 255"),
        (2 * GOOD - 1.5, r"in \[0, 1\].*got -0.5"),
        (GOOD * float("nan"), r"in \[0, 1\].*NaN among them"),
        (GOOD[:7], r"batch \(8\) is larger than the data \(7\).*lower batch_size"),
        (GOOD[:0], r"batch \(8\) is larger than the data \(0\)"),
    ],
    ids=lambda value: tuple(value.shape) if isinstance(value, torch.Tensor) else "",
)
def test_other_images_are_refused_before_any_work(tiny, images, message):
    called = []
    with pytest.raises(ValueError, match=message):
        train(images, tiny, [lambda m, h: called.append(h)], device="cpu")
    assert not called


@pytest.mark.parametrize(
    ("available", "choice", "device"),
    [
        ({"cuda", "mps"}, None, "cuda"),
        ({"mps"}, None, "mps"),
        (set(), None, "cpu"),
        ({"cuda", "mps"}, "cpu", "cpu"),
        ({"cuda", "mps"}, "mps", "mps"),
        ({"cuda"}, "cuda:1", "cuda:1"),
        ({"cuda"}, "cpu:0", "cpu:0"),
    ],
)
def test_the_device_is_the_one_named_or_the_fastest_there_is(
    monkeypatch, available, choice, device
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in available)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)  # as a driver too old may say
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in available)
    assert pick_device(choice) == torch.device(device)


@pytest.mark.parametrize("choice", ["cuda", "cuda:0", "mps", "tpu", ""])
def test_a_device_that_is_not_there_is_refused(monkeypatch, tiny, images, choice):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ValueError, match=f"device '{choice}' is not here; there is: cpu"):
        train(images, tiny, device=choice)


@pytest.mark.parametrize("choice", ["cuda:2", "cuda:7", "mps:1", "cpu:1", "cpu:5"])
def test_a_device_of_a_number_that_is_not_there_is_refused(monkeypatch, choice):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(ValueError, match=f"'{choice}' is not here; there is: cuda, mps, cpu"):
        pick_device(choice)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"callbacks": [3]}, r"\[3\] and None"),
        ({"callbacks": 3}, r"\[3\] and None"),
        ({"callbacks": "cpu"}, "'cpu' and None"),
        ({"callbacks": [print, None]}, "None"),
        ({"run": "x"}, "'x'"),
    ],
)
def test_what_is_no_callback_or_no_run_is_said_before_any_work(
    tiny, images, monkeypatch, wrong, found
):
    def trap(*_):
        raise AssertionError("a run has begun")

    monkeypatch.setattr("infogan_lite.training.start", trap)
    text = (
        r"callbacks must be functions of \(model, history\), and run one of load_run or start, got "
    )
    with pytest.raises(TypeError, match=f"{text}.*{found}"):
        train(images, tiny, **wrong)


def test_a_callback_may_have_a_length(tiny, images):
    """As ``Snapshots`` has, which are empty at first."""

    class Empty:
        def __init__(self):
            self.seen = []

        def __len__(self):
            return 0

        def __call__(self, model, history):
            self.seen.append(history.step[-1])

    one, other = Empty(), Empty()
    for callbacks in (one, [other], (), None):
        train(images, replace(tiny, steps=2), callbacks, device="cpu")
    assert one.seen == other.seen == [1, 2]


@pytest.mark.parametrize("code", [((3,), 0), ((), 2)])
def test_the_whole_recipe_trains_codes_of_one_kind_alone(images, code):
    settings = preset("lite", code=code, steps=2, channels=(4,), hidden=8, q_hidden=8, batch_size=8)
    model, history = train(images, settings, device="cpu")
    assert list(history.bound) == [f"c{i + 1}" for i in range(len(model.code.names))]


def test_what_training_returns_stays_as_it_is_when_the_run_goes_on(tiny, images):
    settings = replace(tiny, steps=2, turn_every=0, average=0.0, settle=False)
    run = start(settings, tuple(images.shape[1:]))
    model, _ = train(images, settings, device="cpu", run=run)
    before = weights(model)
    run.model.G.dense[0].weight.data.zero_()
    torch.testing.assert_close(weights(model), before)


@pytest.mark.parametrize("changes", [{}, {"info_to_trunk": False}, {"lam": 0.0}, {"r1": 0.0}])
def test_q_sees_each_batch_once_whatever_the_settings(tiny, images, changes):
    """Its batch norm would count some batches twice, and others once."""
    settings = replace(tiny, steps=5, lam_real=0.5, lam_alike=0.0, **changes)
    model, _ = train(images, settings, device="cpu")
    real = 0 if settings.lam == 0 else 3  # in steps 3 to 5: the second half
    assert model.Q.net[1].num_batches_tracked == 5 + real


@pytest.mark.parametrize("before", [False, True])
def test_ctrl_c_at_the_very_end_loses_nothing(tiny, images, monkeypatch, before):
    """While batch norm takes its averages, after the last step or after a first Ctrl-C."""

    def press(model, history):
        if before and history.step[-1] == 3:
            raise KeyboardInterrupt

    def impatient(*args):
        signal.raise_signal(signal.SIGINT)
        return finish(*args)

    finish, (expected, _) = recipe.finish, train(images, tiny, [press], device="cpu")
    monkeypatch.setattr(recipe, "finish", impatient)
    model, history = train(images, tiny, [press], device="cpu")
    assert same(model, expected)
    assert history.step[-1] == (3 if before else 5) and history.interrupted is before
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("lam_circular", [0.1, 0.0])
def test_g_and_q_learn_from_the_bound_of_an_angle(tiny, images, lam_circular):
    """With lambda 0 the rows of Q's last layer that point stand still; else they and G move."""
    code = LatentCode((3,), 1, 1)
    settings = replace(tiny, code=code, lam_circular=lam_circular, steps=1, bend=False)
    before = start(settings, (1, 8, 8)).model
    run = start(settings, (1, 8, 8))
    _, history = train(images, settings, run=run)
    old, new = before.Q.net[-1].weight[-2:], run.model.Q.net[-1].weight[-2:]
    assert ((new - old).abs().max() > 1e-4) == (lam_circular > 0)
    assert list(history.bound) == list(code.names)


EXTREMES = """
import random, torch
from infogan_lite import Settings, TrainingDiverged, train
torch.set_num_threads(1)
random, x = random.Random(8), torch.rand(32, 1, 8, 8)
names = "lr_d lr_g lam lam_uniform lam_circular lam_real lam_alike r1 sigma kappa augment".split()
ends = []
for _ in range(12):
    changes = {name: 10 ** random.uniform(-38, 38) for name in names if random.random() < 0.3}
    changes["outside"] = random.choice(["empty", "edge"])
    print(changes, flush=True)
    try:
        settings = Settings(code=(3, 2, 1), z_dim=4, channels=(4, 8), hidden=12, q_hidden=8,
                            steps=10, batch_size=8, turn_every=1, **changes)
        model, _ = train(x, settings, device="cpu")
        assert model.sample(2).isfinite().all()
    except (ValueError, TrainingDiverged) as error:
        ends.append(type(error).__name__)
print(sorted(set(ends)))
"""


def test_no_settings_end_the_process():
    """Of a dozen with numbers from 1e-38 to 1e38: trained, refused, or diverged in words."""
    done = subprocess.run([sys.executable, "-c", EXTREMES], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "['TrainingDiverged', 'ValueError']"
