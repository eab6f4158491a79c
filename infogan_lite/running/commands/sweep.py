"""sweep: each combination of settings with each seed, in several processes."""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from tqdm import tqdm

from infogan_lite.running import sweep
from infogan_lite.running.commands.options import Flat, Start, need_at_least
from infogan_lite.running.files import try_place, write_whole
from infogan_lite.running.signals import no_more_signals
from infogan_lite.settings import Settings

MOST_JOBS = 1000


@dataclass
class Sweep(Start):
    """Train each combination of settings with each seed, in several processes."""

    seeds: tuple[int, ...] = (0, 1, 2)  # with each of them each combination is trained
    vary: tuple[str, ...] = ()  # lists of values: lam=0,1 info_to_trunk=true,false
    jobs: int = 2  # processes, each with a run of its own
    out: Path | None = None  # a .csv or .json file for all runs
    settings: Flat = field(default_factory=Settings)

    def __call__(self) -> None:
        need_at_least(1, jobs=self.jobs)
        if self.jobs > MOST_JOBS:
            raise ValueError(f"--jobs must be at most {MOST_JOBS}, got {self.jobs}")
        if self.out and self.out.suffix not in (".csv", ".json"):
            raise ValueError(f"{self.out} must end with .csv or .json")
        if not self.seeds:
            raise ValueError("--seeds must name at least one seed")
        if self.out:
            try_place(self.out)
        once("--seeds", self.seeds)
        choices = sweep.grid(self.vary)
        once("--vary", [text.partition("=")[0] for text in self.vary])
        plan = [(choice, seed) for choice in choices for seed in self.seeds]
        names = [f.name for f in fields(Settings) if f.name not in ("seed", "code")]
        for name in {name for choice in choices for name in choice}.difference(names):
            raise ValueError(f"--vary {name} is not one of: {', '.join(names)}")
        runs = [replace(self.settings, **choice, seed=seed) for choice, seed in plan]
        first = runs[:: len(self.seeds)]  # of each choice
        once("--vary", [json.dumps(choices[first.index(run)]) for run in first])
        data, rows = self.load(), []
        try:
            found = sweep.each_result(data, runs, self.jobs)
            with tqdm(plan, unit="run", disable=bool(os.environ.get("INFOGAN_QUIET"))) as bar:
                rows.extend(c | {"seed": s} | r for (c, s), r in zip(bar, found, strict=True))
        except KeyboardInterrupt:
            no_more_signals()
            print(f"\ninterrupted after {len(rows)} of {len(plan)} runs", flush=True)
        finally:  # whatever ended it, the runs that are done are kept
            self.keep(choices, rows)
        if len(rows) < len(plan):
            raise SystemExit(130)

    def keep(self, choices: list[dict], rows: list[dict]) -> None:
        """To the file first: nobody may be there to read what is printed."""
        try:
            if self.out and rows:
                write_rows(self.out, rows)
        finally:
            self.show(choices, rows)

    def show(self, choices: list[dict], rows: list[dict]) -> None:
        """Each run, and a summary for each combination of settings."""
        for choice in choices:
            mine = [row for row in rows if row.items() >= choice.items()]
            if not mine:
                continue
            names = [name for name in mine[0] if name not in (*choice, "seed")]
            varied = " ".join(f"{k}={json.dumps(v)}" for k, v in choice.items())
            print(varied or self.preset or "all alike")
            for row in mine:
                print(f"  seed {row['seed']}: ", end="")
                print("  ".join(f"{name} {row[name]:.3f}" for name in names))
            for name in names:
                print(f"  {name}: {sweep.summary([row[name] for row in mine])}")


def once(option: str, values: Iterable) -> None:
    """Refuse what is named twice: its run would count twice in the summary."""
    for value, n in Counter(values).items():
        if n > 1:
            raise ValueError(f"{option} must name each once, got {n} times {value!s:.200}")


def write_rows(path: Path, rows: list[dict]) -> None:
    """All runs to a file: a table (.csv) or JSON."""
    text = io.StringIO(newline="")
    if path.suffix == ".json":
        json.dump(rows, text, indent=1)
    else:
        table = csv.DictWriter(text, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    write_whole(path, text.getvalue().encode())
