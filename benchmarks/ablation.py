"""What is each trick of the recipe worth?  Take them away one by one, over a few seeds."""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks import report
from benchmarks.options import Options
from infogan_lite import Settings, load, preset
from infogan_lite.running.sweep import sweep, tuning_split

SEEDS = (340, 341, 342)  # no choice of the recipe was made on them
WITHOUT = {
    "recipe": {},
    "without bending": {"bend": False},
    "without augmentation": {"augment": 0.0},
    "without R1": {"r1": 0.0},
    "constant rates": {"decay_from": 1.0},
    "62 numbers of noise": {"z_dim": 62},
    "L_I not to the trunk": {"info_to_trunk": False},
    "Q is not told the map": {"tell": False},
    "axes never turned": {"turn_every": 0},
    "last weights": {"average": 0.0},
    "batch norm as training left it": {"settle": False},
    "without two looks alike": {"lam_alike": 0.0},
    "without real pictures for Q": {"lam_real": 0.0, "lam_alike": 0.0},
}


def run(options: Options) -> None:
    """Train each variant with each seed and write ablation.csv."""
    settings = options.shortened(preset("lite"))
    rows = ablation(options.seeds, settings, options.jobs)
    about = report.header("ablation", settings, seeds=list(options.seeds), threads_each=1)
    print(report.write("ablation", rows, about, options.folder_of("ablation")))


def ablation(seeds: Sequence[int], settings: Settings, jobs: int = 1) -> list[dict]:
    """A row for each variant and seed, measured on training digits that named no category.

    One thread each and several at a time, so seconds are not to be quoted.
    """
    plan = [(name, seed) for name in WITHOUT for seed in seeds]
    runs = [replace(settings, **WITHOUT[name], seed=seed) for name, seed in plan]
    data = load("digits")
    results = sweep(data, runs, jobs, measured=tuning_split(data))
    return [{"variant": n, "seed": s} | r for (n, s), r in zip(plan, results, strict=True)]
