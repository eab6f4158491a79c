"""The versions of our requirements that Colab has now, as constraints for pip.

    python tools/colab.py [--freeze pip-freeze.txt] --output colab.txt

Without a file they come from the repository in which Colab publishes its packages.
"""

import argparse
import re
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FREEZE = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"
WHEEL = re.compile(r"(\S+) @ \S+/[^/-]+-([^/%+-]+)[^/]*\.whl")  # torch @ .../torch-2.11.0%2Bcpu-...


def name(line: str) -> str:
    """What a line of requirements is about, as PyPI spells it."""
    found = re.match(r"[A-Za-z0-9._-]+", line)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else ""


def pin(line: str) -> str:
    """name==version of a line of ``pip freeze``, be it a version or a wheel's address; else ""."""
    if wheel := WHEEL.match(line):
        return f"{wheel[1]}=={wheel[2]}"
    return line.split("+")[0].strip() if "==" in line else ""


def constraints(freeze: str, requirements: str) -> list[str]:
    """The pins of what we require; a local version (+cu128) is any build of that version.

    Raises:
        ValueError: if there is no torch: this is no list of Colab's packages.
    """
    wanted = {name(line) for line in requirements.splitlines()} - {""}
    pins = [pin(line) for line in freeze.splitlines()]
    found = [pin for pin in pins if name(pin) in wanted]
    if "torch" not in map(name, found):
        raise ValueError("no version of torch is in this list of packages, so it is not Colab's")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--freeze", type=Path, help="a list of packages instead of Colab's")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    if options.freeze:
        freeze = options.freeze.read_text(encoding="utf8")
    else:
        with urllib.request.urlopen(FREEZE, timeout=60) as answer:
            freeze = answer.read().decode()
    pins = constraints(freeze, (ROOT / "requirements.txt").read_text(encoding="utf8"))
    options.output.write_text("\n".join(pins) + "\n", encoding="utf8")
    print(f"== {options.output}: {', '.join(pins)}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"error: {error}")
