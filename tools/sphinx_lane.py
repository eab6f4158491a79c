"""The pages by a newer Sphinx, without Jupyter Book: make sphinx.

Jupyter Book 1 goes as far as Sphinx 7. This writes what it does with _config.yml as a plain
conf.py, into _build/sphinx, and builds the book from it in an environment of its own, so that the
pages do not depend on Jupyter Book. They are the English ones alone, and lead to no Korean ones.
Cells that `make book` ran are not run again.
"""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
LANE = ROOT / "_build/sphinx"  # conf.py is here, so what it names in the book is absolute
PACKAGES = (
    "sphinx>=8.2",
    "sphinx-book-theme>=1.1",
    "myst-nb>=1.2",
    "sphinx-external-toc",
    "sphinx-multitoc-numbering",
    "sphinx-togglebutton",
    "sphinx-copybutton",
    "sphinxcontrib-bibtex",
)
EXTENSIONS = (
    "sphinx_togglebutton",
    "sphinx_copybutton",
    "myst_nb",
    "sphinx_external_toc",
    "sphinx_book_theme",
    "sphinx_multitoc_numbering",
    "sphinxcontrib.bibtex",
)


def settings() -> dict:
    """conf.py as a dictionary: _config.yml in the words of Sphinx and its extensions."""
    book = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    execute, sphinx = book["execute"], book["sphinx"]
    return {
        "project": book["title"],
        "html_title": book["title"],
        "author": book["author"],
        "copyright": book["copyright"],
        "extensions": [
            *EXTENSIONS,
            *sphinx["extra_extensions"],
            *(name for name in sphinx["local_extensions"] if name != "editions"),  # one edition
        ],
        "exclude_patterns": [*book["exclude_patterns"], "_build", "**.ipynb_checkpoints"],
        "external_toc_exclude_missing": book["only_build_toc_files"],
        "bibtex_bibfiles": [str(BOOK / name) for name in book["bibtex_bibfiles"]],
        "nb_execution_mode": execute["execute_notebooks"],
        "nb_execution_timeout": execute["timeout"],
        "nb_execution_allow_errors": execute["allow_errors"],
        "nb_execution_raise_on_error": execute["raise_on_error"],
        "nb_output_stderr": execute["stderr_output"],
        "myst_enable_extensions": book["parse"]["myst_enable_extensions"],
        "html_theme": "sphinx_book_theme",
        "html_static_path": [str(BOOK / "_static")],
        "html_css_files": ["book.css"],
        "html_sourcelink_suffix": "",
        "numfig": True,
        "use_multitoc_numbering": book["html"]["use_multitoc_numbering"],
        **sphinx["config"],
        "html_theme_options": {
            "path_to_docs": book["repository"]["path_to_book"],
            "launch_buttons": book["launch_buttons"],
            "home_page_in_toc": book["html"]["home_page_in_navbar"],
            **sphinx["config"]["html_theme_options"],
        },
    }


def write_conf(folder: Path) -> Path:
    """Write conf.py into a folder; the local extensions are found from there."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"import sys\nsys.path.insert(0, {str(BOOK / '_ext')!r})"]
    lines += [f"{name} = {value!r}" for name, value in settings().items()]
    conf = folder / "conf.py"
    conf.write_text("\n".join(lines) + "\n", encoding="utf8")
    return conf


def environment(folder: Path) -> Path:
    """Its python: the newer packages before those of the environment that runs this."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / ".ready"
    if not ready.exists():
        venv.create(folder, with_pip=True)
        here, there = (
            sysconfig.get_path("purelib"),
            sysconfig.get_path("purelib", vars={"base": folder}),
        )
        (Path(there) / "zz_rest.pth").write_text(here + "\n", encoding="utf8")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        ready.touch()
    return python


def build(python: Path, output: Path) -> int:
    """Warnings are errors, as in `make book`."""
    options = ["-b", "html", "-W", "--keep-going", "-c", LANE, "-d", LANE / "doctrees"]
    return subprocess.run([python, "-m", "sphinx", *options, BOOK, output]).returncode


if __name__ == "__main__":
    write_conf(LANE)
    # Beside _build/html, so that both share the cache of what was run
    status = build(environment(LANE / "env"), ROOT / "_build/html-sphinx")
    if not status:
        print(f"== the pages: {ROOT / '_build/html-sphinx/index.html'}")
    sys.exit(status)
