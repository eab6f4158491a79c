"""Bring the first cell of each chapter in step with the address of the repository.

    python tools/stamp.py [--check]      (make stamp)

The cell installs the package where it is missing.  Address and branch (or tag) are those of
the book's links: from _config.yml, or from INFOGAN_REPOSITORY and INFOGAN_BRANCH.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book/_ext"))

from infogan_book import SOLUTION, package_source, unknown_branch  # noqa: E402

CELL = """\
# @title Set-up: installs infogan_lite where it is missing (Colab, Kaggle)
import importlib
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # hardly spin in waiting
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
if find_spec("infogan_lite") is None:
{address}
    near = [p.parent for p in Path.cwd().glob("../infogan_lite")]
    near += Path.cwd().glob("*infogan*.zip")
    for p in Path("/kaggle/input").rglob("infogan_lite"):  # read-only
        near.append(shutil.copytree(p.parent, "./book", dirs_exist_ok=True))
    for source in [os.environ.get("INFOGAN_SOURCE"), *near, address]:
        if source and find_spec("infogan_lite") is None:
            %pip install --quiet "{{source}}"
            importlib.invalidate_caches()
    if find_spec("infogan_lite") is None:  # no network: read where it lies
        sys.path += [p for p in map(os.path.abspath, near) if os.path.isdir(p)]
    assert find_spec("infogan_lite"), (
        "infogan_lite could not be installed: put the zip of this book beside "
        "the notebook (on Kaggle: add it as an input) or turn the internet on, "
        "and run this cell again"
    )"""


def setup_cell() -> str:
    return CELL.format(address=assignment(package_source()))


def assignment(source: str) -> str:
    """The line of the address as ruff formats it: in brackets if it fits only so."""
    line, alone = f'    address = "{source}"', f'        "{source}"'
    return f"    address = (\n{alone}\n    )" if len(line) > 80 >= len(alone) else line


def chapters() -> list[Path]:
    return sorted((ROOT / "book").glob("*.ipynb"))


def stamp(path: Path, check: bool = False) -> bool:
    """Rewrite the cell tagged colab-setup, fold it and the solutions; True if out of step."""
    before = path.read_text(encoding="utf8")
    notebook = json.loads(before)
    for cell in notebook["cells"]:
        if "colab-setup" in cell["metadata"].get("tags", []):
            cell["source"] = setup_cell().splitlines(keepends=True)
            fold(cell)
        elif "".join(cell["source"][:1]).strip() in ("# Solution", SOLUTION.strip()):
            cell["source"][0] = SOLUTION
            fold(cell)
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    if text != before and not check:
        path.write_text(text, encoding="utf8")
    return text != before


def fold(cell: dict) -> None:
    """Closed until a click: in Colab, which shows the title instead, and in JupyterLab."""
    cell["metadata"] |= {"cellView": "form", "jupyter": {"source_hidden": True}}
    cell["metadata"] = dict(sorted(cell["metadata"].items()))


if __name__ == "__main__":
    check = "--check" in sys.argv
    stale = [path.name for path in chapters() if stamp(path, check)]
    print(
        f"folded cells: {'out of step' if check else 'rewritten'} in {', '.join(stale) or 'none'}"
    )
    if note := unknown_branch():
        print(note, file=sys.stderr)
    sys.exit(bool(stale) and check)
