"""Run what is named: each experiment is a module with a function ``run(options)``."""

import sys
from collections.abc import Collection
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module

import torch

from benchmarks.experiments import EXPERIMENTS, listing
from benchmarks.options import Options


def main(options: Options) -> None:
    """Run what is named, or list what there is."""
    try:
        plan = chosen(options.names)
        need_possible(options, plan)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if not plan:
        print(listing())
    for name, parts in plan.items():
        experiment, seeds = EXPERIMENTS[name], options.seeds
        seeds = seeds or seeds_of(name)[: 1 if options.quick else None]
        torch.set_num_threads(options.threads if experiment.timed else 1)
        print(f"== {name}" + ("" if options.quick else f", about {experiment.takes}"), flush=True)
        import_module(f"benchmarks.{name}").run(replace(options, seeds=seeds, parts=parts))


def seeds_of(name: str) -> tuple[int, ...]:
    """The seeds fixed before any was run; none if nothing is trained over seeds."""
    return getattr(import_module(f"benchmarks.{name}"), "SEEDS", ())


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


def need_possible(options: Options, names: Collection[str]) -> None:
    """An option that none of these experiments can follow is refused before anything runs.

    Raises:
        ValueError: names the option.
    """
    if not names:
        return
    some = [EXPERIMENTS[name] for name in names]
    if "speed" in names:
        import_module("benchmarks.speed").need_checkout(options.against)
    for option in ("jobs", "threads"):
        if (number := getattr(options, option)) < 1:
            raise ValueError(f"--{option} must be at least 1, got {number}")
    seeded = not options.seeds or any(seeds_of(name) for name in names)
    followed = [
        ("seeds", options.seeds, seeded, "nothing here is done over seeds"),
        ("jobs", options.jobs > 1, not all(e.timed or e.single for e in some), "it is one job"),
        ("threads", options.threads != 2, any(e.timed for e in some), "only a clock has them"),
        ("against", options.against, "speed" in names, "only speed compares two checkouts"),
    ]
    for option, given, possible, why in followed:
        if given and not possible:
            raise ValueError(f"{' and '.join(names)} can do nothing with --{option}: {why}")
