"""Does a contrastive regularizer untangle codes?  python -m benchmarks.contrast [--quick]

InfoGAN-CR (Lin et al., 2020, https://arxiv.org/abs/1906.06034): a net H looks at two pictures
that share z and ONE code, and names the code; G is trained to make that easy.  The game is

    min over G, Q, H   max over D   V(D, G) - lambda L_I(G, Q) + alpha CE(G, H)

with CE the cross-entropy of H in nats.  With alpha = 0 H is trained just the same, but G
does not feel it, so that its accuracy can be compared.
"""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, softplus
from torch.optim import Adam

from benchmarks import report
from infogan_lite import InfoGAN, LatentCode, Settings, preset, sample_noise
from infogan_lite.classifier import reader
from infogan_lite.history import start
from infogan_lite.information import lower_bound
from infogan_lite.measures.dci import dci
from infogan_lite.measures.factor_vae import factor_vae_score
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import mig
from infogan_lite.measures.sap import sap
from infogan_lite.networks import Discriminator
from infogan_lite.objective import weighted
from infogan_lite.recipe import r1_is_due, r1_penalty, set_rates
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import draw

SPACE = space("shapes")
KEPT = [0, 1, 3, 4]  # shape, scale, x, y: all shapes stand upright, as in chapter 7
NAMES, IS_LABEL = [SPACE[j].name for j in KEPT], [SPACE[j].discrete for j in KEPT]
ALPHAS, STEPS = (0.0, 0.3, 1.0), 1500


class PairJudge(nn.Module):
    """H: which code do two pictures share?  D's trunk for two pictures, and a linear head."""

    def __init__(self, settings: Settings, side: int) -> None:
        super().__init__()
        self.trunk = Discriminator(settings, (2, side, side)).trunk
        self.head = nn.Linear(settings.hidden, settings.code.uniform)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        """Gray pictures (n, 1, h, w) twice, to logits (n, k)."""
        return self.head(self.trunk(torch.cat([x, other], dim=1)))


def pairs(code: LatentCode, n: int, gap: float, generator: torch.Generator):
    """n pairs of uniform codes that share one factor: (c, other, shared).

    All other factors of ``other`` are drawn anew, at least ``gap`` (0 to 1) away if [-1, 1] is
    bent to a circle, so that each code alone keeps the prior, whatever the gap.
    """
    c = code.sample(n, generator)
    move = gap + (2 - 2 * gap) * torch.rand(c.shape, generator=generator)
    other = (c + 1 + move) % 2 - 1
    shared = torch.randint(c.shape[1], (n,), generator=generator)
    other[torch.arange(n), shared] = c[torch.arange(n), shared]
    return c, other, shared


def train(
    images: Tensor, settings: Settings, alpha: float, since: float = 0.0, gap: float = 0.0
) -> tuple[InfoGAN, PairJudge]:
    """``infogan_lite.train`` with H and half a batch of pairs: as many pictures again.

    What needs a categorical code is left out, and so is augmentation.  G feels H's cross-entropy
    with weight ``alpha`` after the part ``since`` of training; ``gap`` falls linearly to 0.
    """
    run = start(settings, tuple(images.shape[1:]))
    model, generator = run.model, run.generator
    G, D, Q, code, n = model.G, model.D, model.Q, model.code, settings.batch_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        H = PairJudge(settings, images.shape[-1])
    judges = nn.ModuleList([D, Q, H])
    adam = Adam(judges.parameters(), settings.lr_d, (0.5, 0.999), fused=True)
    for step in range(1, settings.steps + 1):
        set_rates(adam, run.adam_g, settings, step)
        real = images[torch.randint(len(images), (n,), generator=generator)]
        z, c = sample_noise(n, settings.z_dim, generator), code.sample(n, generator)
        both = sample_noise(n // 2, settings.z_dim, generator)  # z of a pair: one for both
        first, second, shared = pairs(code, n // 2, gap * (1 - step / settings.steps), generator)
        fake, x, other = G(z, c), G(both, first), G(both, second)

        # Step 1: D, Q and H.  What G made is data here.
        penalty = r1_is_due(settings, step)
        real.requires_grad_(penalty)
        real_logit, h = D(real), D.trunk(fake.detach())
        loss = (softplus(-real_logit) + softplus(D.head(h).squeeze(1))).mean()
        loss = loss - weighted(lower_bound(code, c, Q(h)), settings)
        loss = loss + cross_entropy(H(x.detach(), other.detach()), shared)
        if penalty:
            loss = loss + r1_penalty(real_logit, real, settings)
        adam.zero_grad()
        loss.backward()
        adam.step()

        # Step 2: G.  The judges stand still.
        judges.requires_grad_(False)
        h = D.trunk(fake)
        loss = softplus(-D.head(h)).mean() - weighted(lower_bound(code, c, Q(h)), settings)
        if alpha > 0 and step > since * settings.steps:
            loss = loss + alpha * cross_entropy(H(x, other), shared)
        run.adam_g.zero_grad()
        loss.backward()
        run.adam_g.step()
        judges.requires_grad_(True)
    return model.eval(), H.eval()


def upright(n: int, seed: int) -> Tensor:
    """Factors of n shapes that are not turned, shape (n, 5)."""
    return draw(SPACE, n, seed) * torch.tensor([1, 1, 0, 1, 1])


def read(model: InfoGAN, factors: Tensor) -> np.ndarray:
    """The means that Q reads from pictures of these factors, shape (n, k)."""
    return model.recognise(render("shapes", factors)).mean.numpy()


def measures(model: InfoGAN, images: Tensor, n: int, votes: int) -> dict[str, float]:
    """The scores of chapter 7 on n new pictures, and L_I in nats on generated ones."""
    model_of_real, truth = reader(model, images[:4000]), upright(n, seed=1)
    codes, factors = read(model_of_real, truth), truth[:, KEPT].numpy()

    def draw_codes(fixed, n, rng):
        rows = upright(n, int(rng.integers(2**31)))
        if fixed is not None:
            rows[:, KEPT[fixed]] = rows[0, KEPT[fixed]].clone()
        return read(model_of_real, rows)

    strength = match_codes(codes, factors, discrete=IS_LABEL).strength
    importances = dci(codes, factors, discrete=IS_LABEL, trees=20)
    return {
        "MIG": mig(codes, factors, discrete=IS_LABEL),
        "SAP": sap(codes, factors, discrete=IS_LABEL),
        **dict(zip("DCI", importances[:3], strict=True)),
        "votes": factor_vae_score(draw_codes, len(KEPT), votes=votes),
        "match": strength.mean(),
        **{f"match({name})": s for name, s in zip(NAMES, strength, strict=True)},
    } | fresh_bound(model)


@torch.no_grad()
def accuracy(model: InfoGAN, H: PairJudge, n: int = 4000) -> float:
    """The part of n new pairs whose shared code H names; chance is 1 / k."""
    generator = torch.Generator().manual_seed(0)
    z = sample_noise(n, model.settings.z_dim, generator)
    c, other, shared = pairs(model.code, n, 0.0, generator)
    guess = H(model.generate(z, c), model.generate(z, other)).argmax(1)
    return (guess == shared).float().mean().item()


def contrast(
    seeds: Sequence[int], settings: Settings, alphas: Sequence[float], quick: bool = False
) -> list[dict]:
    """A row for each seed and alpha; pictures and test are the same for all of them."""
    images, rows = render("shapes", upright(500 if quick else 16000, seed=0)), []
    for seed, alpha in itertools.product(seeds, alphas):
        began = time.perf_counter()
        model, H = train(images, replace(settings, seed=seed), alpha)
        row = {"alpha": alpha, "seed": seed, "seconds": time.perf_counter() - began}
        row |= measures(model, images, *((200, 10) if quick else (5000, 400)))
        rows.append(row | {"H accuracy": accuracy(model, H)})
        print("  ".join(f"{k} {v:.3g}" for k, v in rows[-1].items()), flush=True)
    return rows


def recipe(**changes) -> Settings:
    """Four uniform codes for four factors; no augmentation, as places are among the factors."""
    fixed = {"code": LatentCode((), 4), "z_dim": 4, "augment": 0.0, "sigma": None}
    return preset("lite", **fixed | changes)


@dataclass
class Contrasts:
    """Train with each alpha and seed, print the table, and write it to a folder."""

    quick: bool = False  # a few steps: does it run?
    seeds: tuple[int, ...] = (300, 301, 302)
    threads: int = 1
    folder: Path = field(default_factory=lambda: report.RESULTS)

    def __call__(self) -> None:
        torch.set_num_threads(self.threads)
        settings, seeds, folder = recipe(steps=STEPS), list(self.seeds), self.folder
        if self.quick:  # trials never replace results
            settings, seeds, folder = recipe(steps=3, batch_size=16), seeds[:1], folder / "quick"
        rows = contrast(seeds, settings, ALPHAS, self.quick)
        about = report.header(settings, seeds=seeds, alphas=list(ALPHAS))
        print(report.write("contrast", rows, about, folder))


if __name__ == "__main__":
    tyro.cli(Contrasts)()
