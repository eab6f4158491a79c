"""How good is a minute of training?  Many seeds, none selected, one after the other."""

import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean, median, stdev

import torch

from benchmarks import report
from benchmarks.options import Options
from benchmarks.plain_loop import plain_loop
from infogan_lite import InfoGAN, Settings, load, measure, preset, sample_noise, train, vary
from infogan_lite.inputs import Dataset
from infogan_lite.measures.codes_and_factors import rank_correlation
from infogan_lite.running.sweep import score
from infogan_lite.settings import PRESETS

SEEDS = tuple(range(340, 350))  # no choice of the recipe was made on them
STROKES = ("ink", "slant", "width")


def run(options: Options) -> None:
    """Train with each seed; write quality.csv, and quality-summary.csv with the spread."""
    settings = options.shortened(preset("lite"))
    rows = quality(options.seeds, settings, 1 if options.quick else 10)
    about = report.header("quality", settings, seeds=list(options.seeds), selected="none")
    report.write("quality", rows, about, options.folder_of("quality"))
    summed, folder = summary(rows), options.folder_of("quality-summary")
    print(report.write("quality-summary", summed, about, folder))


def quality(seeds: Sequence[int], settings: Settings, yardstick_steps: int = 10) -> list[dict]:
    """A row for each seed: how c1 sorts the digits, what c2 and c3 do, how long it took.

    ``ratio`` is the time of the run in units of 110 steps of the paper's nets in a plain
    loop, timed right after it on the same machine (a few steps, scaled): at most 1 is the aim.
    """
    data, rows = load("digits"), []
    for seed in seeds:
        row = {"seed": seed} | one_run(data, settings, seed)
        steps = plain_loop(data.x_train, PRESETS["paper"], yardstick_steps)
        row["yardstick_seconds"] = 110 * steps / yardstick_steps
        row["ratio"] = row["seconds"] / row["yardstick_seconds"]
        print("  ".join(f"{k} {v:.3g}" for k, v in row.items() if "~" not in k), flush=True)
        rows.append(row)
    return rows


def one_run(data: Dataset, settings: Settings, seed: int) -> dict[str, float]:
    """Train once, with the clock around all of it, and measure."""
    began = time.perf_counter()
    model, _ = train(data.x_train, replace(settings, seed=seed), device="cpu")
    seconds = time.perf_counter() - began
    return {"seconds": seconds} | score(model, data) | correlations(model)


@torch.no_grad()
def correlations(model: InfoGAN, n: int = 2000, rows: int = 100) -> dict[str, float]:
    """Rank correlation of each uniform code with ink, slant and width of the pictures.

    ``c2~slant`` is over n fresh samples, with z and the other codes random.
    ``c2~slant row`` is along traversals: 11 values from -1 to 1, z and the other codes
    fixed, one correlation a row, and of these the median.
    """
    generator = torch.Generator().manual_seed(1)
    z, c = sample_noise(n, model.settings.z_dim, generator), model.code.sample(n, generator)
    shapes, result = measure(model.generate(z, c).cpu()), {}
    values = torch.linspace(-1, 1, 11)
    for name in model.code.uniform_names:
        code = c[:, model.code.slices[name]].flatten()
        varied = vary(model.code, c[:rows], name, values.tolist())
        still = z[:rows, None].expand(-1, len(values), -1)
        along = measure(model.generate(still.flatten(0, 1), varied.flatten(0, 1)).cpu())
        for shape in STROKES:
            result[f"{name}~{shape}"] = rank_correlation(code, getattr(shapes, shape))
            lines = getattr(along, shape).view(-1, len(values))
            ranks = [rank_correlation(values, line) for line in lines]
            result[f"{name}~{shape} row"] = median(ranks)
    return result


def summary(rows: list[dict]) -> list[dict]:
    """Median, mean, spread, best and worst of each column over the seeds."""
    result = []
    for name in list(rows[0])[1:]:
        v = [row[name] for row in rows]
        spread = stdev(v) if len(v) > 1 else 0.0
        numbers = {"median": median(v), "mean": mean(v), "spread": spread}
        result.append({"measure": name, **numbers, "least": min(v), "most": max(v)})
    return result
