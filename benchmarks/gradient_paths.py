"""Where should the gradient of L_I go?  Three conventions in one loop: python -m benchmarks.where

The paper's authors let L_I move the trunk in D's step; some public programs move it in G's
step, by an optimizer for G, D and Q; others move Q's head alone.  This loop has that choice
left open.  It looks at generated pictures in each of the two steps, as those programs do, and
has no practice on real pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
import tyro
from joblib import Parallel, delayed
from torch import Tensor
from torch.nn.functional import softplus

from benchmarks import report
from benchmarks.claims import SEEDS, recipe
from infogan_lite import InfoGAN, Settings, load, lower_bound, sample_noise
from infogan_lite.digits import tuning_split
from infogan_lite.objective import weighted
from infogan_lite.recipe import augment, r1_is_due, r1_penalty, set_rates
from infogan_lite.running.sweep import score

PLACES = ("head only", "trunk in D's step", "trunk in G's step")


def train_with(images: Tensor, settings: Settings, place: str) -> InfoGAN:
    """Train; ``place`` says which weights besides G's and the head's follow L_I, and when."""
    torch.manual_seed(settings.seed)
    generator = torch.Generator().manual_seed(settings.seed)
    model = InfoGAN(settings, tuple(images.shape[1:])).train()
    G, D, Q, code, n = model.G, model.D, model.Q, model.code, settings.batch_size
    betas = (0.5, 0.999)
    adam_dq = torch.optim.Adam([*D.parameters(), *Q.parameters()], settings.lr_d, betas)
    adam_g = torch.optim.Adam(G.parameters(), settings.lr_g, betas)
    adam_i = torch.optim.Adam([*D.trunk.parameters(), *Q.parameters()], settings.lr_d, betas)
    for step in range(1, settings.steps + 1):
        set_rates(adam_dq, adam_g, settings, step)
        adam_i.param_groups[0]["lr"] = adam_dq.param_groups[0]["lr"]
        z, c = sample_noise(n, settings.z_dim, generator), code.sample(n, generator)
        fake = augment(G(z, c), settings.augment, generator, outside=settings.outside)
        real = images[torch.randint(len(images), (n,), generator=generator)]
        real = augment(real, settings.augment, generator, outside=settings.outside)
        penalty = r1_is_due(settings, step)
        real.requires_grad_(penalty)

        # Step 1: D, and L_I as far as it moves anything here.
        real_logit, h = D(real), D.trunk(fake.detach())
        objective = (softplus(-real_logit) + softplus(D.head(h).squeeze(1))).mean()
        if place != "trunk in G's step":
            read = Q(h.detach() if place == "head only" else h)
            objective = objective - weighted(lower_bound(code, c, read), settings)
        if penalty:
            objective = objective + r1_penalty(real_logit, real, settings)
        adam_dq.zero_grad()
        objective.backward()
        adam_dq.step()

        # Step 2: G, and in one of the conventions the trunk and Q along with it.
        h = D.trunk(fake)
        fooled = softplus(-D.head(h).squeeze(1)).mean()
        information = weighted(lower_bound(code, c, Q(h)), settings)
        adam_g.zero_grad()
        adam_i.zero_grad()
        if place == "trunk in G's step":  # the trunk follows L_I, not the wish to fool D
            information.neg().backward(retain_graph=True)
            adam_i_grads = [p.grad.clone() for p in adam_i.param_groups[0]["params"]]
            fooled.backward()
            for p, gradient in zip(adam_i.param_groups[0]["params"], adam_i_grads, strict=True):
                p.grad = gradient
            adam_i.step()
        else:
            (fooled - information).backward()
        adam_g.step()
    return model.eval()


def one_run(place: str, seed: int, base: Settings) -> dict:
    torch.set_num_threads(1)
    data = load("digits")
    model = train_with(data.x_train, replace(base, seed=seed), place)
    row = {"experiment": "gradient", "variant": place, "seed": seed}
    row |= score(model, tuning_split(data))
    print(row, flush=True)
    return row


def where(seeds: Sequence[int], base: Settings, jobs: int = 1) -> list[dict]:
    """A row for each convention and seed, measured on training digits."""
    work = [delayed(one_run)(place, seed, base) for place in PLACES for seed in seeds]
    return list(Parallel(n_jobs=jobs)(work))


@dataclass
class Where:
    """Train with each convention and write where.csv."""

    seeds: tuple[int, ...] = SEEDS
    jobs: int = 1
    quick: bool = False
    folder: Path = field(default_factory=lambda: report.RESULTS)

    def __call__(self) -> None:
        base = recipe(lam_real=0.0, lam_alike=0.0, **({"steps": 20} if self.quick else {}))
        folder = self.folder / "quick" if self.quick else self.folder
        rows = where(self.seeds, base, self.jobs)
        print(report.write("where", rows, report.header(base, threads_each=1), folder))


if __name__ == "__main__":
    tyro.cli(Where)()
