"""The runner of all experiments: python -m benchmarks [NAME[:PART] ...] [options]"""

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches

import torch
import tyro

from benchmarks import (
    ablation,
    busy,
    claims,
    contrast,
    cost,
    gradient_paths,
    growth,
    lambdas,
    own_pictures,
    pages,
    quality,
    separation,
    speed,
    supervised,
    throughput,
    weights,
    widgets,
    worlds,
)
from benchmarks.options import Options


@dataclass(frozen=True)
class Experiment:
    """What is run, a line about it, and about how long it takes with one job at a time."""

    run: Callable[[Options], None]
    about: str
    takes: str
    seeds: tuple[int, ...] = ()  # fixed before any was run; none: nothing is trained over seeds
    parts: tuple[str, ...] = ()
    timed: bool = False  # a clock runs, so nothing else may


EXPERIMENTS = {
    "quality": Experiment(
        quality.run,
        "how well c1 sorts digits, and what c2 and c3 do",
        "8 min",
        quality.SEEDS,
        timed=True,
    ),
    "throughput": Experiment(
        throughput.run,
        "images a second with the paper's nets, beside a plain loop",
        "2 min",
        timed=True,
    ),
    "cost": Experiment(cost.run, "what Q and L_I add to a GAN's time", "2 min", timed=True),
    "growth": Experiment(
        growth.run, "speed and memory as batch, width and pictures grow", "3 min", timed=True
    ),
    "busy": Experiment(
        busy.run, "a training on the idle machine, and beside busy processes", "4 min", timed=True
    ),
    "speed": Experiment(
        speed.run,
        "train here and in another checkout, in turns: --against DIR",
        "8 min",
        parts=tuple(speed.SETTINGS),
        timed=True,
    ),
    "ablation": Experiment(
        ablation.run, "the recipe without each of its parts", "25 min", ablation.SEEDS
    ),
    "claims": Experiment(
        claims.run,
        "the paper's claims about digits",
        "2 h",
        claims.SEEDS,
        tuple(claims.EXPERIMENTS),
    ),
    "separation": Experiment(
        separation.run,
        "does each uniform code mean one thing, and how do the pictures look?",
        "2 h",
        separation.SEEDS,
        tuple(separation.VARIANTS),
    ),
    "gradient_paths": Experiment(
        gradient_paths.run,
        "which weights follow L_I: three conventions",
        "10 min",
        gradient_paths.SEEDS,
    ),
    "lambdas": Experiment(
        lambdas.run, "pictures and numbers at six values of lambda", "9 min", lambdas.SEEDS
    ),
    "contrast": Experiment(
        contrast.run,
        "InfoGAN-CR: does a contrastive regularizer untangle codes?",
        "15 min",
        contrast.SEEDS,
    ),
    "supervised": Experiment(
        supervised.run,
        "the trunk beside nets that labels taught",
        "1 h",
        supervised.SEEDS,
        tuple(supervised.RUNS),
    ),
    "worlds": Experiment(
        worlds.run,
        "heads, chairs, street numbers, portraits with known factors",
        "3 h",
        worlds.SEEDS,
        tuple(worlds.WORLDS),
    ),
    "own_pictures": Experiment(
        own_pictures.run,
        "five lines on three folders that are no digits: do seeds agree?",
        "15 min",
        own_pictures.SEEDS,
        tuple(own_pictures.SETS),
    ),
    "weights": Experiment(weights.run, "train the models that come with the package", "20 min"),
    "pages": Experiment(
        pages.run, "weight and first paint of the built book's pages", "1 min", timed=True
    ),
    "widgets": Experiment(
        widgets.run, "weight of the widgets, and how soon they answer", "1 min", timed=True
    ),
}


def listing() -> str:
    """A line for each experiment."""
    lines = [
        "python -m benchmarks NAME[:PART] ... [--quick] [--seeds ...] [--jobs N] [--folder DIR]",
        "",
    ]
    for name, e in EXPERIMENTS.items():
        lines.append(f"{name:<15} {e.takes:>6}  {e.about}")
        if e.parts:
            lines.append(f"{'':<23} parts: {', '.join(e.parts)}")
    return "\n".join([*lines, "", "Times are of 2 cores of an AMD EPYC, one job at a time."])


def chosen(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The experiments named, each with its parts: all of them if none is named.

    Raises:
        ValueError: for a name or a part that does not exist.
    """
    parts: dict[str, list[str]] = {}
    for text in names:
        name, colon, part = text.partition(":")
        known = EXPERIMENTS[name].parts if name in EXPERIMENTS else ()
        if name not in EXPERIMENTS:
            raise ValueError(f"no experiment {name!r}; {nearest(name, EXPERIMENTS)}")
        if colon and part not in known:
            raise ValueError(f"{name} has no part {part!r}; {nearest(part, known)}")
        parts.setdefault(name, []).extend([part] if colon else known)
    return {name: tuple(dict.fromkeys(some)) for name, some in parts.items()}


def nearest(name: str, known) -> str:
    """What may have been meant, or all that there is."""
    close = get_close_matches(name, list(known), 1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there are: {', '.join(known)}" if known else "it has none"


def check(options: Options, names: Collection[str]) -> None:
    """An option that none of these experiments can follow is refused before anything runs.

    Raises:
        ValueError: names the option.
    """
    some = [EXPERIMENTS[name] for name in names]
    if "speed" in names:
        speed.check(options.against)
    for option in ("jobs", "threads"):
        if (number := getattr(options, option)) < 1:
            raise ValueError(f"--{option} must be at least 1, got {number}")
    followed = [
        ("seeds", options.seeds, any(e.seeds for e in some), "nothing here is done over seeds"),
        ("jobs", options.jobs > 1, not all(e.timed for e in some), "a clock allows one job"),
        ("against", options.against, "speed" in names, "only speed compares two checkouts"),
    ]
    for option, given, possible, why in followed:
        if given and not possible:
            raise ValueError(f"{' and '.join(names)} can do nothing with --{option}: {why}")


def main(options: Options) -> None:
    """Run what is named, or list what there is."""
    try:
        plan = chosen(options.names)
        if plan:
            check(options, plan)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if not plan:
        print(listing())
    for name, parts in plan.items():
        experiment = EXPERIMENTS[name]
        seeds = options.seeds or experiment.seeds[: 1 if options.quick else None]
        torch.set_num_threads(options.threads if experiment.timed else 1)
        print(f"== {name}" + ("" if options.quick else f", about {experiment.takes}"), flush=True)
        experiment.run(replace(options, seeds=seeds, parts=parts))


if __name__ == "__main__":
    main(tyro.cli(Options, prog="python -m benchmarks"))
