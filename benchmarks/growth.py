"""Images a second and peak memory as batch, width and side of the images grow."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks import report
from benchmarks.options import Options
from benchmarks.throughput import our_loop
from infogan_lite import Settings, preset

BATCHES, WIDTHS, SIDES = (32, 64, 128, 256, 512), (1, 2, 4), (16, 28, 32, 64)


def run(options: Options) -> None:
    """Time each size and write growth.csv."""
    settings, steps = preset("lite"), 3 if options.quick else 30
    rows = growth(settings, steps, options.quick)
    about = report.header("growth", settings, steps=steps)
    print(report.write("growth", rows, about, options.folder_of("growth")))


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
    results = [_isolated(changed, side, steps) for _, _, changed, side in sizes]
    return [
        {"grows": what, "size": size, "images_per_second": rate, "peak_mb": memory}
        for (what, size, _, _), (rate, memory) in zip(sizes, results, strict=True)
    ]


def _isolated(settings: Settings, side: int, steps: int) -> tuple[float, float]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(rate_and_memory, settings, side, steps, torch.get_num_threads()).result()


def rate_and_memory(settings: Settings, side: int, steps: int, threads: int) -> tuple[float, float]:
    """Images a second and the peak of the resident memory in MB, beyond what imports take."""
    torch.set_num_threads(threads)
    before = peak_mb()
    images = torch.rand(2 * settings.batch_size, 1, side, side)
    rate = steps * settings.batch_size / our_loop(images, settings, steps)
    return rate, peak_mb() - before


def peak_mb() -> float:
    """The most memory that this process ever held, in MB."""
    status = Path("/proc/self/status")  # ru_maxrss may be that of the parent on Linux
    if status.exists():
        lines = status.read_text(encoding="utf8").splitlines()
        line = next(x for x in lines if x.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    import resource  # which Windows lacks

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
