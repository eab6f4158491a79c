"""A prototype of the training loop with switches, for the search in research-log.md.

``python -m benchmarks.trial NAME SEED... [key=value ...]`` trains and appends rows to NAME.csv.
"""

import copy
import csv
import sys
import time
from ast import literal_eval
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from scipy.optimize import linear_sum_assignment
from torch import nn
from torch.nn.functional import softplus

from benchmarks import features
from benchmarks.digits import opened
from benchmarks.report import RESULTS
from benchmarks.separation import separation
from infogan_lite import InfoGAN, lower_bound, preset, sample_noise
from infogan_lite.bend import bend
from infogan_lite.codes import LatentCode
from infogan_lite.information import Posterior
from infogan_lite.objective import weighted
from infogan_lite.recipe import augment as _augment
from infogan_lite.recipe import disagreement, lateness, r1_penalty, read_information, set_rates


@dataclass(frozen=True)
class Switches:
    uniform: int = 3
    bend_only: bool = True  # uniform codes enter the bend alone, not the drawing
    shifts: bool = False  # ... and of the bend's numbers the 32 shifts too
    code_scale: float = 0.3
    told: bool = True  # Q's uniform means get the six numbers of the augmentation
    sigma: float = 0.3
    sigma_each: bool = False  # one learned width for each code
    lam_uniform: float = 0.1
    gain: float = 1.0  # logits times this before the sigmoid
    sparse: float = 0.0  # weight of the L1 norm of the codes' numbers
    orth: float = 0.0  # weight of the squared cosine between mean changes of the picture
    ema: float = 0.0
    anneal: float = 0.0  # augmentation falls to 0 over this last part
    steps: int = 1500
    augment: float = 0.2
    resize: bool = False
    z_affine: bool = True  # z drives the affine numbers as well
    r1: float = 0.1
    late_lam: float = 1.0  # factor on lam_uniform reached at the end
    select: bool = False  # each code chooses one number: softmax over the seven
    pool: int = 1
    lr_g: float = 2e-3
    turn: int = 0  # steps from one turn of the codes to their principal axes to the next
    still: bool = True  # uniform codes do not move the digit, only the 2 x 2 matrix and ink
    told_d: bool = False  # D's trunk gets them, so D and all of Q
    turn_last: bool = False
    turn_from: float = 0.3
    whole: float = 0.0  # part of the first half in which the uniform codes' lambda rises


class Drawer(nn.Module):
    """G with the uniform codes in the bend."""

    def __init__(self, old, s: Switches, settings) -> None:
        super().__init__()
        self.s, self.u = s, s.uniform
        self.dense, self.upsample = old.dense, old.upsample
        if s.bend_only:
            n = settings.z_dim + settings.code.dim - s.uniform
            self.dense[0] = nn.Linear(n, settings.hidden, bias=False)
            nn.init.normal_(self.dense[0].weight, 0, 0.02)
        if s.resize:
            for i, m in enumerate(self.upsample):
                if isinstance(m, nn.ConvTranspose2d):
                    conv = nn.Conv2d(m.in_channels, m.out_channels, 3, padding=1)
                    nn.init.normal_(conv.weight, 0, 0.02)
                    nn.init.zeros_(conv.bias)
                    up = nn.Upsample(scale_factor=2, mode="bilinear")
                    self.upsample[i] = nn.Sequential(up, conv)
        self.z_bend = nn.Linear(settings.z_dim, 39)
        nn.init.normal_(self.z_bend.weight, 0, 0.3)
        nn.init.zeros_(self.z_bend.bias)
        self.c_bend = nn.Parameter(torch.randn(39 if s.shifts else 7, s.uniform) * 0.1)
        self.choice = nn.Parameter(torch.randn(7, s.uniform) * 0.1)

    def directions(self):
        w = self.c_bend
        if self.s.select:
            w = w * (self.choice * 5).softmax(0)
        return w

    def numbers(self, z, u):
        s = self.s
        by_z = 0.1 * self.z_bend(z)
        if not s.z_affine:
            by_z = torch.cat([torch.zeros_like(by_z[:, :4]), by_z[:, 4:]], 1)
        v = s.code_scale * (u @ self.directions().T)
        if s.still:
            v = v * v.new_tensor([1, 1, 0, 1, 1, 0, 1])
        if not s.shifts:
            v = torch.cat([v[:, :6], v.new_zeros(len(v), 32), v[:, 6:]], 1)
        return by_z + v

    def draw(self, z, c):
        u = c[:, c.shape[1] - self.u :]
        given = c[:, : c.shape[1] - self.u] if self.s.bend_only else c
        return self.upsample(self.dense(torch.cat([z, given], 1))), u

    def lay(self, drawing, z, u):
        return (self.s.gain * bend(drawing, self.numbers(z, u), 4)).sigmoid()

    def forward(self, z, c):
        drawing, u = self.draw(z, c)
        return self.lay(drawing, z, u)

    @torch.no_grad()
    def principal(self, drawing, z, u):
        """R with J R orthogonal in the mean; each new axis stands where the nearest old one did."""
        gram = self.gram(drawing, z, u)
        axes = torch.linalg.eigh(gram).eigenvectors
        old, new = linear_sum_assignment(axes.abs().numpy(), maximize=True)
        axes = axes[:, new]
        return axes * axes.diagonal().sign()

    def gram(self, drawing, z, u):
        d, J = 0.2, []
        for e in d * torch.eye(self.u):
            x = self.lay(drawing, z, u + e) - self.lay(drawing, z, u - e)
            J.append(x.flatten(1))
        J = torch.stack(J, 1)
        return (J @ J.transpose(1, 2)).mean(0)

    def overlap(self, drawing, z, u):
        """Squared cosines between the mean changes of the picture by two codes (Gram matrix)."""
        from torch.nn.functional import avg_pool2d

        d = 0.2
        J = []
        for j in range(self.u):
            e = torch.zeros(self.u)
            e[j] = d
            x = self.lay(drawing, z, u + e) - self.lay(drawing, z, u - e)
            J.append(avg_pool2d(x, self.s.pool).flatten(1) if self.s.pool > 1 else x.flatten(1))
        J = torch.stack(J, 1)
        gram = (J @ J.transpose(1, 2)).mean(0)
        size = gram.diagonal().sqrt()
        cos = gram / (size[:, None] * size[None])
        return (cos.square().sum() - self.u) / 2


class Told(nn.Module):
    def __init__(self, old, s: Switches) -> None:
        super().__init__()
        self.net, self.u, self.s = old.net, s.uniform, s
        self.categorical = old.categorical
        self.pose = nn.Linear(6, s.uniform, bias=False)
        nn.init.zeros_(self.pose.weight)
        self.log_sigma = nn.Parameter(torch.full((s.uniform,), s.sigma).log())

    def forward(self, h, pose=None) -> Posterior:
        *logits, mean = self.net(h).split([*self.categorical, self.u], 1)
        if pose is not None and self.s.told:
            mean = mean + self.pose(pose)
        width = self.log_sigma if self.s.sigma_each else self.log_sigma.detach()
        return Posterior(tuple(logits), mean, width.clamp_min(-2.5).expand_as(mean))


class ToldTrunk(nn.Module):
    """D's trunk with the six numbers of the augmentation as further input of its hidden layer."""

    def __init__(self, old, hidden: int) -> None:
        super().__init__()
        self.body, self.rest = old[:-2], old[-2:]
        self.pose = nn.Linear(6, hidden, bias=False)
        nn.init.normal_(self.pose.weight, 0, 0.02)

    def forward(self, x, pose=None):
        h = self.body(x)
        return self.rest(h if pose is None else h + self.pose(pose))


def augment(x, strength, generator, outside="empty"):
    """The library's maps, and the six numbers in [-1, 1] that made each."""
    state = generator.get_state()
    numbers = 2 * torch.rand(len(x), 6, generator=generator) - 1
    generator.set_state(state)
    return _augment(x, strength, generator, outside=outside), numbers * strength / 0.2


@torch.no_grad()
def turn(model, R):
    """Turn the uniform codes, u to R'u: G makes of R'u what it made of u, and Q reads R'u."""
    G, Q, k = model.G, model.Q, model.code.uniform
    G.c_bend.copy_(G.c_bend @ R)
    Q.net[3].weight[-k:] = R.T @ Q.net[3].weight[-k:]
    Q.net[3].bias[-k:] = R.T @ Q.net[3].bias[-k:]
    Q.pose.weight.copy_(R.T @ Q.pose.weight)


@torch.no_grad()
def turn_at_last(model, n=1000):
    """Once more after training, in eval mode, over n fresh pictures."""
    generator = torch.Generator().manual_seed(11)
    z, c = sample_noise(n, model.settings.z_dim, generator), model.code.sample(n, generator)
    drawing, u = model.G.draw(z, c)
    turn(model, model.G.principal(drawing, z, u))
    return model


@torch.no_grad()
def settle(model, images):
    """Batch norm's averages of D and Q anew, from plain pictures: real and generated alike."""
    generator = torch.Generator().manual_seed(12)
    for net in (model.D, model.Q):
        for m in net.modules():
            if isinstance(m, nn.modules.batchnorm._BatchNorm):
                m.reset_running_stats()
                m.momentum = None
                m.train()
    for real in images[:2000].split(200):
        z = sample_noise(200, model.settings.z_dim, generator)
        made = model.G(z, model.code.sample(200, generator))
        for x in (real, made):
            model.Q(model.D.trunk(x))
    return model.eval()


def train(images, s: Switches, seed: int, stop: float = 1.0):
    settings = preset(
        "lite", code=LatentCode((10,), s.uniform), sigma=s.sigma, lam_uniform=s.lam_uniform,
        steps=s.steps, augment=s.augment, seed=seed, r1=s.r1, lr_g=s.lr_g,
    )  # fmt: skip
    torch.manual_seed(seed)
    model = InfoGAN(settings, (1, 28, 28))
    model.G, model.Q = Drawer(model.G, s, settings), Told(model.Q, s)
    if s.told_d:
        model.D.trunk = ToldTrunk(model.D.trunk, settings.hidden)
    model.to(memory_format=torch.channels_last).train()
    G, D, Q, code, n = model.G, model.D, model.Q, model.code, settings.batch_size
    generator = torch.Generator().manual_seed(seed)
    dq, g = [*D.parameters(), *Q.parameters()], list(G.parameters())
    adam_dq = torch.optim.Adam(dq, settings.lr_d, (0.5, 0.999), fused=True)
    adam_g = torch.optim.Adam(g, settings.lr_g, (0.5, 0.999), fused=True)
    mean = [w.detach().clone() for w in g]
    for step in range(1, settings.steps + 1):
        set_rates(adam_dq, adam_g, settings, step)
        index = torch.randint(len(images), (n,), generator=generator)
        z, c = sample_noise(n, settings.z_dim, generator), code.sample(n, generator)
        drawing, u = G.draw(z, c)
        fake = G.lay(drawing, z, u)
        real = images[index]
        late = lateness(settings, step)
        strength = settings.augment
        if s.anneal > 0:
            strength *= min(1.0, max((settings.steps - step) / (s.anneal * settings.steps), 1e-3))
        views = [augment(real, strength, generator) for _ in range(1 + (late > 0))]
        real, real_pose = (torch.cat(parts) for parts in zip(*views, strict=True))
        seen, pose = augment(fake, strength, generator)
        penalty = step % settings.r1_every == 0 and settings.r1 > 0
        real.requires_grad_(penalty)
        if s.told_d:
            h_real, h = D.trunk(real, real_pose), D.trunk(seen, pose)
        else:
            h_real, h = D.trunk(real), D.trunk(seen)
        real_logit, fake_logit = D.head(h_real).squeeze(1), D.head(h).squeeze(1)
        loss_d = softplus(-real_logit).mean() + softplus(fake_logit).mean()
        bound = lower_bound(code, c, Q(h, pose))
        lam_u = settings.lam_uniform * (1 + late * (s.late_lam - 1))
        if s.whole > 0:
            lam_u *= min(1.0, step / (s.whole * settings.steps))
        info = weighted(bound, replace(settings, lam_uniform=lam_u))
        objective = loss_d - info
        if late > 0:
            q = Q(h_real)
            gain = settings.lam_real * sum(read_information(q))
            gain = gain - settings.lam_alike * sum(disagreement(q))
            objective = objective - late * gain
        if penalty:
            objective = objective + r1_penalty(real_logit, real, settings)
        adam_dq.zero_grad()
        objective.backward(inputs=dq, retain_graph=True)
        loss_g = softplus(-fake_logit).mean() - info
        if s.sparse > 0:
            loss_g = loss_g + s.sparse * G.directions().abs().sum()
        if s.orth > 0 and step % 4 == 0 and step > 0.2 * settings.steps:
            k = 16
            rise = min(max((step / settings.steps - 0.2) / 0.2, 0.0), 1.0)
            loss_g = loss_g + 4 * rise * s.orth * G.overlap(drawing[:k].detach(), z[:k], u[:k])
        adam_g.zero_grad()
        loss_g.backward(inputs=g)
        adam_dq.step()
        adam_g.step()
        if s.turn > 0 and step >= s.turn_from * settings.steps and step % s.turn == 0:
            R = G.principal(drawing.detach(), z, u)
            place = [id(w) for w in g].index(id(G.c_bend))
            mean[place].copy_(mean[place] @ R)
            turn(model, R)
        if s.ema > 0:
            with torch.no_grad():
                torch._foreach_lerp_(mean, g, 1 - min(s.ema, 1 - 1 / (step + 1)))
        if step % 250 == 0:
            print(
                step,
                {k: round(v.item(), 2) for k, v in bound.items()},
                *G_directions(model),
                flush=True,
            )
        if step >= stop * settings.steps:
            break
    averaged = copy.deepcopy(model)
    with torch.no_grad():
        for a, w in zip(mean, averaged.G.parameters(), strict=True):
            w.copy_(a)
        for m in averaged.G.modules():
            if isinstance(m, nn.modules.batchnorm._BatchNorm):
                m.reset_running_stats()
                m.momentum = None
        for _ in range(20):
            averaged.G(sample_noise(200, settings.z_dim, generator), code.sample(200, generator))
    return model.eval(), averaged.eval()


def main(folder: Path = RESULTS / "search") -> None:
    name, *rest = sys.argv[1:]
    seeds = [int(a) for a in rest if "=" not in a]
    changes = dict(a.split("=") for a in rest if "=" in a)
    default = asdict(Switches())
    changes = {k: type(default[k])(literal_eval(v)) for k, v in changes.items()}
    s = Switches(**changes)
    folder.mkdir(parents=True, exist_ok=True)
    data, net = opened(), features.load()
    for seed in seeds:
        if (folder / f"{name}-{seed}.safetensors").exists():
            continue
        began = time.perf_counter()
        raw, averaged = train(data.x_train, s, seed)
        seconds = time.perf_counter() - began
        for suffix, model in (("", raw), ("-ema", averaged)):
            if suffix and s.ema == 0:
                continue
            if s.turn_last:
                settle(turn_at_last(model), data.x_train)
            weights = {k: v.contiguous() for k, v in model.state_dict().items()}
            save_file(weights, folder / f"{name}{suffix}-{seed}.safetensors")
            row = {"name": name + suffix, "seed": seed, "seconds": seconds}
            row |= separation(model, data, net, held_out=seed >= 500)
            row |= {"changes": str(changes)}
            with open(folder / f"{name}{suffix}.csv", "a") as file:
                writer = csv.DictWriter(file, row.keys())
                if file.tell() == 0:
                    writer.writeheader()
                writer.writerow(row)
            show = {k: round(float(v), 3) if not isinstance(v, str) else v for k, v in row.items()}
            print(show, flush=True)
        print(G_directions(raw), flush=True)


def G_directions(model):
    return (model.G.s.code_scale * model.G.directions()).detach().numpy().round(2).T


if __name__ == "__main__":
    main()
