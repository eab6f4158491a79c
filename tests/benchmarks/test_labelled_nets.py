"""The nets that labels teach: their logit, their loop, and what they learn."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from benchmarks import labelled_nets
from infogan_lite import LatentCode, Settings, sample_noise
from infogan_lite.classifier import reader
from infogan_lite.history import start
from infogan_lite.recipe import augment


@pytest.fixture
def two_shades():
    """Dark pictures of class 0 and light ones of class 1, nearly plain."""
    y = torch.arange(64) % 2
    noise = torch.rand(64, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    return 0.2 + 0.6 * y.view(-1, 1, 1, 1) + 0.1 * (noise - 0.5), y


@pytest.mark.sensitive
def test_the_logit_of_the_conditional_judge_is_that_by_hand(tiny, images):
    judge = labelled_nets.Projection(start(tiny, (1, 8, 8)).model.D, 3).double().eval()
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


@pytest.mark.sensitive
@pytest.mark.parametrize("augment", [0.0, 0.05])
def test_the_conditional_generator_makes_what_the_label_says(tiny, two_shades, augment):
    x, y = two_shades
    # A batch of 8 would hold so few of each class that batch norm hides the shade.
    code, lr = LatentCode((2,), 0), {"lr_d": 5e-3, "lr_g": 5e-3}
    settings = replace(tiny, code=code, steps=300, augment=augment, bend=False, batch_size=32, **lr)
    before = torch.get_rng_state()
    model = labelled_nets.conditional(x, torch.eye(2)[y], settings)
    assert torch.equal(torch.get_rng_state(), before)
    z = torch.randn(50, 4, generator=torch.Generator().manual_seed(1))
    dark, light = (model.generate(z, torch.eye(2)[[k] * 50]).mean((1, 2, 3)) for k in (0, 1))
    # Over ten seeds 0.017 and more was seen; without the label it is 0, as z is the same.
    assert (light - dark > 0.002).all()


def conditional_by_hand(x: torch.Tensor, labels: torch.Tensor, settings: Settings):
    """The game of G(z, y) and D(x, y) from its equations: all gradients before anything moves."""
    run = start(settings, tuple(x.shape[1:]))
    G, generator, n = run.model.G, run.generator, settings.batch_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        judge = labelled_nets.Projection(run.model.D, labels.shape[1]).train()
    adam = {"betas": (0.5, 0.999)}
    step_d = torch.optim.Adam(judge.parameters(), settings.lr_d, **adam)
    step_g = torch.optim.Adam(G.parameters(), settings.lr_g, **adam)
    bce, ones = binary_cross_entropy_with_logits, torch.ones(n, dtype=x.dtype)
    for step in range(settings.steps):
        done = step / settings.steps
        for adam, lr in ((step_d, settings.lr_d), (step_g, settings.lr_g)):
            adam.param_groups[0]["lr"] = lr * np.interp(done, [settings.decay_from, 1], [1, 0])
        index = torch.randint(len(x), (n,), generator=generator)
        z, y = sample_noise(n, settings.z_dim, generator), labels[index]
        settings.code.sample(n, generator)  # y takes the place of these codes
        fake = G(z, y)
        real = augment(x[index], settings.augment, generator)[0].requires_grad_()
        fake = augment(fake, settings.augment, generator)[0]
        logit, fake_logit = judge(real, y), judge(fake, y)
        loss = bce(logit, ones) + bce(fake_logit, 0 * ones)
        if (step + 1) % 8 == 0:
            (slope,) = torch.autograd.grad(logit.sum(), real, create_graph=True)
            size = slope.square().flatten(1).sum(1).mean()
            loss = loss + 8 * settings.r1 / 2 * size
        of_d = torch.autograd.grad(loss, [*judge.parameters()], retain_graph=True)
        of_g = torch.autograd.grad(bce(fake_logit, ones), [*G.parameters()])
        for net, gradients, adam in ((judge, of_d, step_d), (G, of_g, step_g)):
            for parameter, gradient in zip(net.parameters(), gradients, strict=True):
                parameter.grad = gradient
            adam.step()
    return run.model.eval()


@pytest.mark.sensitive
def test_the_conditional_gan_is_that_of_a_loop_written_by_hand(tiny, two_shades, float64):
    x, y = two_shades
    settings = replace(tiny, code=LatentCode((2,), 0), steps=9, r1=0.7)
    x, labels = x.double(), torch.eye(2)[y]
    found = labelled_nets.conditional(x, labels, settings)
    expected = conditional_by_hand(x, labels, settings)
    for part in ("G", "D"):
        wanted = getattr(expected, part).state_dict()
        for name, value in getattr(found, part).state_dict().items():
            torch.testing.assert_close(value, wanted[name], msg=f"{part}.{name}")


@pytest.mark.sensitive
def test_the_supervised_net_learns_classes_and_values(tiny, two_shades):
    x, y = two_shades
    settings = replace(tiny, steps=100, batch_size=32)  # 8 is too few for batch norm, see above
    net, head = labelled_nets.supervised(x, y, 2, settings)
    h = reader(net, x).D.trunk(x)
    assert (head(h).argmax(1) == y).all()
    values = x.mean(dim=(2, 3))  # (n, 1)
    net, head = labelled_nets.supervised(x, values, 1, replace(settings, augment=0.0, steps=800))
    error = (head(reader(net, x).D.trunk(x)) - values).square().mean() / values.var()
    assert error < 0.3  # of the variance; 0.0003 to 0.04 was seen


@pytest.mark.sensitive
def test_all_nets_start_from_the_same_trunk(tiny, two_shades):
    x, y = two_shades
    still = replace(tiny, code=LatentCode((2,), 0), lr_d=1e-12, lr_g=1e-12)
    first = start(still, (1, 8, 8)).model.D.trunk
    for net in (
        labelled_nets.supervised(x, y, 2, still)[0],
        labelled_nets.conditional(x, torch.eye(2)[y], still),
    ):
        for old, new in zip(first.parameters(), net.D.trunk.parameters(), strict=True):
            torch.testing.assert_close(new, old, rtol=0, atol=1e-9)
