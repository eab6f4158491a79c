"""Tables of results: small csv files that say how they were made, and one page of Markdown."""

import csv
import datetime
import json
import os
import platform
import shutil
from dataclasses import asdict
from pathlib import Path

import torch

import infogan_lite
from infogan_lite import Settings, __version__

RESULTS = Path(__file__).parent / "results"
SHOWN = Path(infogan_lite.__file__).parent / "results" / "data"  # tables that chapters read


def hardware() -> str:
    """The processor by name, as far as the system tells, and how many threads torch may use."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        name = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores, {torch.get_num_threads()} threads"


def header(settings: Settings | None = None, **more) -> dict[str, str]:
    """What a reader needs to judge numbers, or to make them again."""
    about = {
        "date": datetime.date.today().isoformat(),
        "hardware": hardware(),
        "versions": f"infogan_lite {__version__}, torch {torch.__version__}, "
        f"python {platform.python_version()}",
    }
    if settings is not None:
        about["settings"] = json.dumps(asdict(settings))
    return about | {name: str(value) for name, value in more.items()}


def write(name: str, rows: list[dict], about: dict[str, str], folder: Path = RESULTS) -> str:
    """Write rows to NAME.csv and as a table to NAME.md, bring README.md in step.

    Results that a chapter shows are copied into the package.

    Returns:
        The table in Markdown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.csv", "w", newline="", encoding="utf8") as file:
        file.writelines(f"# {key}: {value}\n" for key, value in about.items())
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    pages = ["# Results\n\nWritten by `python -m benchmarks`; the csv files hold every run.\n"]
    for path in sorted(folder.glob("*.csv")):
        pages.append(page(path))
    (folder / "README.md").write_text("\n".join(pages), encoding="utf8")
    if folder == RESULTS and (SHOWN / f"{name}.csv").exists():
        shutil.copy(folder / f"{name}.csv", SHOWN)
    return page(folder / f"{name}.csv")


def merge(
    name: str, rows: list[dict], by: str, about: dict[str, str], folder: Path = RESULTS
) -> str:
    """Write rows into a table, in place of earlier ones of the same kind.

    Where others stay, so does what is said of them; of the new ones it is said how they were
    made.

    Args:
        by: the column that tells the kind, such as "experiment".
        about: see ``header``; settings of one kind may stand under its name.

    Returns:
        The table in Markdown.
    """
    path, new = folder / f"{name}.csv", sorted({row[by] for row in rows})
    old, notes = read(path) if path.exists() else ([], {})
    kept = [row for row in old if row[by] not in new]
    if kept:
        made = "; ".join(f"{k} {v}" for k, v in about.items() if not v.startswith("{"))
        own = {kind: about[kind] for kind in new if kind in about}
        about = notes | own | {f"{by} {kind}": made for kind in new}
    return write(name, kept + rows, about, folder)


def page(path: Path) -> str:
    """One csv file as a section of Markdown."""
    rows, about = read(path)
    notes = "\n".join(f"- {key}: {value}" for key, value in about.items())
    return f"## {path.stem}\n\n{notes}\n\n{markdown(rows)}\n"


def read(path: Path) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The rows of a csv file, as text, and its header."""
    lines = path.read_text(encoding="utf8").splitlines()
    about = [line[2:].split(": ", 1) for line in lines if line.startswith("# ")]
    rows = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    return rows, dict(about)


def markdown(rows: list[dict]) -> str:
    """Rows as a table in Markdown; numbers with four digits that count."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names)]
    lines += [[_short(row[name]) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _short(value) -> str:
    try:
        return f"{float(value):.4g}" if "." in str(value) else str(value)
    except ValueError:
        return str(value)
