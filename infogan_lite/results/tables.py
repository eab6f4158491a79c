"""Results of long experiments, kept with the package as small tables.

Chapters that cannot run an experiment again in a minute read its rows here.  How each table
was made (command, date, hardware, versions, settings, seeds) is in its first lines.

Used in chapters 5, 6, 8, 9, 11 and 12.
"""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def stored(name: str) -> list[dict[str, str]]:
    """The rows of a table, as text.

    Args:
        name: of the table, without its ending, such as "ablation".

    Raises:
        ValueError: for a table that does not come with the package; names those that do.
    """
    return list(csv.DictReader(line for line in _lines(name) if not line.startswith("#")))


def about(name: str) -> dict[str, str]:
    """How a table was made: command, date, hardware, versions, settings, seeds.

    Raises:
        ValueError: as ``stored``.
    """
    notes = [line[2:].split(": ", 1) for line in _lines(name) if line.startswith("# ")]
    return dict(notes)


def _lines(name: str) -> list[str]:
    tables = {path.name: path for path in DATA.iterdir()}
    if f"{name}.csv" not in tables:
        names = sorted(file[:-4] for file in tables if file.endswith(".csv"))
        raise ValueError(f"no stored table {name!r:.200}; there are: {', '.join(names)}")
    return tables[f"{name}.csv"].read_text(encoding="utf8").splitlines()
