"""A built edition of the book, and what stands in its pages."""

import os
import re
import subprocess
import sysconfig
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Built(NamedTuple):
    html: Path
    status: int
    log: str


def program(name: str) -> str:
    """A program that pip installed; on Windows, without an environment, it is not beside python."""
    return str(Path(sysconfig.get_path("scripts"), name))


def build(
    output: Path, *options: str, folder: str = "book", root: Path = ROOT, **variables: str
) -> Built:
    """Build an edition as a reader would, with a warning as an error."""
    command = [program("jupyter-book"), "build", folder, "-W", "--keep-going"]
    result = subprocess.run(
        [*command, "--path-output", str(output), *options],
        cwd=root,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    log = re.sub(r"\x1b\[[\d;]*m", "", result.stdout + result.stderr)
    return Built(output / "_build/html", result.returncode, log)


class Attributes(HTMLParser):
    """All elements of a page, as (tag, attributes)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))


def hrefs(page: Path) -> list[str]:
    elements = Attributes(page.read_text(encoding="utf8")).elements
    return [attrs["href"] for tag, attrs in elements if tag == "a" and attrs.get("href")]
