"""The comparison with supervised nets: its nets, its probes, and the table it writes."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from benchmarks import conditional, report, supervised
from infogan_lite import LatentCode, Settings, load, sample_noise
from infogan_lite.classifier import reader
from infogan_lite.history import start
from infogan_lite.recipe import augment as look


@pytest.fixture
def two_shades():
    """Dark pictures of class 0 and light ones of class 1, nearly plain."""
    y = torch.arange(64) % 2
    noise = torch.rand(64, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    return 0.2 + 0.6 * y.view(-1, 1, 1, 1) + 0.1 * (noise - 0.5), y


def test_the_logit_of_the_conditional_judge_is_that_by_hand(tiny, images):
    judge = conditional.Projection(start(tiny, (1, 8, 8)).model.D, 3).double().eval()
    with torch.no_grad():
        judge.D.head.bias.fill_(0.7)
        judge.embed.weight.normal_(0, 1, generator=torch.Generator().manual_seed(0))
    x, y = (
        images[:5].double(),
        torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, -2, 3], [0, 0, 0]]),
    )
    with torch.no_grad():
        logit, h = judge(x, y.double()).numpy(), judge.D.trunk(x).numpy()
    w, columns = judge.D.head.weight.detach().numpy()[0], judge.embed.weight.detach().numpy()
    for i, label in enumerate(y.numpy()):
        e = sum(label[k] * columns[:, k] for k in range(3))  # of a class: its column
        assert logit[i] == pytest.approx(w @ h[i] + 0.7 + e @ h[i], abs=1e-12)
    assert abs(logit[0] - judge.D(x).detach().numpy()[0]) > 1e-6  # the label does count


@pytest.mark.parametrize("augment", [0.0, 0.05])
def test_the_conditional_generator_makes_what_the_label_says(tiny, two_shades, augment):
    x, y = two_shades
    # A batch of 8 would hold so few of each class that batch norm hides the shade.
    code, lr = LatentCode((2,), 0), {"lr_d": 5e-3, "lr_g": 5e-3}
    settings = replace(tiny, code=code, steps=300, augment=augment, bend=False, batch_size=32, **lr)
    before = torch.get_rng_state()
    model = conditional.conditional(x, torch.eye(2)[y], settings)
    assert torch.equal(torch.get_rng_state(), before)
    z = torch.randn(50, 4, generator=torch.Generator().manual_seed(1))
    dark, light = (model.generate(z, torch.eye(2)[[k] * 50]).mean((1, 2, 3)) for k in (0, 1))
    assert (light - dark > 0.03).all()  # whatever z is; without the label both are the same


def conditional_by_hand(x: torch.Tensor, labels: torch.Tensor, settings: Settings):
    """The game of G(z, y) and D(x, y) from its equations: first all of D, then G."""
    run = start(settings, tuple(x.shape[1:]))
    G, generator, n = run.model.G, run.generator, settings.batch_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        judge = conditional.Projection(run.model.D, labels.shape[1]).train()
    adam = {"betas": (0.5, 0.999)}
    step_d = torch.optim.Adam(judge.parameters(), settings.lr_d, **adam)
    step_g = torch.optim.Adam(G.parameters(), settings.lr_g, **adam)
    bce, ones = binary_cross_entropy_with_logits, torch.ones(n, dtype=x.dtype)
    for step in range(settings.steps):
        done = step / settings.steps
        for adam, lr in ((step_d, settings.lr_d), (step_g, settings.lr_g)):
            adam.param_groups[0]["lr"] = lr * np.interp(done, [settings.decay_from, 1], [1, 0])
        index = torch.randint(len(x), (n,), generator=generator)
        y = labels[index]
        fake = G(sample_noise(n, settings.z_dim, generator), y)
        real = look(x[index], settings.augment, generator).requires_grad_()
        fake = look(fake, settings.augment, generator)
        logit = judge(real, y)
        loss = bce(logit, ones) + bce(judge(fake, y), 0 * ones)
        if (step + 1) % settings.r1_every == 0:
            (slope,) = torch.autograd.grad(logit.sum(), real, create_graph=True)
            size = slope.square().flatten(1).sum(1).mean()
            loss = loss + settings.r1_every * settings.r1 / 2 * size
        of_d = torch.autograd.grad(loss, [*judge.parameters()], retain_graph=True)
        for parameter, gradient in zip(judge.parameters(), of_d, strict=True):
            parameter.grad = gradient
        step_d.step()
        loss = bce(judge(fake, y), ones)  # D has moved
        of_g = torch.autograd.grad(loss, [*G.parameters()])
        for parameter, gradient in zip(G.parameters(), of_g, strict=True):
            parameter.grad = gradient
        step_g.step()
    return run.model.eval()


def test_the_conditional_gan_is_that_of_a_loop_written_by_hand(tiny, two_shades, float64):
    x, y = two_shades
    settings = replace(tiny, code=LatentCode((2,), 0), steps=6, r1=0.7)
    x, labels = x.double(), torch.eye(2)[y]
    found = conditional.conditional(x, labels, settings)
    expected = conditional_by_hand(x, labels, settings)
    for part in ("G", "D"):
        wanted = getattr(expected, part).state_dict()
        for name, value in getattr(found, part).state_dict().items():
            torch.testing.assert_close(value, wanted[name], msg=f"{part}.{name}")


def test_the_supervised_net_learns_classes_and_values(tiny, two_shades):
    x, y = two_shades
    settings = replace(tiny, steps=100, batch_size=32)  # 8 is too few for batch norm, see above
    net, head = conditional.supervised(x, y, 2, settings)
    h = reader(net, x).D.trunk(x)
    assert (head(h).argmax(1) == y).all()
    values = x.mean(dim=(2, 3))  # (n, 1)
    net, head = conditional.supervised(x, values, 1, replace(settings, augment=0.0, steps=800))
    error = (head(reader(net, x).D.trunk(x)) - values).square().mean() / values.var()
    assert error < 0.05


def test_all_nets_start_from_the_same_trunk(tiny, two_shades):
    x, y = two_shades
    still = replace(tiny, code=LatentCode((2,), 0), lr_d=1e-12, lr_g=1e-12)
    first = start(still, (1, 8, 8)).model.D.trunk
    for net in (
        conditional.supervised(x, y, 2, still)[0],
        conditional.conditional(x, torch.eye(2)[y], still),
    ):
        for old, new in zip(first.parameters(), net.D.trunk.parameters(), strict=True):
            torch.testing.assert_close(new, old, rtol=0, atol=1e-9)


def test_a_probe_reads_what_is_linear_and_nothing_else():
    rng = np.random.default_rng(0)
    y, y_test = np.arange(1000) % 10, np.arange(500) % 10
    h, h_test = (np.eye(10)[t] + 0.05 * rng.normal(size=(len(t), 10)) for t in (y, y_test))
    assert conditional.probe_error(h, y, h_test, y_test) == 0
    shuffled = conditional.probe_error(h, rng.permutation(y), h_test, rng.permutation(y_test))
    assert 0.8 < shuffled < 0.98  # chance: 0.9
    v, v_test = h @ np.arange(10), h_test @ np.arange(10)
    assert conditional.probe_fit(h, v, h_test, v_test) > 0.999
    assert conditional.probe_fit(h, rng.permutation(v), h_test, v_test) < 0.05


def test_labels_are_drawn_alike_from_each_class():
    y = load("digits").y_train
    order = conditional.balanced_order(y, 300)
    for n in (10, 100, 1000, 4000):
        assert y[order[:n]].bincount().tolist() == [n // 10] * 10
    assert len(order.unique()) == 4000
    assert not torch.equal(order, conditional.balanced_order(y, 301))
    uneven = torch.tensor([0] * 7 + [1] * 3)
    assert uneven[conditional.balanced_order(uneven, 0)].bincount().tolist() == [3, 3]


def test_quick_form_writes_the_columns_of_the_stored_table(tmp_path, monkeypatch):
    given, probe_error = [], supervised.probe_error
    monkeypatch.setattr(
        supervised, "probe_error", lambda h, y, *new: given.append(y) or probe_error(h, y, *new)
    )
    supervised.Supervised(("digits",), seeds=(5,), quick=True, folder=tmp_path)()
    supervised.Supervised(("heads",), seeds=(5,), quick=True, folder=tmp_path)()
    rows, about = report.read(tmp_path / "supervised.csv")
    stored, _ = report.read(report.RESULTS / "supervised.csv")
    assert list(rows[0]) == list(stored[0])
    kinds = [{(r["world"], r["method"], r["measure"]) for r in t} for t in (rows, stored)]
    assert kinds[0] == kinds[1]
    assert json.loads(about["digits"])["bend"] is True and about["seeds"] == "[5]"

    # Each method was given the same labels, and the few are among the many.
    few, many = ([y for y in given if len(y) == n] for n in (20, 100))
    assert len(few) == len(many) == len(given) / 2 == 7
    assert all(np.array_equal(y, few[0]) for y in few)
    assert all(np.array_equal(y, many[0]) for y in many)
    assert np.array_equal(many[0][:20], few[0]) and np.bincount(few[0]).tolist() == [2] * 10


def test_stored_rows_come_out_again():
    """Those that need no training: raw pixels and a trunk that learned nothing."""
    rows, about = report.read(report.RESULTS / "supervised.csv")
    wanted = {
        r["method"]: float(r["value"])
        for r in rows
        if (r["world"], r["seed"], r["labels"], r["measure"])
        == ("digits", "300", "100", "probe error")
    }
    data, settings = load("digits"), replace(supervised.RUNS["digits"][1], seed=300)
    draw = conditional.balanced_order(data.y_train, 300)[:100]
    net = reader(start(settings, (1, 28, 28)).model, data.x_train)
    pairs = {
        "raw pixels": (data.x_train.flatten(1).numpy(), data.x_test.flatten(1).numpy()),
        "untrained": conditional.features(net, data.x_train, data.x_test),
    }
    for name, (h, h_test) in pairs.items():
        known = data.y_train[draw].numpy()
        error = conditional.probe_error(h[draw], known, h_test, data.y_test.numpy())
        assert error == pytest.approx(wanted[name], abs=0.01)
