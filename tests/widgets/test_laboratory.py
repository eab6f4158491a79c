"""The laboratory's JavaScript without a browser, in Node; the oracles are torch and scipy."""

import json
import re

import javascript
import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.spatial import cKDTree
from scipy.special import digamma
from scipy.stats import norm
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, one_hot, softplus

import in_node
from infogan_lite.widgets.laboratory import Laboratory, laboratory
from infogan_lite.widgets.packing import STATIC

FOLDER = STATIC / "laboratory"


@pytest.fixture(scope="module", autouse=True)
def tools():
    in_node.need_node()


def run(files: str, body: str, **given):
    """Run ``body`` in node with all that these files export."""
    return in_node.run({name: FOLDER / f"{name}.js" for name in files.split()}, body, **given)


def rows(numbers, width: int) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64).reshape(-1, width)


# --- The same nets in torch ------------------------------------------------------------


class Torch:
    """InfoGAN in the plane, by torch's autograd and optimizers, from the same first weights."""

    def __init__(self, game: dict):
        self.k, self.uniform = game["k"], game["uniform"]
        self.nets = {name: [self.linear(layer) for layer in game[name]] for name in NETS}
        self.slopes = {name: [layer["slope"] for layer in game[name]] for name in NETS}
        self.optimizer = {name: self.adam(name) for name in NETS}

    def linear(self, layer: dict) -> nn.Linear:
        n, m = layer["inputs"], layer["outputs"]
        linear = nn.Linear(n, m, dtype=torch.float64)
        theta = torch.tensor(layer["theta"], dtype=torch.float64)
        linear.weight.data = theta[: n * m].reshape(n, m).T.clone()
        linear.bias.data = theta[n * m :].clone()
        return linear

    def adam(self, name: str) -> torch.optim.Adam:
        parameters = [p for layer in self.nets[name] for p in layer.parameters()]
        return torch.optim.Adam(parameters, betas=(0.5, 0.99))

    def __call__(self, name: str, x: Tensor) -> Tensor:
        for layer, slope in zip(self.nets[name], self.slopes[name], strict=True):
            x = leaky_relu(layer(x), slope)
        return x

    def log_q(self, h: Tensor, category: Tensor, value: Tensor) -> Tensor:
        answer = self("Q", h)
        log = answer[:, : self.k].log_softmax(1).gather(1, category[:, None])[:, 0]
        if self.uniform:
            sigma = answer[:, -1].clamp(min=-3).exp()
            log = log + torch.distributions.Normal(answer[:, -2], sigma).log_prob(value)
        return log.mean()

    def zero(self) -> None:
        for optimizer in self.optimizer.values():
            optimizer.zero_grad()

    def move(self, names: str, rate: float) -> None:
        for name in names.split():
            self.optimizer[name].param_groups[0]["lr"] = rate
            self.optimizer[name].step()

    def step(self, draws: "Draws", rules: dict) -> None:
        n, lam = rules["batch"], rules["lambda"]
        real = draws.real(n)
        z, category, value = draws.codes(n, self.k, self.uniform)
        code = [one_hot(category, self.k), *([value[:, None]] if self.uniform else [])]
        x = self("G", torch.cat([z, *code], 1))
        real = real + draws.blur(n)
        fake = x.detach() + draws.blur(n)

        self.zero()
        h = self("trunk", fake)
        d = softplus(-self("D", self("trunk", real))).mean() + softplus(self("D", h)).mean()
        d.backward(retain_graph=True)
        # The head of Q learns with weight 1, the trunk hears of it with weight lambda
        trunk = [p for layer in self.nets["trunk"] for p in layer.parameters()]
        head = [p for layer in self.nets["Q"] for p in layer.parameters()]
        loss = -self.log_q(h, category, value)
        grads = torch.autograd.grad(loss, trunk + head)
        for p, g in zip(trunk, grads, strict=False):
            p.grad += lam * g
        for p, g in zip(head, grads[len(trunk) :], strict=True):
            p.grad = g
        self.move("trunk D Q", rules["rateD"])

        self.zero()
        h = self("trunk", x + draws.blur(n))
        loss = softplus(-self("D", h)).mean() - lam * self.log_q(h, category, value)
        loss.backward()
        self.move("G", rules["rateG"])

    def theta(self, name: str) -> np.ndarray:
        parts = [t for a in self.nets[name] for t in (a.weight.detach().T.reshape(-1), a.bias)]
        return torch.cat([part.detach() for part in parts]).numpy()


NETS = ("G", "trunk", "D", "Q")
CENTERS = [(2 * np.cos(np.pi * i / 4), 2 * np.sin(np.pi * i / 4)) for i in range(8)]


class Draws:
    """The random numbers of a run in Node, one after the other."""

    def __init__(self, numbers: list[float]):
        self.left = iter(numbers)

    def take(self, *shape: int) -> Tensor:
        n = int(np.prod(shape))
        return torch.tensor([next(self.left) for _ in range(n)], dtype=torch.float64).reshape(shape)

    def real(self, n: int) -> Tensor:
        draws = self.take(n, 3)
        return torch.tensor(CENTERS)[(8 * draws[:, 0]).long()] + 0.1 * draws[:, 1:]

    def codes(self, n: int, k: int, uniform: bool) -> tuple[Tensor, Tensor, Tensor]:
        draws = self.take(n, 6 if uniform else 5)
        return draws[:, :4], draws[:, 4].long(), 2 * draws[:, -1] - 1

    def blur(self, n: int) -> Tensor:
        draws = self.take(n, 3)
        return draws[:, :1] ** 2 * draws[:, 1:]


TRAIN = """
  const g = game.makeGame(given.k, given.uniform, given.seed);
  const first = JSON.parse(JSON.stringify(g, plain)), draws = [], real = g.random;
  for (const name of ["uniform", "normal", "integer"])
    g.random = { ...g.random, [name](n) { draws.push(real[name](n)); return draws.at(-1); } };
  for (let i = 0; i < given.steps; i++) {
    game.stepDQ(g, data.DATA.ring, given.rules);
    game.stepG(g, given.rules);
  }
  return { first, draws, last: g };
"""


@pytest.mark.parametrize(("k", "uniform", "lam"), [(8, False, 1.0), (3, True, 0.3), (8, False, 0)])
@pytest.mark.parametrize("steps", [1, 20])
def test_training_is_torch_s(k, uniform, lam, steps):
    rules = {"lambda": lam, "batch": 30, "rateD": 2e-3, "rateG": 1e-3}
    given = {"k": k, "uniform": uniform, "seed": 5, "steps": steps, "rules": rules}
    done = run("game data", TRAIN, **given)
    nets, draws = Torch(done["first"]), Draws(done["draws"])
    for _ in range(steps):
        nets.step(draws, rules)
    assert next(draws.left, None) is None
    for name in NETS:
        truth = nets.theta(name)
        ours = np.concatenate([layer["theta"] for layer in done["last"][name]])
        first = np.concatenate([layer["theta"] for layer in done["first"][name]])
        moved = np.abs(truth - first).max()
        assert moved > 0.9 * rules["rateG"]
        assert np.abs(ours - truth).max() < 1e-4 * moved


def test_gradients_are_torch_s():
    """Of every weight, and of what comes in; the net has each kind of layer."""
    body = """
      const net = nets.makeNet(given.sizes, 0.2, random.makeRandom(3));
      const x = Float64Array.from(given.x), n = given.n;
      const y = nets.forward(net, x, n), dx = nets.backward(net, y.map(Math.cos), n);
      return { net, y, dx };
    """
    sizes, n = [3, 7, 6, 5], 9
    x = torch.randn(n, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    done = run("nets random", body, sizes=sizes, n=n, x=x.flatten().tolist())
    x.requires_grad_()
    layers, h = [], x
    for layer in done["net"]:
        linear = Torch.linear(None, layer)
        layers.append(linear)
        h = leaky_relu(linear(h), layer["slope"])
    h.sin().sum().backward()
    torch.testing.assert_close(rows(done["y"], 5), h.detach(), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(rows(done["dx"], 3), x.grad, rtol=1e-9, atol=1e-12)
    for linear, layer in zip(layers, done["net"], strict=True):
        truth = torch.cat([linear.weight.grad.T.reshape(-1), linear.bias.grad])
        torch.testing.assert_close(rows(layer["grad"], 1)[:, 0], truth, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (2, 3, 4), (5, 2, 9), (6, 1, 7), (0, 4, 4)])
def test_matrix_product_of_any_shape(m, k, n):
    a, b = np.random.default_rng(0).normal(size=(2, 81))
    a, b = a[: m * k].reshape(m, k), b[: k * n].reshape(k, n)
    body = (
        "return nets.multiply(Float64Array.from(given.a), Float64Array.from(given.b), ...given.s)"
    )
    ours = run("nets", body, a=a.flatten().tolist(), b=b.flatten().tolist(), s=[m, k, n])
    np.testing.assert_allclose(np.array(ours).reshape(m, n), a @ b, rtol=1e-12, atol=1e-12)


# --- Information -----------------------------------------------------------------------

INFORMATION = "return information.mutualInformation(given.x, Int32Array.from(given.c), given.k)"


def draw_plane(n: int, k: int, apart: float, width: float, seed: int = 0):
    """k codes on a line, `apart` standard deviations from one to the next."""
    rng = np.random.default_rng(seed)
    c = rng.integers(k, size=n)
    return width * (rng.normal(size=(n, 2)) + np.outer(apart * c, [0.6, 0.8])), c


def true_information(k: int, apart: float) -> float:
    """H(c) - H(c|x) of that line by quadrature: only the way along it matters."""

    def integrand(t: float) -> float:
        p = norm.pdf(t - apart * np.arange(k)) / k
        return float(np.sum(p * np.log(np.where(p > 0, k * p / p.sum(), 1)))) if p.sum() else 0.0

    return quad(integrand, -9, 9 + apart * (k - 1), limit=400, points=list(apart * np.arange(k)))[0]


@pytest.mark.parametrize("width", [1.0, 0.003])
@pytest.mark.parametrize(("k", "apart"), [(2, 0.5), (2, 1), (2, 3), (4, 1), (8, 2), (8, 30)])
def test_information_of_gaussians(k, apart, width):
    x, c = draw_plane(3000, k, apart, width)
    ours = run("information", INFORMATION, x=x.flatten().tolist(), c=c.tolist(), k=k)
    assert ours == pytest.approx(true_information(k, apart), abs=0.04)


def test_information_of_nothing_has_no_bias():
    values = []
    for seed in range(6):
        x, c = draw_plane(3000, 8, 0, 1, seed)
        values.append(run("information", INFORMATION, x=x.flatten().tolist(), c=c.tolist(), k=8))
    assert max(values) < 0.06
    assert np.mean(values) < 0.03  # a plug-in on a grid of 32 by 32 would say about 0.5


def test_information_is_ross_s_formula():
    """Against trees: psi(N) + psi(k) - <psi(N_c)> - <psi(m)>."""
    x, c = draw_plane(500, 3, 1.3, 1)
    whole, total = cKDTree(x), 0.0
    for code in range(3):
        own = x[c == code]
        radius = cKDTree(own).query(own, 6)[0][:, -1]
        m = np.array(whole.query_ball_point(own, radius * (1 + 1e-12), return_length=True)) - 1
        total += np.sum(digamma(5) - digamma(len(own)) - digamma(m))
    ours = run("information", INFORMATION, x=x.flatten().tolist(), c=c.tolist(), k=3)
    assert ours == pytest.approx(digamma(500) + total / 500, abs=1e-9)


def test_information_of_points_on_one_place():
    """All at one place tell nothing; a place for each code tells all."""
    c = [i % 2 for i in range(100)]
    same, apart = [0.0] * 200, [float(v) for v in c for _ in range(2)]
    assert run("information", INFORMATION, x=same, c=c, k=2) == pytest.approx(0, abs=0.02)
    assert run("information", INFORMATION, x=apart, c=c, k=2) == pytest.approx(np.log(2), abs=0.02)


def test_the_table_is_judged():
    table = [[90, 10, 0], [0, 79, 21], [85, 0, 15]]
    judged = run("information", "return information.judge(given.table)", table=table)
    assert judged["owned"] == 1  # the second is too impure, the third shares with the first
    assert judged["purity"] == pytest.approx((90 + 79 + 85) / 300)


# --- A run -----------------------------------------------------------------------------

RUN = """
  const rules = { lambda: given.lambda, batch: 64, rateD: 0.0025,
    rateG: 0.0025 };
  const start = { k: given.k ?? 8, uniform: given.uniform ?? false, seed: given.seed,
    data: given.data ?? "ring", strokes: [] };
  const bench = workshop.makeBench(start, rules), seen = [];
  for (let i = 1; i <= given.steps; i++) {
    bench.half();
    if (given.look) { bench.picture(true); bench.figures(); }
    bench.half();
    if (i % (given.every ?? given.steps) === 0) seen.push(bench.figures());
  }
  return { seen, picture: bench.picture(true) };
"""


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**32 - 1])
def test_with_the_reward_each_code_owns_a_mode(seed):
    done = run("workshop", RUN, seed=seed, steps=300, every=50, **{"lambda": 1})
    last = done["seen"][-1]
    assert last["owned"] == 8
    assert last["bound"] > 1.9
    for moment in done["seen"]:
        assert moment["bound"] < moment["truth"] + 0.05  # both are estimates from 3,000 points
        assert moment["truth"] < np.log(8) + 0.01


def test_without_it_the_colors_stay_mixed():
    purity = [
        run("workshop", RUN, seed=s, steps=300, **{"lambda": 0})["seen"][0]["purity"]
        for s in range(3)
    ]
    assert np.median(purity) < 0.6


def test_a_seed_gives_one_run_and_looking_changes_nothing():
    given = {"seed": 7, "steps": 12, "lambda": 1, "uniform": True}
    one, again = run("workshop", RUN, **given), run("workshop", RUN, look=True, **given)
    other = run("workshop", RUN, **{**given, "seed": 8})
    assert one["seen"] == again["seen"]
    assert one["picture"]["points"] == again["picture"]["points"]
    assert one["picture"]["points"] != other["picture"]["points"]


def test_the_arrows_are_minus_the_gradient_of_g_s_loss():
    """By differences: how the loss of one point changes as it is moved."""
    body = """
      const g = game.makeGame(4, false, 2), b = game.generate(g, 1, g.random);
      const rules = { lambda: 0.7, batch: 1, rateD: 1, rateG: 1 }, e = 1e-6;
      const loss = (dx, dy) => {
        const h = nets.forward(g.trunk, Float64Array.of(b.x[0] + dx, b.x[1] + dy), 1);
        const d = nets.forward(g.D, h, 1)[0];
        const { category } = game.readCodes(g, b, nets.forward(g.Q, h, 1));
        return Math.log(1 + Math.exp(-d)) - 0.7 * category;
      };
      return { ours: game.pull(g, b, rules, b.x),
        truth: [(loss(e, 0) - loss(-e, 0)) / 2 / e, (loss(0, e) - loss(0, -e)) / 2 / e] };
    """
    done = run("game nets", body)
    assert done["ours"] == pytest.approx(done["truth"], rel=1e-4)


def test_the_workshop_makes_one_half_step_at_a_time():
    body = """
      const sent = [], { receive } = workshop.makeWorkshop((m) => sent.push(m));
      const start = { k: 3, uniform: true, seed: 1, data: "moons", strokes: [] };
      const rules = { lambda: 1, batch: 16, rateD: 0.01, rateG: 0.01 };
      receive({ kind: "restart", start, rules, turn: 1 });
      for (let i = 0; i < 4; i++) receive({ kind: "half" });
      return sent.filter((m) => m.kind === "picture");
    """
    pictures = run("workshop", body)
    assert [(p["step"], p["half"]) for p in pictures] == [
        (0, False),
        (0, True),
        (1, False),
        (1, True),
        (2, False),
    ]
    points = [p["points"] for p in pictures]
    surfaces = [p["surface"] for p in pictures]
    assert points[0] == points[1] != points[2]  # first D and Q alone, then G alone
    assert surfaces[0] != surfaces[1] == surfaces[2]
    assert len(pictures[0]["real"]) == 800
    assert pictures[1]["real"] == []
    assert len(pictures[0]["trails"]) == 2 * 3 * 17


def test_what_the_workshop_sends_says_to_which_turn_it_belongs():
    body = """
      const sent = [], { receive } = workshop.makeWorkshop((m) => sent.push(m));
      const start = { k: 2, uniform: false, seed: 1, data: "own", strokes: [[[0, 0]]] };
      const rules = { lambda: 1, batch: 16, rateD: 0.01, rateG: 0.01 };
      receive({ kind: "restart", start, rules, turn: 1 });
      receive({ kind: "pause" });
      receive({ kind: "strokes", strokes: [], turn: 2 });
      return sent.map(({ kind, turn }) => `${kind} ${turn}`);
    """
    of_the_first = ["picture 1", "figures 1"] * 2
    # and no figures of points that are not there
    assert run("workshop", body) == [*of_the_first, "picture 2"]


# --- Data and words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"), [("ring", 8), ("unequal", 8), ("moons", 2), ("spiral", 4)]
)
def test_data_have_their_shares(name, parts):
    body = """
      const d = data.DATA[given.name], x = data.drawReal(d, 20000, random.makeRandom(4));
      return { x, part: data.nearestPart(d, x), parts: d.parts };
    """
    done = run("data random", body, name=name)
    assert done["parts"] == parts
    assert np.abs(done["x"]).max() < 3
    shares = np.bincount(done["part"], minlength=parts) / 20000
    wanted = np.array([28, 22, 16, 12, 9, 6, 4, 3]) / 100
    if name != "unequal":
        wanted = np.full(parts, 1 / parts)
    assert np.abs(shares - wanted).max() < 0.02


def test_points_drawn_by_hand():
    strokes = [[[0, 0], [0.1, 0]], [[2, 2]]]
    body = """
      const d = data.drawnData(given.strokes);
      const nearest = data.nearestPart(d, Float64Array.of(0.2, 0, 1.9, 2));
      return [d.parts, nearest, data.drawnData([]).parts];
    """
    parts, nearest, none = run("data", body, strokes=strokes)
    assert (parts, nearest) == (2, [0, 1])
    assert none == 0


def test_random_numbers():
    body = """
      const r = random.makeRandom(given.seed, given.stream ?? 0);
      return Array.from({ length: 20000 }, () => [r.uniform(), r.normal(), r.integer(5)]);
    """
    u, z, k = np.array(run("random", body, seed=0)).T
    assert u.min() >= 0 and u.max() < 1
    assert abs(u.mean() - 0.5) < 5 * np.sqrt(1 / 12 / len(u))
    assert abs(z.mean()) < 5 / np.sqrt(len(z))
    assert abs(z.var() - 1) < 5 * np.sqrt(2 / len(z))
    assert np.bincount(k.astype(int)).min() > 3700
    other = np.array(run("random", body, seed=0, stream=1))[:, 0]
    assert abs(np.corrcoef(u, other)[0, 1]) < 0.04


EYE = (100 * np.eye(8, dtype=int)).tolist()


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("Press Train", {"step": 0, "figures": None}),
        ("colors stay mixed", {"lambda": 0, "purity": 0.2, "bound": 0, "truth": 0.1}),
        ("G is paid", {"bound": 0.5, "truth": 0.7}),
        ("a mode of its own", {"table": EYE}),
        ("though the data are unequal", {"table": EYE, "data": "unequal"}),
        ("12 codes for 8 modes", {"k": 12, "table": EYE + EYE[:4], "bound": 2.4}),
        ("5 codes for 8 modes", {"k": 5, "table": [[50, 50, *[0] * 6]] * 5, "bound": 1.6}),
        ("not the one we meant", {"k": 2, "data": "moons", "table": [[50, 50]] * 2, "bound": 0.69}),
        ("One half step again", {"half": True, "playing": False}),
        ("Draw a few strokes", {"data": "own", "figures": None}),
    ],
)
def test_the_story_says_what_is_seen(words, scene):
    figures = {"table": EYE, "purity": 1, "owned": 8, "bound": 2.05, "truth": 2.07, "boundValue": 0}
    figures |= {key: scene[key] for key in figures if key in scene}
    if "table" in scene and scene["table"] != EYE:
        figures["owned"] = 1
    whole = {
        "data": "ring",
        "k": 8,
        "uniform": False,
        "lambda": 1,
        "playing": scene.get("step") != 0,
    }
    whole |= {"step": 500, "half": False, "figures": figures} | scene
    assert words in run("story", "return story.tell(given)", **whole)["text"]


# --- Python ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"data": "rings"}, "data is one of"),
        ({"k": 0}, "k must be a whole number from 1 to 12, got 0"),
        ({"k": 13}, "got 13"),
        ({"lam": -1}, "lam is a number from 0 to 2, got -1"),
        ({"seed": 2**32}, "seed must be a whole number from 0 to"),
        ({"k": 2.5}, "k must be a whole number from 1 to 12, got 2.5"),
        ({"lam": "1"}, "lam is a number from 0 to 2, got '1'"),
        ({"uniform": "yes"}, "uniform is True or False, got 'yes'"),
    ],
)
def test_bad_input_gets_one_sentence(wrong, named):
    with pytest.raises(ValueError, match=named):
        laboratory(**wrong)


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_any_32_bit_seed(seed):
    assert laboratory(seed=seed).seed == seed


def test_the_page_starts_the_worker_from_the_text_within():
    """The worker's text is a program by itself: no import, no export, and node takes it."""
    text = re.search(r"^const WORKER_TEXT = (.+);", str(Laboratory._esm), re.MULTILINE)
    worker = json.loads(text[1])
    assert len(worker) > 10_000
    assert not re.search(r"^(import|export)\b", worker, re.MULTILINE)
    assert not re.search(r"^(import|export (?!default))\b", str(Laboratory._esm), re.MULTILINE)
    done = javascript.node("--check", "--input-type=commonjs", text=worker)
    assert done.returncode == 0, done.stderr


def test_the_scripts_weigh_little():
    assert len(str(Laboratory._esm)) + len(str(Laboratory._css)) < 60_000 + 19_000


# --- What the page makes of it ---------------------------------------------------------


def test_a_long_history_thins_out_and_a_restart_forgets_what_was_later():
    body = """
      const at = (step) => ({ step, bound: 0, truth: 0 });
      let history = [];
      for (let step = 0; step < 1000; step++) history = charts.remember(history, at(step));
      const again = charts.remember([0, 1, 2, 3].map(at), at(2));
      return [history, again].map((moments) => moments.map((m) => m.step));
    """
    steps, again = run("charts", body)
    assert len(steps) <= 240 and steps == sorted(set(steps))
    assert steps[0] == 0 and steps[-1] == 999
    assert again == [0, 1, 2]


@pytest.mark.parametrize(("k", "bound", "truth"), [(5, 1, 2), (1, 3, 4)])
def test_the_moment_of_a_code_with_one_value_is_that_of_the_uniform_code(k, bound, truth):
    figures = {"step": 7, "bound": 1, "truth": 2, "boundValue": 3, "truthValue": 4}
    moment = run("charts", "return charts.momentOf(given.figures, given.k);", figures=figures, k=k)
    assert moment == {"step": 7, "bound": bound, "truth": truth}


def test_a_code_is_named_at_its_point_that_is_nearest_to_all_others():
    rng = np.random.default_rng(0)
    points, codes = rng.normal(size=(40, 2)).astype("float32"), rng.integers(3, size=40)
    names = run("plane", "return plane.placeNames(given.x, given.c);", x=points.ravel(), c=codes)
    assert sorted(code for code, *_ in names) == [0, 1, 2]
    for code, *place in names:
        own = points[codes == code]
        far = np.linalg.norm(own[:, None] - own, axis=2).sum(1)
        np.testing.assert_allclose(place, own[far.argmin()], atol=1e-6)


def test_colors_run_straight_from_end_to_end():
    body = "return [-1, -0.5, 0, 0.25, 1].map((v) => plane.ramp(v).match(/[0-9]+/g).map(Number));"
    low, half, middle, quarter, high = np.array(run("plane", body))
    assert abs(low - high).max() > 100
    assert abs((low + middle) / 2 - half).max() <= 0.5
    assert abs(middle + (high - middle) / 4 - quarter).max() <= 0.5
    assert run("plane", 'return plane.rgb("#ff8001");') == [255, 128, 1]
    shades = run("plane", "return [0, 0.2, 0.5, 0.8, 1].map(plane.stretch);")
    assert shades == pytest.approx([0, 0, 0.5, 1, 1])


@pytest.mark.parametrize(("change", "same"), [({"seed": 4}, True), ({"k": 3}, False)])
def test_nets_go_on_with_the_same_data_and_codes_alone(change, same):
    start = {"data": "ring", "k": 8, "uniform": False, "seed": 0}
    body = "return scenes.sameStart(given.start, given.wanted);"
    assert run("scenes", body, start=start, wanted=start | change) is same
