"""The digits laboratory's JavaScript without a browser, in Node; the oracle is torch."""

import gzip
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import confusion_matrix
from torch import nn
from torch.nn.functional import cross_entropy, softplus

import in_node
from infogan_lite import InfoGAN, preset
from infogan_lite.bend import affine_grid, bend
from infogan_lite.information import Posterior, lower_bound, weighted
from infogan_lite.networks import Generator
from infogan_lite.recipe import practice_weight, read_information
from infogan_lite.widgets.packing import STATIC

FOLDER = STATIC / "digits_laboratory"
N, K, INPUT, ANSWERS = 8, 10, 32, 16


@pytest.fixture(scope="module", autouse=True)
def tools():
    in_node.need_node()


def run(files: str, body: str, **given):
    """Run ``body`` in node with all that these files export, and with the seeded noise."""
    modules = {name: FOLDER / f"{name}.js" for name in files.split()}
    modules["noise"] = STATIC / "laboratory" / "random.js"
    return in_node.run(modules, "const { makeRandom } = noise; " + body, **given)


def close(ours, truth: torch.Tensor) -> None:
    """Within 1e-4 of the largest number: they are float32, and the oracle is float64."""
    truth = truth.detach().double()
    ours = torch.tensor(ours, dtype=torch.float64).reshape(truth.shape)
    scale = truth.abs().max()
    assert scale > 0
    assert (ours - truth).abs().max() < 1e-4 * scale


# --- The product of matrices -----------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("m", "k", "n"), [(4, 1, 8), (8, 300, 16), (12, 7, 24), (4, 513, 8)])
def test_matrix_product(m, k, n, turned):
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(m, k)), rng.normal(size=(k, n)), rng.normal(size=(m, n))
    body = """
      const arena = matrices.makeArena(1), put = (v) => {
        const room = arena.floats(v.length); room.set(v); return room; };
      const [a, b, c] = [given.a, given.b, given.c].map(put), { m, k, n, turned } = given;
      arena.product(a, b, c, { m, k, n, turned, add: true });
      const added = Float32Array.from(c);
      arena.product(a, b, c, { m, k, n, turned });
      return { added, c };
    """
    given = {"a": (a.T if turned else a).ravel(), "b": b.ravel(), "c": c.ravel()}
    ours = run("matrices", body, **given, m=m, k=k, n=n, turned=turned)
    close(ours["added"], torch.tensor(c + a @ b))
    close(ours["c"], torch.tensor(a @ b))


# --- The nets of preset "lite" ---------------------------------------------------------


def put(linear: nn.Module, W: list, inputs: int, order=None) -> None:
    """A weight as it lies in JavaScript, surplus rows and columns included, into torch's."""
    table = torch.tensor(W, dtype=torch.float64).reshape(inputs, -1)
    linear.weight.data = order(table) if order else trim(table, linear.weight).clone()


def trim(table: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return table.T[: like.shape[0], : like.shape[1]]


def halving(table: torch.Tensor) -> torch.Tensor:
    """(4, 4, before) x after to (after, before, 4, 4)."""
    return table.reshape(4, 4, -1, table.shape[1]).permute(3, 2, 0, 1).contiguous()


def doubling(table: torch.Tensor) -> torch.Tensor:
    """before x (4, 4, after) to (before, after, 4, 4)."""
    return table.reshape(len(table), 4, 4, -1).permute(0, 3, 1, 2).contiguous()


def pixels_last_out(table: torch.Tensor) -> torch.Tensor:
    """128 x (7, 7, 32) to (32 * 7 * 7, 128)."""
    return table.reshape(128, 7, 7, 32).permute(3, 1, 2, 0).reshape(-1, 128).contiguous()


def pixels_last_in(table: torch.Tensor) -> torch.Tensor:
    """(7, 7, 32) x 128 to (128, 32 * 7 * 7)."""
    return table.reshape(7, 7, 32, 128).permute(3, 2, 0, 1).reshape(128, -1).contiguous()


LAYERS = {  # in JavaScript's order: net, number of the weight, place in torch, inputs, layout
    "G.dense.0": ("drawing", 0, INPUT, None),
    "G.dense.3": ("drawing", 4, 128, pixels_last_out),
    "G.upsample.0": ("drawing", 8, 32, doubling),
    "G.upsample.3": ("drawing", 12, 16, doubling),
    "G.bend.linear": ("layout", 0, 24, None),
    "D.trunk.0": ("trunk", 0, 16, halving),
    "D.trunk.2": ("trunk", 2, 256, halving),
    "D.trunk.6": ("trunk", 6, 1568, pixels_last_in),
    "D.head": ("D", 0, 128, None),
    "Q.net.0": ("Q", 0, 128, None),
    "Q.net.3": ("Q", 4, 64, None),
}
BIASES = {
    "G.upsample.3": ("drawing", 14),
    "G.bend.linear": ("layout", 1),
    "D.trunk.0": ("trunk", 1),
    "D.head": ("D", 1),
    "Q.net.3": ("Q", 5),
}
NORMS = {
    "G.dense.1": ("drawing", 2),
    "G.dense.5": ("drawing", 6),
    "G.upsample.1": ("drawing", 10),
    "D.trunk.3": ("trunk", 4),
    "D.trunk.7": ("trunk", 8),
    "Q.net.1": ("Q", 2),
}


class SharedBend(nn.Module):
    """A bend that z and the uniform factors steer alike; these draw as well."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(16 + 2, 39)

    def forward(self, drawing, z, c):
        return bend(drawing, 0.1 * self.linear(torch.cat([z, c[:, K:]], dim=1)), 4)


class Shared(Generator):
    """In the page the uniform factors reach the drawing as well as the bend."""

    def __init__(self, settings, image_shape) -> None:
        super().__init__(settings, image_shape)
        self.bend = SharedBend()

    def forward(self, z: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        drawing = self.upsample(self.dense(torch.cat([z, c], dim=1)))
        return self.ink(self.bend(drawing, z, c))


def twin(nets: dict) -> InfoGAN:
    """torch's nets with these numbers, in float64."""
    settings = preset("lite", code=(K, 2), sigma=0.5, tell=False, bend=False)
    model = InfoGAN(settings, (1, 28, 28))
    model.G = Shared(settings, (1, 28, 28))
    model.double().train()
    for place, (net, i, inputs, order) in LAYERS.items():
        put(model.get_submodule(place), nets[net][i], inputs, order)
    for place, (net, i) in BIASES.items():
        bias = model.get_submodule(place).bias
        bias.data = torch.tensor(nets[net][i], dtype=torch.float64)[: len(bias)].clone()
    for place, (net, i) in NORMS.items():
        norm = model.get_submodule(place)
        norm.weight.data = torch.tensor(nets[net][i], dtype=torch.float64)
        norm.bias.data = torch.tensor(nets[net][i + 1], dtype=torch.float64)
    return model


def compare(model: InfoGAN, grads: dict, what: str) -> None:
    """Gradients of all weights whose place begins so."""
    for place, (net, i, inputs, order) in LAYERS.items():
        if place[0] in what:
            table = torch.tensor(grads[net][i], dtype=torch.float64).reshape(inputs, -1)
            truth = model.get_submodule(place).weight.grad
            close((order(table) if order else trim(table, truth)).tolist(), truth)
    for place, (net, i) in BIASES.items():
        if place[0] in what:
            truth = model.get_submodule(place).bias.grad
            close(grads[net][i][: len(truth)], truth)
    for place, (net, i) in NORMS.items():
        if place[0] in what:
            norm = model.get_submodule(place)
            close(grads[net][i], norm.weight.grad)
            close(grads[net][i + 1], norm.bias.grad)


NETS = """
  const arena = matrices.makeArena(64), random = makeRandom(given.seed);
  const nets = networks.makeNets(arena, random), codes = training.drawCodes(given.n, random);
  for (const net of Object.values(nets))  // of a size at which all of them can be seen
    for (const { value } of net.weights)
      for (let i = 0; i < value.length; i++) value[i] = 4 * value[i] + 0.05 * random.normal();
  const of = (key) => Object.fromEntries(Object.entries(nets).map(
    ([name, net]) => [name, net.weights.map((w) => Float32Array.from(w[key]))]));
"""


def unpack(done: dict) -> tuple[InfoGAN, torch.Tensor, torch.Tensor]:
    """torch's nets, z and c."""
    rows = torch.tensor(done["input"], dtype=torch.float64).reshape(-1, INPUT)
    return twin(done["nets"]), rows[:, :16], rows[:, 16:28]


def test_the_generator_and_its_gradients_are_torch_s():
    body = (
        NETS
        + """
      const pass = networks.generatorPass(arena, nets, given.n);
      const x = Float32Array.from(pass.forward(codes.input, true));
      pass.backward(Float32Array.from(x, (v, i) => Math.cos(i) * v));
      return { x, input: codes.input, nets: of("value"), grads: of("grad") };
    """
    )
    done = run("matrices networks training", body, n=N, seed=3)
    model, z, c = unpack(done)
    x = model.G(z, c)
    close(done["x"], x)
    wave = torch.arange(x.numel(), dtype=torch.float64).cos().view_as(x)
    (x**2 / 2 * wave).sum().backward()
    compare(model, done["grads"], "G")


def test_a_picture_by_itself_is_torch_s():
    """In eval mode, with the averages that some batches have left."""
    body = (
        NETS
        + """
      const pass = networks.generatorPass(arena, nets, given.n);
      for (let i = 0; i < 3; i++) pass.forward(training.drawCodes(given.n, random).input, true);
      const averages = nets.drawing.averages;
      return { x: pass.forward(codes.input, false), input: codes.input, nets: of("value"),
        averages };
    """
    )
    done = run("matrices networks training", body, n=N, seed=4)
    model, z, c = unpack(done)
    norms = [place for place in NORMS if place[0] == "G"]
    for place, kept in zip(norms, done["averages"], strict=True):
        norm = model.get_submodule(place)
        norm.running_mean = torch.tensor(kept["mean"], dtype=torch.float64)
        norm.running_var = torch.tensor(kept["variance"], dtype=torch.float64)
    close(done["x"], model.generate(z, c))


@pytest.mark.parametrize("late", [False, True])
def test_d_and_q_follow_torch_s_gradients(late):
    """The game, the bound and practice, felt by D, by Q, and by the pictures."""
    body = (
        NETS
        + """
      const critic = networks.criticPass(nets, given.n), room = arena.floats(given.n * 784);
      room.set(given.x);
      const { logit, answer } = critic.forward(room, true);
      const dlogit = arena.floats(8 * given.n), danswer = arena.floats(16 * given.n);
      const loss = objective.game(logit, given.sign, dlogit);
      let bound = null;
      if (given.late) objective.practice(answer, 0.7, danswer);
      else bound = objective.lowerBound(answer, codes, 0.6, 0.2, danswer);
      const dx = critic.backward(dlogit, danswer, true);
      return { loss, bound, dx, input: codes.input, nets: of("value"), grads: of("grad") };
    """
    )
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(N, 1, 28, 28, generator=generator, dtype=torch.float64)
    sign = -1 if late else 1
    files = "matrices networks training objective"
    done = run(files, body, n=N, seed=5, x=x.flatten(), sign=sign, late=late)
    model, _, c = unpack(done)
    x.requires_grad_()
    h = model.D.trunk(x)
    loss, q = softplus(sign * model.D.head(h)).mean(), model.Q(h)
    assert done["loss"] == pytest.approx(loss.item(), rel=1e-4)
    if late:
        first, second = q.logits[0].chunk(2)
        alike = cross_entropy(second, first.detach().softmax(1))
        read = 0.7 * (read_information(q)[0] - alike)
    else:
        bound = lower_bound(model.code, c, Posterior(*q))
        assert done["bound"] == pytest.approx([v.item() for v in bound.values()], rel=1e-4)
        read = weighted(bound, preset("lite", lam=0.6, lam_uniform=0.2))
    (loss - read).backward()
    close(done["dx"], x.grad)
    compare(model, done["grads"], "DQ")


# --- What the pictures go through ------------------------------------------------------


def test_random_maps_are_torch_s():
    body = """
      const arena = matrices.makeArena(4), look = training.lookPass(arena, given.n);
      const theta = sampling.randomMaps(given.n, 0.2, makeRandom(7));
      const x = Float32Array.from(given.x), seen = look.forward(x, makeRandom(7));
      return { theta, seen, dx: look.backward(seen) };
    """
    x = torch.rand(N, 1, 28, 28, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    done = run("matrices sampling training", body, n=N, x=x.flatten())
    x.requires_grad_()
    theta = torch.tensor(done["theta"], dtype=torch.float64).reshape(N, 2, 3)
    grid = affine_grid(theta, 28, 28)
    seen = nn.functional.grid_sample(x, grid, padding_mode="zeros", align_corners=False)
    close(done["seen"], seen)
    (seen**2 / 2).sum().backward()
    close(done["dx"], x.grad)


def test_random_maps_are_of_the_recipe_s_distribution():
    """An angle, a shear, two stretches and two shifts can be found again, each even in -1..1."""
    body = "return sampling.randomMaps(4000, 0.2, makeRandom(7))"
    a, b, c, d, e, f = np.array(run("sampling", body)).reshape(-1, 6).T
    angle, wide = np.arctan2(d, a), np.log(np.hypot(a, d))
    # Turned back, the second column is (shear, 1) times the stretch
    x, y = np.cos(angle) * b + np.sin(angle) * e, np.cos(angle) * e - np.sin(angle) * b
    for values in (angle, wide, x / y, np.log(y), c * 1.4, f * 1.4):
        even = np.sort(values / 0.2)
        assert np.abs(even - np.linspace(-1, 1, len(even))).max() < 0.06


# --- A step, and a run -----------------------------------------------------------------


def test_adam_is_torch_s():
    body = """
      const weight = Object.fromEntries(["value", "grad", "first", "second"].map(
        (name) => [name, new Float32Array(5)]));
      for (const [i, grad] of given.grads.entries()) {
        weight.grad.set(grad);
        layers.adam([weight], 0.01, i + 1);
      }
      return weight;
    """
    grads = np.random.default_rng(0).normal(size=(20, 5))
    weight = torch.zeros(5, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([weight], 0.01, (0.5, 0.999))
    for grad in torch.tensor(grads):
        weight.grad = grad
        optimizer.step()
    done = run("layers", body, grads=grads)
    close(done["value"], weight)
    assert done["grad"] == [0] * 5


def test_rates_and_practice_are_the_recipe_s():
    settings = replace(preset("lite"), steps=1500)
    steps = [1, 749, 750, 751, 800, 900, 901, 1499, 1500]
    body = """return given.steps.map((step) =>
      [training.lateness(training.RULES, step), training.decay(training.RULES, step)])"""
    for step, (late, decay) in zip(steps, run("training", body, steps=steps), strict=True):
        assert late == pytest.approx(practice_weight(settings, step))
        assert decay == pytest.approx(min(1, (1 - (step - 1) / 1500) / 0.5))


TRAIN = """
  const pictures = Float32Array.from({ length: 40 * 784 }, makeRandom(1).uniform);
  const run = training.makeTraining(pictures, given.seed, { ...training.RULES, steps: 4 });
  const seen = [];
  for (let i = 0; i < 4; i++) {
    seen.push(run.advance());
  }
  return { seen, head: run.nets.D.weights[0].value };
"""


def test_a_seed_gives_one_run():
    one, again, other = (run("training", TRAIN, seed=seed) for seed in (6, 6, 2**32 - 1))
    assert one == again
    assert one["seen"] != other["seen"]
    assert np.isfinite(one["head"]).all()


def test_names_are_the_best_assignment():
    for seed in range(5):
        counts = np.random.default_rng(seed).integers(0, 50, size=(10, 10))
        names = run("reading", "return reading.bestNames(given.counts)", counts=counts)
        assert sorted(names) == list(range(10))
        rows, columns = linear_sum_assignment(counts, maximize=True)
        assert counts[range(10), names].sum() == counts[rows, columns].sum()


# --- Digits, and how they are read -----------------------------------------------------


def test_digits_are_unpacked_as_they_were_packed():
    rng = np.random.default_rng(0)
    pictures, labels = rng.integers(256, size=(5, 784)), rng.integers(10, size=5)
    packed = gzip.compress(np.concatenate([pictures.ravel(), labels]).astype(np.uint8).tobytes())
    body = "return digits.unpackDigits(Uint8Array.from(given.packed).buffer, 2);"
    done = run("digits", body, packed=list(packed))
    np.testing.assert_allclose(done["train"], pictures[:3].ravel() / 255, atol=1e-7)
    np.testing.assert_allclose(done["test"], pictures[3:].ravel() / 255, atol=1e-7)
    assert done["trainLabels"] + done["testLabels"] == labels.tolist()


def test_pairs_are_counted():
    categories, labels = np.random.default_rng(0).integers(10, size=(2, 200))
    done = run("reading", "return reading.countPairs(given.c, given.y);", c=categories, y=labels)
    assert (confusion_matrix(categories, labels, labels=range(10)) == done).all()
