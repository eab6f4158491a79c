"""Files with pictures of noise, to be read as one's own."""

from pathlib import Path

import numpy as np
from PIL import Image


def noise(h: int, w: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)


def fill(
    folder: Path, n: int = 50, h: int = 40, w: int = 40, seed: int = 0, gray=False, name="{:03}.png"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(n):
        image = Image.fromarray(noise(h, w, seed + i))
        (image.convert("L") if gray else image).save(folder / name.format(i))
    return folder
