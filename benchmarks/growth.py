"""Images a second and peak memory as batch, width and side of the images grow."""

import resource
import sys
from dataclasses import replace

import torch
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor

from benchmarks.throughput import our_loop
from infogan_lite import Settings

BATCHES, WIDTHS, SIDES = (32, 64, 128, 256, 512), (1, 2, 4), (16, 28, 32, 64)


def growth(settings: Settings, steps: int = 20, quick: bool = False) -> list[dict]:
    """A row for each size; one thing grows, the others are those of ``settings``.

    Each is a process of its own, one at a time: the peak of a process never falls.
    """
    some = slice(0, 2) if quick else slice(None)
    sizes = [("batch", b, replace(settings, batch_size=b), 28) for b in BATCHES[some]]
    for w in WIDTHS[some]:
        wide = {"channels": tuple(w * k for k in settings.channels), "hidden": w * settings.hidden}
        sizes.append(("width", w, replace(settings, **wide), 28))
    sizes += [("side", side, settings, side) for side in SIDES[some]]
    rows = []
    for what, size, changed, side in sizes:
        # A new worker for each: joblib reuses processes within one Parallel only.
        rate, memory = _isolated(changed, side, steps)
        rows.append({"grows": what, "size": size, "images_per_second": rate, "peak_mb": memory})
    return rows


def _isolated(settings: Settings, side: int, steps: int) -> tuple[float, float]:
    threads = torch.get_num_threads()
    (result,) = Parallel(n_jobs=2)([delayed(measure)(settings, side, steps, threads)])
    get_reusable_executor().shutdown(wait=True)
    return result


def measure(settings: Settings, side: int, steps: int, threads: int) -> tuple[float, float]:
    """Images a second and the peak of the resident memory in MB, beyond what imports take."""
    torch.set_num_threads(threads)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    images = torch.rand(2 * settings.batch_size, 1, side, side)
    rate = steps * settings.batch_size / our_loop(images, settings, steps)
    return rate, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit - before
