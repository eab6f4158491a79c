"""What lambda does to the pictures: a model for each value, all else the same.

The chapters show the pictures under a slider: for each lambda ``ROWS`` rows with a z and
uniform codes of their own, the same for all lambdas, and the categories of c1 along the columns.
"""

from dataclasses import replace

import numpy as np
import torch
from joblib import Parallel, delayed

from benchmarks import features, report
from benchmarks.options import Options
from benchmarks.separation import looks
from infogan_lite import InfoGAN, Settings, evaluate, load, preset, sample_noise, train, traverse
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.widgets.packing import encode_within

LAMBDAS = (0.0, 0.03, 0.1, 0.3, 1.0, 10.0)
SEEDS = (0,)  # that of chapter 5
ROWS = 4
LIMIT = 120_000  # bytes of all the pictures


def run(options: Options) -> None:
    """Train with each lambda; write lambdas.csv and, of the first seed, lambdas.webp."""
    base = options.shortened(preset("lite"))
    about = report.header("lambdas", base, seeds=list(options.seeds), threads_each=1)
    plan = [(lam, seed) for seed in options.seeds for lam in LAMBDAS]
    work = [delayed(one_run)(lam, seed, base) for lam, seed in plan]
    rows, sheets = zip(*Parallel(n_jobs=options.jobs)(work), strict=True)
    folder = options.folder_of("lambdas")
    print(report.write("lambdas", list(rows), about, folder))
    picture = np.concatenate(sheets[: len(LAMBDAS)])
    (folder / "lambdas.webp").write_bytes(encode_within(picture, LIMIT))


def one_run(lam: float, seed: int, base: Settings) -> tuple[dict, np.ndarray]:
    """A row of the table, measured on held-out digits, and a sheet of pictures."""
    torch.set_num_threads(1)
    data = load("digits")
    settings = replace(base, lam=lam, seed=seed)
    model, _ = train(data.x_train, settings, device="cpu")
    report_of_c1 = evaluate(model, data)
    mapping, found = report_of_c1.mapping, report_of_c1._asdict()
    row = {"lambda": lam, "seed": seed} | {k: found[k] for k in ("error", "nmi", "ari")}
    row |= fresh_bound(model)
    generator = torch.Generator().manual_seed(5)
    z = sample_noise(1000, settings.z_dim, generator)
    c = settings.code.sample(1000, generator)
    digits = torch.tensor(mapping)[settings.code.category(c)]
    row |= looks(model.generate(z, c), digits, data.x_train, features.load())
    print("  ".join(f"{k} {v:.3g}" for k, v in row.items()), flush=True)
    return row, sheet(model, mapping)


def sheet(model: InfoGAN, mapping: np.ndarray) -> np.ndarray:
    """ROWS rows of pictures (1 is ink), the categories in the order of their digits: (h, w)."""
    order = np.argsort(mapping, kind="stable").tolist()
    tiles = traverse(model, "c1", order, rows=ROWS)[:, :, 0]
    return torch.cat([torch.cat(list(row), dim=1) for row in tiles]).numpy()
