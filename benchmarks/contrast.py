"""Does a contrastive regularizer untangle codes?

InfoGAN-CR (Lin et al., 2020, https://arxiv.org/abs/1906.06034): a net H looks at two pictures
that share z and ONE code, and names the code; G is trained to make that easy.  The game is

    min over G, Q, H   max over D   V(D, G) - lambda L_I(G, Q) + alpha CE(G, H)

with CE the cross-entropy of H in nats.  With alpha = 0 H is trained just the same, but G
does not feel it, so that its accuracy can be compared.
"""

import itertools
import time
from dataclasses import replace

import numpy as np
import torch
from joblib import Parallel, delayed
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Adam

from benchmarks import report
from benchmarks.options import Options
from infogan_lite import InfoGAN, LatentCode, Settings, preset, sample_noise
from infogan_lite.classifier import reader
from infogan_lite.history import start
from infogan_lite.information import lower_bound, weighted
from infogan_lite.measures.dci import dci
from infogan_lite.measures.factor_vae import factor_vae_score
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import mig
from infogan_lite.measures.sap import sap
from infogan_lite.networks import Discriminator
from infogan_lite.recipe import r1_is_due, r1_penalty, set_rates
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.training import follow, loss_of_d, loss_of_g
from infogan_lite.worlds.catalogue import render, space
from infogan_lite.worlds.scene import draw

SPACE = space("shapes")
KEPT = [0, 1, 3, 4]  # shape, scale, x, y: all shapes stand upright, as in chapter 7
NAMES, IS_LABEL = [SPACE[j].name for j in KEPT], [SPACE[j].discrete for j in KEPT]
ALPHAS, SEEDS = (0.0, 0.3, 1.0), (300, 301, 302)


class PairJudge(nn.Module):
    """H: which code do two pictures share?  D's trunk for two pictures, and a linear head."""

    def __init__(self, settings: Settings, side: int) -> None:
        super().__init__()
        self.trunk = Discriminator(settings, (2, side, side)).trunk
        self.head = nn.Linear(settings.hidden, settings.code.uniform)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        """Gray pictures (n, 1, h, w) twice, to logits (n, k)."""
        return self.head(self.trunk(torch.cat([x, other], dim=1)))


def pairs(code: LatentCode, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """n pairs of uniform codes that share one factor, and which: (n, k), (n, k) and (n,).

    All others are drawn anew, as a way around [-1, 1] bent to a circle.
    """
    c = code.sample(n, generator)
    other = (c + 1 + 2 * torch.rand(c.shape, generator=generator)) % 2 - 1
    shared = torch.randint(c.shape[1], (n,), generator=generator)
    other[torch.arange(n), shared] = c[torch.arange(n), shared]
    return c, other, shared


def train_with_judge(images: Tensor, settings: Settings, alpha: float) -> tuple[InfoGAN, PairJudge]:
    """``infogan_lite.train`` with H and half a batch of pairs: as many pictures again.

    What needs a categorical code is left out, and so is augmentation.  G feels H's cross-entropy
    with weight ``alpha``.
    """
    run = start(settings, tuple(images.shape[1:]))
    G, D, Q, code, n = run.model.G, run.model.D, run.model.Q, settings.code, settings.batch_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        H = PairJudge(settings, images.shape[-1])
    d, q, g, h = (list(net.parameters()) for net in (D, Q, G, H))
    adam_h = Adam(h, settings.lr_d, (0.5, 0.999), fused=True)
    for step in range(1, settings.steps + 1):
        set_rates(run.adam_dq, run.adam_g, settings, step)
        set_rates(adam_h, run.adam_g, settings, step)
        real, z, c = run.draw(images)
        both = sample_noise(n // 2, settings.z_dim, run.generator)  # z of a pair: one for both
        first, second, shared = pairs(code, n // 2, run.generator)
        real.requires_grad_(r1_is_due(settings, step))
        h_fake = D.trunk(G(z, c))
        real_logit, fake_logit = D(real), D.head(h_fake).squeeze(1)

        # The game, the bound, and how surprised H is.
        loss_d, loss_g = loss_of_d(real_logit, fake_logit), loss_of_g(fake_logit)
        info = weighted(lower_bound(code, c, Q(h_fake)), settings)
        surprise = cross_entropy(H(G(both, first), G(both, second)), shared)
        penalty = r1_penalty(real_logit, real, settings)  # mostly 0: it is not due

        follow(d, loss_d + penalty - info)
        follow(q, -info)
        follow(h, surprise)
        follow(g, loss_g - info + alpha * surprise)
        for adam in (run.adam_dq, run.adam_g, adam_h):
            adam.step()
    return run.model.eval(), H.eval()


def upright(n: int, seed: int) -> Tensor:
    """Factors of n shapes that are not turned, shape (n, 5)."""
    return draw(SPACE, n, seed) * torch.tensor([1, 1, 0, 1, 1])


def means_read(model: InfoGAN, factors: Tensor) -> np.ndarray:
    """The means that Q reads from pictures of these factors, shape (n, k)."""
    return model.recognise(render("shapes", factors)).mean.numpy()


def measures(model: InfoGAN, images: Tensor, n: int, votes: int) -> dict[str, float]:
    """The scores of chapter 7 on n new pictures, and L_I in nats on generated ones."""
    model_of_real, truth = reader(model, images[:4000]), upright(n, seed=1)
    codes, factors = means_read(model_of_real, truth), truth[:, KEPT].numpy()

    def draw_codes(fixed, n, rng):
        rows = upright(n, int(rng.integers(2**31)))
        if fixed is not None:
            rows[:, KEPT[fixed]] = rows[0, KEPT[fixed]].clone()
        return means_read(model_of_real, rows)

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
    c, other, shared = pairs(model.code, n, generator)
    guess = H(model.generate(z, c), model.generate(z, other)).argmax(1)
    return (guess == shared).float().mean().item()


def recipe(**changes) -> Settings:
    """Four uniform codes for four factors; no augmentation, as places are among the factors."""
    fixed = {"code": LatentCode((), 4), "z_dim": 4, "augment": 0.0, "sigma": None, "bend": False}
    fixed |= {"turn_every": 0, "average": 0.0, "settle": False}
    return preset("lite", **fixed | changes)


def one_run(
    images: Tensor, settings: Settings, alpha: float, n: int, votes: int
) -> dict[str, float]:
    """A row: one seed and alpha, measured on n new pictures."""
    torch.set_num_threads(1)
    began = time.perf_counter()
    model, H = train_with_judge(images, settings, alpha)
    row = {"alpha": alpha, "seed": settings.seed, "seconds": time.perf_counter() - began}
    row |= measures(model, images, n, votes) | {"H accuracy": accuracy(model, H)}
    print("  ".join(f"{k} {v:.3g}" for k, v in row.items()), flush=True)
    return row


def run(options: Options) -> None:
    """Train with each seed and alpha, all on the same pictures, and write contrast.csv."""
    settings = options.shortened(recipe())
    images = render("shapes", upright(500 if options.quick else 16000, seed=0))
    new = (200, 10) if options.quick else (5000, 400)
    work = [
        delayed(one_run)(images, replace(settings, seed=seed), alpha, *new)
        for seed, alpha in itertools.product(options.seeds, ALPHAS)
    ]
    rows = list(Parallel(n_jobs=options.jobs)(work))
    notes = {"seeds": list(options.seeds), "alphas": list(ALPHAS), "threads_each": 1}
    about = report.header("contrast", settings, **notes)
    print(report.write("contrast", rows, about, options.folder_of("contrast")))
