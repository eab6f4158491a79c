"""The first cell of each chapter, run for real: it installs where the package is missing."""

import importlib.util
import os
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import stamp  # noqa: E402

REPORT = """
import importlib.util
found = importlib.util.find_spec("infogan_lite")
print("FOUND", found.origin if found else None)
"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> tuple[Path, Path]:
    """A new environment without infogan_lite, and a copy of this repository to install."""
    folder = tmp_path_factory.mktemp("colab")
    venv.create(folder / "env", with_pip=importlib.util.find_spec("pip") is None)  # or it is ours
    packages = next((folder / "env").glob("lib/python*/site-packages"))
    # Our dependencies, as Colab has them; a package installed with -e is not seen this way
    here = [p for p in site.getsitepackages() if Path(p).is_dir()]
    (packages / "dependencies.pth").write_text("\n".join(here) + "\n")
    copy = folder / "copy"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    shutil.copytree(
        ROOT / "infogan_lite", copy / "infogan_lite", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder, copy


def run_cell(folder: Path, **variables: str) -> str:
    """What the cell prints in IPython, in a folder where the repository is not."""
    place = folder / "work/book"
    place.mkdir(parents=True, exist_ok=True)
    (place / "cell.ipy").write_text(stamp.setup_cell() + "\n" + REPORT)
    hidden = ("INFOGAN_SOURCE", "PYTHONPATH")
    env = {k: v for k, v in os.environ.items() if k not in hidden}
    env |= {"PIP_NO_DEPS": "1", "IPYTHONDIR": str(folder / "ipython"), **variables}
    python = folder / "env/bin/python"
    command = [python, "-m", "IPython", "--no-banner", "--colors=NoColor", "cell.ipy"]
    result = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True)
    return result.stdout + result.stderr


# One of the tests below fetches what builds the package; the others take what is here.  (The word
# "no" is lost on pip where it stands in a variable: 0 means without isolation.)
QUICK = {"PIP_NO_BUILD_ISOLATION": "0"}


def uninstall(folder: Path) -> None:
    for path in (folder / "env").glob("lib/python*/site-packages/infogan_lite*"):
        shutil.rmtree(path)


def test_where_the_package_is_the_cell_does_nothing(clean, tmp_path):
    folder, copy = clean
    nowhere = str(tmp_path / "nowhere")
    said = run_cell(folder, PYTHONPATH=str(copy), INFOGAN_SOURCE=nowhere)
    assert said.strip() == f"FOUND {copy / 'infogan_lite/__init__.py'}"


@pytest.mark.parametrize("source", ["", "git+https://localhost:9/nobody/infogan-book@main"])
def test_where_nothing_can_be_installed_the_cell_says_what_to_do(clean, monkeypatch, source):
    monkeypatch.setenv("INFOGAN_REPOSITORY", "")
    folder, _ = clean
    said = run_cell(folder, INFOGAN_SOURCE=source)
    assert "put the zip of this book beside the notebook (or turn the internet on)" in said
    assert not list((folder / "env").rglob("infogan_lite/__init__.py"))


def test_the_cell_installs_from_an_address(clean):
    folder, copy = clean
    said = run_cell(folder, INFOGAN_SOURCE=str(copy))
    assert f"FOUND {folder / 'env'}" in said, said
    for file in (copy / "infogan_lite").rglob("*.*"):  # weights and scripts come along
        if "__pycache__" not in file.parts:
            relative = file.relative_to(copy)
            assert list((folder / "env").glob(f"lib/python*/site-packages/{relative}")), relative
    uninstall(folder)


def test_the_cell_installs_from_a_zip_beside_the_notebook(clean):
    """As GitHub makes them: one folder in it."""
    folder, copy = clean
    (folder / "work/book").mkdir(parents=True, exist_ok=True)
    name = str(folder / "work/book/infogan-book-main")
    archive = Path(shutil.make_archive(name, "zip", copy.parent, copy.name))
    said = run_cell(folder, **QUICK)
    archive.unlink()
    assert f"FOUND {folder / 'env'}" in said, said
    uninstall(folder)


def test_the_cell_installs_from_the_folder_that_a_zip_was_unpacked_to(clean):
    folder, copy = clean
    shutil.copytree(copy, folder / "work", dirs_exist_ok=True)
    said = run_cell(folder, **QUICK)
    assert f"FOUND {folder / 'env'}" in said, said
