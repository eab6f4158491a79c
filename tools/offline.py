"""The built book as one zip for readers without a network: make offline.

    python tools/offline.py [_build/html]

Unpack it and open START-HERE.html by a double click: pages, formulas and sliders need no server.
The repository is in it, too, so that what README and notebooks link to is there, and the first
cell of a notebook can install from the folder, or from the zip beside it. What both editions have
alike, pictures, styles and scripts, is packed once.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 25e6  # bytes for each language
REFERENCE = re.compile(r'(?<=")_(?:static|images)/[^"?#]+')  # of a page to a file beside it
START = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>InfoGAN, step by step</title>
<meta http-equiv="refresh" content="0; url=pages/index.html"></head>
<body><p><a href="pages/index.html">Open the book</a></p></body></html>
"""


def sources() -> list[Path]:
    """The files that git tracks; in a copy without git, those that it would not ignore."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf8", check=True)
        tracked = (ROOT / name for name in listed.stdout.split("\0"))
        return [path for path in tracked if path.is_file()]
    built = (ROOT / ".gitignore").read_text(encoding="utf8").split()

    def ignored(path: Path) -> bool:
        folders = path.relative_to(ROOT).parents
        return any(folder.match(name) for folder in folders for name in built)

    return sorted(path for path in ROOT.rglob("*") if path.is_file() and not ignored(path))


def common(html: Path) -> set[str]:
    """The files beside the Korean pages that are the same beside the English ones."""
    ours = (p for name in ("_static", "_images") for p in (html / "ko" / name).rglob("*"))
    names = [p.relative_to(html / "ko").as_posix() for p in ours if p.is_file()]
    there = [name for name in names if (html / name).is_file()]
    return {n for n in there if (html / n).read_bytes() == (html / "ko" / n).read_bytes()}


def pack(html: Path, target: Path) -> int:
    """Write the zip and return its size in bytes.

    Raises:
        FileNotFoundError: if no book was built there.
        ValueError: if it is too large; nothing is left then.
    """
    if not (html / "index.html").is_file():
        raise FileNotFoundError(f"{html} holds no book: run make book first")
    twice = html / "jupyter_execute"  # where the Korean build keeps pictures that no page shows
    left_out = {target, *twice.rglob("*")}
    pages = sorted(p for p in html.rglob("*") if p.is_file() and p not in left_out)
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("infogan-book/START-HERE.html", START)
        for path in sources():
            archive.write(path, f"infogan-book/{path.relative_to(ROOT).as_posix()}")
        same = common(html)
        for path in pages:
            name = path.relative_to(html).as_posix()
            data, korean = path.read_bytes(), name.startswith("ko/")
            if korean and path.suffix == ".html":
                data = REFERENCE.sub(lambda r: "../" * (r[0] in same) + r[0], data.decode())
            if not korean or name.removeprefix("ko/") not in same:
                archive.writestr(f"infogan-book/pages/{name}", data)
    size = target.stat().st_size
    korean = sum(f.compress_size for f in archive.infolist() if "/pages/ko/" in f.filename)
    if max(size - korean, korean) > LIMIT:
        target.unlink()
        parts = f"{(size - korean) / 1e6:.1f} MB, and {korean / 1e6:.1f} MB for the Korean pages"
        raise ValueError(f"the zip has {parts}: each must be at most {LIMIT / 1e6:.0f}")
    return size


if __name__ == "__main__":
    html = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    target = ROOT / f"_build/infogan-book-{project['version']}.zip"
    try:
        size = pack(html, target)
    except (FileNotFoundError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}")
    print(f"== {target}: {size / 1e6:.1f} MB")
