"""Bring the first cell of each chapter in step with the address and the version.

    python tools/stamp.py [--check]      (make stamp)

The cell installs the package on Colab. The address comes from _config.yml or from
INFOGAN_REPOSITORY, the version from pyproject.toml.
"""

import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book/_ext"))

from infogan_book import repository  # noqa: E402

CELL = """\
# On Google Colab this cell installs infogan_lite; elsewhere it does nothing.
import os

source = os.environ.get("INFOGAN_SOURCE", "{source}")
if "COLAB_RELEASE_TAG" in os.environ:
    assert source, "write where it is: source = 'git+https://github.com/...'"
    %pip install --quiet "{{source}}\""""


def source() -> str:
    """What pip installs on Colab: the package at this version, or "" without an address."""
    url, _ = repository()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return f"infogan_lite @ git+{url}@v{version}" if url else ""


def setup_cell() -> str:
    return CELL.format(source=source())


def chapters() -> list[Path]:
    return sorted((ROOT / "book").glob("*.ipynb"))


def stamp(path: Path, check: bool = False) -> bool:
    """Rewrite the cell tagged colab-setup; True if it was out of step."""
    notebook = json.loads(path.read_text(encoding="utf8"))
    cell = next(c for c in notebook["cells"] if "colab-setup" in c["metadata"].get("tags", []))
    wanted = setup_cell().splitlines(keepends=True)
    stale = cell["source"] != wanted
    if stale and not check:
        cell["source"] = wanted
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf8")
    return stale


if __name__ == "__main__":
    check = "--check" in sys.argv
    stale = [path.name for path in chapters() if stamp(path, check)]
    print(f"setup cells: {'out of step' if check else 'rewritten'} in {', '.join(stale) or 'none'}")
    sys.exit(bool(stale) and check)
