"""The paper's claims about digits, over seeds.

Each experiment trains a few variants of the preset ``lite`` and measures all of them alike,
on training digits (``tuning_split``).  Chapter 9, *The claims, judged*, reads the table.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from joblib import Parallel, delayed

from benchmarks import report
from benchmarks.frechet import Pace
from benchmarks.options import Options
from benchmarks.posterior import compare_posteriors
from benchmarks.traversal_effects import far_and_near, moving_noise, stretch
from infogan_lite import InfoGAN, LatentCode, Settings, load, preset, train
from infogan_lite.inputs import Dataset
from infogan_lite.running.sweep import score, tuning_split
from infogan_lite.settings import WITHOUT_RECIPE

SEEDS = (300, 301, 302)
NO_TRICKS = WITHOUT_RECIPE | {"z_dim": 62}
NO_PRACTICE = {"lam_real": 0.0, "lam_alike": 0.0}

# For each experiment its variants; "pictures" is no setting, it says what is trained on.
CLAIMS: dict[str, dict[str, dict]] = {
    "recipe": {"recipe": {}, "plain GAN": {"lam": 0.0}},
    "lambda": {f"{lam:g}": {"lam": lam} for lam in (0.1, 0.3, 3.0, 10.0)},
    "lambda of uniform codes": {f"{x:g}": {"lam_uniform": x} for x in (0.03, 0.3, 1.0)},
    "categories": {f"{k}": {"code": LatentCode((k,), 2)} for k in (5, 20)},
    "sigma": {"learned": {"sigma": None}} | {f"{s:g}": {"sigma": s} for s in (0.3, 1.0)},
    "tricks": {
        "none": NO_TRICKS,
        "none, 3000 steps": NO_TRICKS | {"steps": 3000},
    },
    "pictures": {
        "balanced": {"pictures": "balanced"},
        "unbalanced": {"pictures": "unbalanced"},
        "unbalanced, no practice": {"pictures": "unbalanced", **NO_PRACTICE},
    },
    "budget": {"150 steps": {"steps": 150}},
}


def run(options: Options) -> None:
    """Run the experiments named as parts and put their rows into claims.csv."""
    base = options.shortened(preset("lite", code=LatentCode()))  # two uniform codes, as there
    about, rows = report.header("claims", base, threads_each=1), []
    for name in options.parts:
        rows += experiment(name, options.seeds, base, options.jobs, options.quick)
        report.merge("claims", rows, "experiment", about, options.folder_of("claims"))


def experiment(
    name: str, seeds: Sequence[int], base: Settings, jobs: int = 1, quick: bool = False
) -> list[dict]:
    """A row for each variant and seed of one experiment."""
    data = load("digits")
    work = []
    for variant, changes in CLAIMS[name].items():
        changes = {k: v for k, v in changes.items() if not (quick and k == "steps")}
        for seed in seeds:
            images = pictures(data, changes.get("pictures", "all"), seed)
            wanted = {k: v for k, v in changes.items() if k != "pictures"}
            settings = replace(base, seed=seed, **wanted)
            key = {"experiment": name, "variant": variant, "seed": seed}
            work.append(delayed(one_run)(key, images, settings, tuning_split(data), quick))
    return list(Parallel(n_jobs=jobs)(work))


def pictures(data: Dataset, which: str, seed: int) -> torch.Tensor:
    """Training images: all, or about 1,300 of them, as many of each digit or three in four.

    Unbalanced: from the most to the least frequent digit each has 3/4 of the one before,
    from 350 down to 26; which digit is how frequent depends on the seed.
    """
    if which == "all":
        return data.x_train
    generator = torch.Generator().manual_seed(seed)
    rank = torch.randperm(10, generator=generator)
    wanted = (350 * 0.75**rank).round().long()
    if which == "balanced":
        wanted = torch.full((10,), int(wanted.sum()) // 10)
    parts = []
    for digit, n in enumerate(wanted.tolist()):
        of_digit = (data.y_train == digit).nonzero().flatten()
        parts.append(of_digit[torch.randperm(len(of_digit), generator=generator)[:n]])
    return data.x_train[torch.cat(parts)]


def one_run(
    key: dict, images: torch.Tensor, settings: Settings, measured: Dataset, quick: bool = False
) -> dict:
    """Train once and measure everything; what a variant cannot have is left empty."""
    torch.set_num_threads(1)
    pace = Pace(images) if key["experiment"] == "recipe" else None
    model, history = train(images, settings, [pace] if pace else [], device="cpu")
    row = key | score(model, measured) | curve(history, model) | far_and_near(model)
    row |= {f"z {shape}": moving_noise(model, shape) for shape in ("slant", "width")}
    row["stretch"] = stretch(model, steps=5) if quick else stretch(model)
    row["settled"] = pace.settled() if pace else ""
    blank = {f"L_I {kind}": "" for kind in ("factored", "full", "mixture")}
    budget = {"n": 400, "steps": 5} if quick else {}
    row |= compare_posteriors(model, **budget) if key["variant"] == "recipe" else blank
    row["seconds"] = history.seconds[-1]
    print("  ".join(f"{k} {v:.3g}" if isinstance(v, float) else f"{v}" for k, v in row.items()))
    return row


def curve(history, model: InfoGAN) -> dict[str, float]:
    """From L_I of c1 over training: when it passed nine tenths of H(c1), its peak, its end.

    The end is the mean of the last ten entries; a step of 0 means that it never passed.
    """
    bound = torch.tensor(history.bound["c1"])
    high = (bound > 0.9 * model.code.entropy()["c1"]).nonzero().flatten().tolist()
    peak = int(bound.argmax())
    return {
        "step of nine tenths": history.step[high[0]] if high else 0,
        "step of peak": history.step[peak],
        "peak": bound[peak].item(),
        "end": bound[-10:].mean().item(),
    }
