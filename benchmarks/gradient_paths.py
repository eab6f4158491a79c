"""Where should the gradient of L_I go?  Three conventions, over seeds.

The paper's authors let L_I move the trunk in D's step; some public programs move it in G's
step, by an optimizer for G, D and Q; others move Q's head alone.  ``infogan_lite.train`` does
the first and the last.  The other one is here: it has a step of D and then one of G, each with
a look of its own at the generated pictures, as those programs do.  None of the three has
practice on real pictures.
"""

from dataclasses import replace

import torch
from joblib import Parallel, delayed
from torch import Tensor
from torch.optim import Adam

from benchmarks import report
from benchmarks.options import Options
from infogan_lite import InfoGAN, LatentCode, Settings, load, lower_bound, preset, train
from infogan_lite.history import start
from infogan_lite.information import weighted
from infogan_lite.recipe import look, r1_is_due, r1_penalty, set_rates
from infogan_lite.running.sweep import score, tuning_split
from infogan_lite.training import follow, loss_of_d, loss_of_g

SEEDS = (300, 301, 302)
PATHS = ("head only", "trunk in D's step", "trunk in G's step")


def run(options: Options) -> None:
    """Train with each convention and seed and write gradient_paths.csv."""
    code = LatentCode()  # as the stored runs have it
    base = options.shortened(preset("lite", code=code, lam_real=0.0, lam_alike=0.0))
    work = [delayed(one_run)(path, seed, base) for path in PATHS for seed in options.seeds]
    rows = list(Parallel(n_jobs=options.jobs)(work))
    about = report.header("gradient_paths", base, threads_each=1)
    print(report.write("gradient_paths", rows, about, options.folder_of("gradient_paths")))


def one_run(path: str, seed: int, base: Settings) -> dict:
    """A row: one convention and seed, measured on training digits that named no category."""
    torch.set_num_threads(1)
    data = load("digits")
    model = train_along(path, data.x_train, replace(base, seed=seed))
    row = {"experiment": "gradient", "variant": path, "seed": seed}
    row |= score(model, tuning_split(data))
    print(row, flush=True)
    return row


def train_along(path: str, images: Tensor, settings: Settings) -> InfoGAN:
    """Train; ``path`` says which weights besides G's and the head's follow L_I, and when."""
    if path == "trunk in G's step":
        return trunk_in_gs_step(images, settings)
    to_trunk = replace(settings, info_to_trunk=path == "trunk in D's step")
    return train(images, to_trunk, device="cpu")[0]


def trunk_in_gs_step(images: Tensor, settings: Settings) -> InfoGAN:
    """Train; trunk and Q follow L_I alone in G's step, by an optimizer of their own."""
    run = start(settings, tuple(images.shape[1:]))
    G, D, Q = run.model.G, run.model.D, run.model.Q
    d, g = list(D.parameters()), list(G.parameters())
    readers = [*D.trunk.parameters(), *Q.parameters()]
    adam_d, adam_info = (Adam(w, settings.lr_d, (0.5, 0.999), fused=True) for w in (d, readers))
    for step in range(1, settings.steps + 1):
        set_rates(adam_d, run.adam_g, settings, step)
        set_rates(adam_info, run.adam_g, settings, step)
        x, z, c = run.draw(images)
        (real, _), (fake, told) = look(x, run), look(G(z, c), run)
        real.requires_grad_(r1_is_due(settings, step))

        # Step 1: D.  What G made is data here.
        real_logit, fake_logit = D(real), D(fake.detach())
        penalty = r1_penalty(real_logit, real, settings)  # mostly 0: it is not due
        follow(d, loss_of_d(real_logit, fake_logit) + penalty)
        adam_d.step()

        # Step 2: G, and along with it the trunk and Q, which do not wish to fool D.
        h = D.trunk(fake)
        info = weighted(lower_bound(settings.code, c, Q(h, told)), settings)
        follow(g, loss_of_g(D.head(h)) - info)
        follow(readers, -info)
        run.adam_g.step()
        adam_info.step()
    return run.model.eval()
