"""What preset "lite" adds to the paper's step, so that small nets learn on a CPU in a minute.

    random maps      D and Q see pictures shifted, turned, stretched, sheared; Q is told how
    the penalty R1   keeps D from reacting too steeply to real pictures
    practice         late in training Q reads real pictures too, without labels
    turned axes      the uniform factors are turned so that each changes pictures its own way
    averaged weights each is the mean of its last hundred or so; batch norm is settled anew

Each has settings, off in preset "paper" (chapter 5); G's layer ``Bend`` is in bend.py.
"""

import copy

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, grid_sample
from torch.optim import Adam

from infogan_lite.batch_norm import settle
from infogan_lite.bend import affine_grid
from infogan_lite.codes import sample_noise
from infogan_lite.history import ALONE, Processes, Run
from infogan_lite.information import Posterior
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings

R1_EVERY = 8  # steps from one penalty to the next, as it costs a gradient of a gradient
PRACTICE_FROM = 0.5  # part of training after which Q practices: before, it knows no categories
TURN_FROM = 0.3  # part of training after which axes are turned: before, there is little to see
SHORTEST = 0.25  # part of the longest uniform factor's weights in G that a turn leaves the others
STEP = 0.2  # of a factor, up and down, where its effect on pictures is measured
FRESH = 1000  # pictures for the last turn and for batch norm's averages


def look(x: Tensor, run: Run, twice: bool = False) -> tuple[Tensor, Tensor | None]:
    """Pictures as D and Q see them, all once more if ``twice``, and their maps' six numbers."""
    s = run.model.settings
    if s.augment == 0:
        return x, None
    how = s.augment, run.generator, s.outside, run.processes
    seen, maps = zip(*[augment(x, *how) for _ in range(1 + twice)], strict=True)
    return torch.cat(seen), torch.cat(maps)


def augment(
    x: Tensor, strength: float, generator: torch.Generator, outside="empty", processes=ALONE
) -> tuple[Tensor, Tensor]:
    """Each picture through a random affine map of its own.

    So D cannot learn a few thousand pictures by heart, nor c1 hide in a position or a slant.
    Real and generated pictures go through maps of one distribution, so G's goal stays the data.

    Args:
        x, strength: shape (n, channels, h, w), and s; turns up to s radians, stretches each axis
            by up to e^s, shears up to s, and shifts up to 10 s pixels.
        outside: what moves in from beyond the border: "empty", which is 0, or the "edge" again.
        processes: which part of a batch x is.

    Returns pictures of the same shape, and six numbers in [-1, 1] for each, shape (n, 6): how
    much it was turned, sheared, stretched and shifted, in parts of the most that is allowed.
    """
    n, _, h, w = x.shape
    drawn = torch.rand(n * processes.world, 6, generator=generator, device=x.device)
    numbers = processes.share(2 * drawn - 1)
    angle, shear, stretch_x, stretch_y, right, down = numbers.mul(strength).T
    cos, sin, stretch_x, stretch_y = angle.cos(), angle.sin(), stretch_x.exp(), stretch_y.exp()
    rows = [
        torch.stack([cos * stretch_x, (cos * shear - sin) * stretch_y, 20 / w * right]),
        torch.stack([sin * stretch_x, (sin * shear + cos) * stretch_y, 20 / h * down]),
    ]
    theta = torch.stack(rows).permute(2, 0, 1)  # (n, 2, 3)
    padding = {"empty": "zeros", "edge": "border"}[outside]
    seen = grid_sample(x, affine_grid(theta, h, w), padding_mode=padding, align_corners=False)
    return seen, numbers


def r1_is_due(settings: Settings, step: int) -> bool:
    return settings.r1 > 0 and step % R1_EVERY == 0


def r1_penalty(real_logit: Tensor, real: Tensor, settings: Settings) -> Tensor:
    """r1 / 2 times the squared slope of D at real pictures (Mescheder et al., 2018).

    The slope is that of the *summed* logits in train mode: batch norm ties a batch together, so
    it is how all its logits answer to one picture, and D's slope only without batch norm.  Paid
    every ``R1_EVERY`` steps, it counts so many times; at the others it is 0.
    """
    if not real.requires_grad:
        return real.new_zeros(())
    (slope,) = torch.autograd.grad(real_logit.sum(), real, create_graph=True)
    return R1_EVERY * settings.r1 / 2 * slope.square().sum(dim=(1, 2, 3)).mean()


def practice_weight(settings: Settings, step: int) -> float:
    """The weight of practice: 0 until ``PRACTICE_FROM``, then up to 1 in a tenth of training.

    There is none for a Q that only watches a plain GAN (lambda = 0), or has no categories.
    """
    practice = settings.lam_real > 0 or settings.lam_alike > 0
    if settings.lam == 0 or not practice or not settings.code.categorical:
        return 0.0
    return min(max((step / settings.steps - PRACTICE_FROM) / 0.1, 0.0), 1.0)


def reads_twice(settings: Settings, step: int) -> bool:
    return practice_weight(settings, step) > 0 and settings.lam_alike > 0 and settings.augment > 0


def practice(h_real: Tensor, run: Run, step: int) -> Tensor | float:
    """What Q gains by being sure of real pictures, by reading two looks at one alike; or 0."""
    settings = run.model.settings
    if practice_weight(settings, step) == 0:
        return 0.0
    q = run.model.Q(h_real)
    gain = settings.lam_real * sum(read_information(q, run.processes))
    if reads_twice(settings, step):
        gain = gain - settings.lam_alike * sum(disagreement(q))
    return practice_weight(settings, step) * gain


def read_information(q: Posterior, processes: Processes = ALONE) -> list[Tensor]:
    """Information in nats between a real picture and the category that Q reads from it.

    For each categorical factor H(mean of Q(c|x)) - mean of H(Q(c|x)), over a batch of real x:
    large, up to ln K, if Q is sure of each and uses all categories alike.  It needs no label.
    (Springenberg, 2016, in a GAN; Hu et al., 2017, to cluster.)
    """
    result = []
    for logits in q.logits:
        log_p = logits.log_softmax(1)
        mean = processes.mean(log_p.exp().mean(0)).clamp_min(1e-12)
        h_given_x = -(log_p.exp() * log_p).sum(1).mean()
        result.append(-(mean * mean.log()).sum() - h_given_x)
    return result


def disagreement(q: Posterior) -> list[Tensor]:
    """How much two readings of a real picture differ: -E log second(c|x), c ~ first, in nats.

    The second half of the batch are the pictures of the first, seen through other maps.  The
    first reading stands still, the second learns from it.  (Hu et al., 2017.)
    """
    pairs = [logits.chunk(2) for logits in q.logits]
    return [cross_entropy(second, first.detach().softmax(1)) for first, second in pairs]


def set_rates(adam_dq: Adam, adam_g: Adam, settings: Settings, step: int) -> None:
    """Learning rates of this step: constant until ``decay_from``, then linearly down to 0."""
    factor = min(1.0, (1 - (step - 1) / settings.steps) / max(1 - settings.decay_from, 1e-9))
    adam_dq.param_groups[0]["lr"] = factor * settings.lr_d
    adam_g.param_groups[0]["lr"] = factor * settings.lr_g


def turn_now_and_then(run: Run, z: Tensor, c: Tensor) -> None:
    """Every ``turn_every`` steps, later in training, turn to the axes that G has at these codes."""
    s, step = run.model.settings, run.step
    if s.turn_every and s.code.uniform and step >= TURN_FROM * s.steps and step % s.turn_every == 0:
        R = principal_axes(run.model, z, c, run.processes)
        for nets in filter(None, (run.model, run.average)):  # averages turn along
            turn(nets, R)
            revive(nets)


@torch.no_grad()
def principal_axes(model: InfoGAN, z: Tensor, c: Tensor, processes: Processes = ALONE) -> Tensor:
    """The turn R after which each uniform factor changes pictures in a way of its own.

    Neither V nor I(c; x) prefers any axes, and no label chooses them.  With J what each changes in
    a picture, R's columns, (uniform, uniform), are eigenvectors of the mean J'J, ``in_old_order``.
    """
    steps = STEP * torch.eye(model.code.dim).to(c)[model.code.uniform_columns]
    J = [(model.generate(z, c + e) - model.generate(z, c - e)).flatten(1) for e in steps]
    J = torch.stack(J, dim=1) if J else z.new_zeros(len(z), 0, 1)
    gram = processes.mean((J @ J.transpose(1, 2)).mean(0)).cpu().double()  # NaN if nets diverge
    return in_old_order(torch.linalg.eigh(gram.nan_to_num(0, 0)).eigenvectors).to(c)


def in_old_order(axes: Tensor) -> Tensor:
    """Columns of a turn (k, k), each with the place and the sign of the old axis nearest to it."""
    from scipy.optimize import linear_sum_assignment

    axes = axes[:, linear_sum_assignment(axes.abs(), maximize=True)[1]]
    return axes * (1 - 2 * (axes.diagonal() < 0).double())


@torch.no_grad()
def turn(model: InfoGAN, R: Tensor) -> None:
    """Turn the uniform factors, u to R'u: G makes of R'u what it made of u, and Q reads R'u."""
    model.G.entrance().copy_(model.G.entrance() @ R)
    last = model.Q.net[-1]
    means = model.code.uniform_columns  # Q's outputs begin like a row of c
    for rows in (last.weight[means], last.bias[means], model.Q.told):
        if rows is not None:
            rows.copy_(R.T @ rows)


@torch.no_grad()
def revive(model: InfoGAN) -> None:
    """Of two factors that had learned the same a turn gives one all: lengthen the other."""
    lengths = model.G.entrance().norm(dim=0)
    model.G.entrance().mul_((SHORTEST * lengths.max() / lengths.clamp(1e-12)).clamp(1))


@torch.no_grad()
def finish(run: Run, images: Tensor) -> InfoGAN:
    """What training returns: a copy of the run's model; the run stays as it is, to go on with.

    Nets have their averaged weights, axes are turned once more, and batch norm takes its averages
    anew: G's with the new weights; D's and Q's, if ``settle``, from pictures without a random map.
    """
    s = run.model.settings
    model = copy.deepcopy(run.model).eval()
    generator = torch.Generator().manual_seed(s.seed)
    z = sample_noise(FRESH, s.z_dim, generator).to(images)
    c = s.code.sample(FRESH, generator).to(images)
    if run.average:  # weights alone: those of D and Q want averages of batch norm that suit them
        mine = run.average.named_parameters()
        means = {name: w for name, w in mine if s.settle or name.startswith("G.")}
        model.load_state_dict(means, strict=False)
        settle([model.G], lambda: model.generate(z, c))
    if s.turn_every:
        turn(model, principal_axes(model, z, c))
    if s.settle:
        few = torch.linspace(0, len(images) - 1, min(len(images), FRESH)).round().long()
        plain = torch.cat([images[few], model.generate(z, c)]).split(500)
        settle([model.D.trunk, model.Q], lambda: [model.recognise(x) for x in plain])
    return model
