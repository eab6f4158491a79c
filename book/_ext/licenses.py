"""The licenses of all that the pages carry from other projects: a Sphinx extension.

They are copied to ``_static/licenses``, with one file that names them, ``LICENSES.txt``.
"""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

from sphinx.application import Sphinx

# Whose scripts, styles, fonts and pictures are in _static.
PROJECTS = {
    "django-static-mathjax": "MathJax: formulas",
    "myst-nb": "styles of notebooks",
    "pydata-sphinx-theme": "theme, with Bootstrap and Font Awesome",
    "Pygments": "colors of code",
    "Sphinx": "search, basic styles",
    "sphinx-book-theme": "theme",
    "sphinx-copybutton": "copies code, with clipboard.js",
    "sphinx-design": "styles of cards and tabs",
    "sphinx-thebe": "an icon, of Font Awesome",
    "sphinx-togglebutton": "folded solutions",
}
NAME = re.compile(r"(licen[cs]e|copying|notice)(\.txt|\.rst|\.md)?|.*\.license\.txt", re.I)


def license_files(project: Distribution) -> list[Path]:
    """The license of a project, and those of the parts that it carries itself; each text once."""
    paths = [Path(f.locate()) for f in project.files or [] if NAME.fullmatch(f.name)]
    return sorted({path.read_bytes(): path for path in paths}.values())


def copy_licenses(static: Path) -> None:
    """Write ``licenses/`` into a folder of static files.

    Raises:
        FileNotFoundError: if a project comes without a license.
    """
    folder = static / "licenses"
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["What these pages carry from other projects, each under the license beside it:", ""]
    for name, what in PROJECTS.items():
        project = distribution(name)
        files = license_files(project)
        if not files:
            raise FileNotFoundError(f"{name} {project.version} comes without a license")
        lines.append(f"{name} {project.version} ({what})")
        for path in files:
            copied = f"{name}-{path.name}"
            (folder / copied).write_bytes(path.read_bytes())
            lines.append(f"    {copied}")
    (folder / "LICENSES.txt").write_text("\n".join(lines) + "\n", encoding="utf8")


def copy(app: Sphinx, error: Exception | None) -> None:
    if not error and app.builder.format == "html":
        copy_licenses(Path(app.outdir) / "_static")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", copy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
