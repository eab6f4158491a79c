"""Tables of results: small csv files that say how they were made, and a list of them."""

import csv
import datetime
import io
import json
import os
import platform
import subprocess
from pathlib import Path

import torch

import infogan_lite
from infogan_lite import Settings, __version__
from infogan_lite.running.files import write_whole
from infogan_lite.running.stored_settings import as_table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
SHOWN = Path(infogan_lite.__file__).resolve().parent / "results" / "data"
CHAPTERS_READ = (
    "ablation",
    "claims",
    "cost",
    "gradient_paths",
    "growth",
    "infogan_cr",
    "infogan_cr-centrality",
    "lambdas",
    "own_pictures",
    "separation",
    "separation-constant-rates",
    "separation-falling-rates",
    "supervised",
    "trial",
    "trial-curves",
    "trial-first",
    "worlds-codes",
    "worlds-digits",
    "worlds-seeds",
)


def folder_of(table: str) -> Path:
    """The one place of a table: with the package if a chapter reads it, else beside this file."""
    return SHOWN if table in CHAPTERS_READ else RESULTS


def hardware() -> str:
    """The processor by name, as far as the system tells, and how many threads torch may use."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf8").splitlines()
        name = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores, {torch.get_num_threads()} threads"


def commit(folder: Path = ROOT) -> str:
    """The commit that is checked out, "changed" where files are not as committed."""

    def git(*words: str) -> str:
        found = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True)
        return found.stdout.strip()

    try:
        name = git("rev-parse", "--short", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
    except OSError:  # no git here
        name, changed = "", ""
    return (name or "unknown") + (", changed" if changed else "")


def header(experiment: str, settings: Settings | None = None, **more) -> dict[str, str]:
    """What a reader needs to judge numbers, or to make them again."""
    about = {
        "made by": f"python -m benchmarks {experiment}, at commit {commit()}",
        "date": datetime.date.today().isoformat(),
        "hardware": hardware(),
        "versions": f"infogan_lite {__version__}, torch {torch.__version__}, "
        f"python {platform.python_version()}",
    }
    if settings is not None:
        about["settings"] = json.dumps(as_table(settings))
    return about | {name: str(value) for name, value in more.items()}


def write(name: str, rows: list[dict], about: dict[str, str], folder: Path) -> str:
    """Write rows to NAME.csv; among the results, bring the list of tables in step.

    Returns:
        The table in Markdown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    text.writelines(f"# {key}: {value}\n" for key, value in about.items())
    table = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write_whole(folder / f"{name}.csv", text.getvalue().encode())
    if folder in (RESULTS, SHOWN):
        (RESULTS / "README.md").write_text(listing(), encoding="utf8")
    return markdown(rows)


def merge(name: str, rows: list[dict], by: str, about: dict[str, str], folder: Path) -> str:
    """Write rows into a table, in place of earlier ones of the same kind.

    Where others stay, so does what is said of them; of the new ones it is said how they were
    made.  Rows that were there and are given again, as text, keep what was said of them too.

    Args:
        by: the column that tells the kind, such as "experiment".
        about: see ``header``; settings of one kind may stand under its name.

    Returns:
        The table in Markdown.
    """
    path, new = folder / f"{name}.csv", sorted({row[by] for row in rows})
    old, notes = read(path) if path.exists() else ([], {})
    kept = [row for row in old if row[by] not in new]
    made = {kind: how_made(about, by) for kind in new}
    for kind in {row[by] for row in rows if row in old}:
        before = notes.get(f"{by} {kind}", how_made(notes, by))
        made[kind] = before if before.endswith(made[kind]) else f"{before}; and {made[kind]}"
    if kept or set(made.values()) != {how_made(about, by)}:
        own = {kind: about[kind] for kind in new if kind in about}
        about = notes | own | {f"{by} {kind}": text for kind, text in made.items()}
    return write(name, kept + rows, about, folder)


def how_made(about: dict[str, str], by: str) -> str:
    """A header in one line, without settings and without what is said of single kinds."""
    known = {k: v for k, v in about.items() if not v.startswith("{") and not k.startswith(f"{by} ")}
    return "; ".join(f"{k} {v}" for k, v in known.items())


def made_with(name: str, by: str, kind: str, settings: str, folder: Path) -> list[dict[str, str]]:
    """The rows of a kind that a table has, if its header gives these settings, as JSON, for them.

    An option that is 0, false or empty may be left out: a script may have it, and older rows not.
    """
    path = folder / f"{name}.csv"
    rows, about = read(path) if path.exists() else ([], {})
    same = in_use(about.get(kind, "{}")) == in_use(settings)
    return [row for row in rows if same and row[by] == kind]


def in_use(settings: str) -> dict[str, object]:
    """What of these settings, as JSON, is neither 0 nor false nor empty."""
    return {name: value for name, value in json.loads(settings).items() if value}


def read(path: Path) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The rows of a csv file, as text, and its header."""
    lines = path.read_text(encoding="utf8").splitlines()
    about = [line[2:].split(": ", 1) for line in lines if line.startswith("# ")]
    rows = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    return rows, dict(about)


def listing() -> str:
    """The page results/README.md: each stored table, its rows, and what made it."""
    lines = [
        "# Results",
        "",
        "Each table is stored once: with the package if a chapter reads it, else here. Its first",
        "lines say how it was made. `python -m benchmarks` lists all experiments; whatever of them",
        "writes a table brings this page in step.",
        "",
        "Trained nets are no tables: `python -m benchmarks features` writes features.safetensors,",
        "the net that says which digits can be read, and `python -m benchmarks weights` the models",
        "that come with the package.",
        "",
    ]
    rows = []
    for path in sorted([*SHOWN.glob("*.csv"), *RESULTS.glob("*.csv")], key=lambda p: p.name):
        found, about = read(path)
        link = Path(os.path.relpath(path, RESULTS)).as_posix()
        command, _, rest = about.get("made by", "unknown").partition(", ")
        command = f"`{command}`" if command.startswith("python") else command
        row = {"table": f"[{path.stem}]({link})", "rows": len(found), "made by": command}
        rows.append(row | {"with the code": rest, "on": about.get("date", "")})
    return "\n".join([*lines, markdown(rows), ""])


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
