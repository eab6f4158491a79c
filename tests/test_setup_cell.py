"""The first cell of each chapter, run for real: it installs where the package is missing."""

import importlib.util
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import stamp  # noqa: E402

PROGRAMS = "Scripts" if os.name == "nt" else "bin"
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
    packages = installed(folder)
    # Our dependencies, as Colab has them; a package installed with -e is not seen this way
    here = [p for p in site.getsitepackages() if Path(p).is_dir()]
    (packages / "dependencies.pth").write_text("\n".join(here) + "\n", encoding="utf8")
    copy = folder / "copy"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    shutil.copytree(
        ROOT / "infogan_lite", copy / "infogan_lite", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder, copy


def installed(folder: Path) -> Path:
    """Where the new environment has its packages."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(folder / "env")}))


def run_cell(folder: Path, kaggle: str = "/kaggle/input", **variables: str) -> str:
    """What the cell prints in IPython, in a folder where the repository is not."""
    place = folder / "work/book"
    place.mkdir(parents=True, exist_ok=True)
    cell = stamp.setup_cell().replace("/kaggle/input", kaggle)
    (place / "cell.ipy").write_text(f"{cell}\n{REPORT}", encoding="utf8")
    hidden = ("INFOGAN_SOURCE", "PYTHONPATH")
    env = {k: v for k, v in os.environ.items() if k not in hidden}
    env |= {"PIP_NO_DEPS": "1", "IPYTHONDIR": str(folder / "ipython"), **variables}
    python = folder / "env" / PROGRAMS / "python"
    command = [python, "-m", "IPython", "--no-banner", "--colors=NoColor", "cell.ipy"]
    result = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True)
    return result.stdout + result.stderr


# One of the tests below fetches what builds the package; the others take what is here.  (The word
# "no" is lost on pip where it stands in a variable: 0 means without isolation.)
QUICK = {"PIP_NO_BUILD_ISOLATION": "0"}


def uninstall(folder: Path) -> None:
    for path in installed(folder).glob("infogan_lite*"):
        shutil.rmtree(path)


def zipped(folder: Path, copy: Path) -> Path:
    """The repository as GitHub packs it, one folder in a zip, beside the notebook."""
    place = folder / "work/book"
    place.mkdir(parents=True, exist_ok=True)
    name = str(place / "infogan-book-main")
    return Path(shutil.make_archive(name, "zip", copy.parent, copy.name))


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
    assert "put the zip of this book beside the notebook (on Kaggle: add it as an input)" in said
    assert not list((folder / "env").rglob("infogan_lite/__init__.py"))


def test_the_cell_installs_from_an_address(clean):
    folder, copy = clean
    said = run_cell(folder, INFOGAN_SOURCE=str(copy))
    assert f"FOUND {folder / 'env'}" in said, said
    for file in (copy / "infogan_lite").rglob("*.*"):  # weights and scripts come along
        if "__pycache__" not in file.parts:
            relative = file.relative_to(copy)
            assert (installed(folder) / relative).is_file(), relative
    uninstall(folder)


@pytest.mark.parametrize("address", ["", "https://localhost:9/nobody/infogan-book"])
def test_the_cell_installs_from_a_zip_beside_the_notebook(clean, monkeypatch, address):
    """An address that does not answer is no hindrance: the cell says to put a zip there."""
    monkeypatch.setenv("INFOGAN_REPOSITORY", address)
    folder, copy = clean
    archive = zipped(folder, copy)
    said = run_cell(folder, **QUICK)
    archive.unlink()
    assert f"FOUND {folder / 'env'}" in said, said
    uninstall(folder)


def test_a_zip_that_is_none_is_passed_over_for_the_next(clean):
    folder, copy = clean
    wrong, archive = folder / "work/book/an-infogan.zip", zipped(folder, copy)
    wrong.write_bytes(b"no zip")
    said = run_cell(folder, **QUICK)
    wrong.unlink(), archive.unlink()
    assert f"FOUND {folder / 'env'}" in said, said
    uninstall(folder)


def test_the_cell_installs_from_what_kaggle_has_unpacked(clean, tmp_path):
    """An uploaded zip lies below /kaggle/input, unpacked, where nothing may be written."""
    folder, copy = clean
    shutil.copytree(copy, tmp_path / "input/my-upload/infogan-book-main")
    before = sorted(tmp_path.rglob("*"))
    said = run_cell(folder, kaggle=(tmp_path / "input").as_posix(), **QUICK)
    assert f"FOUND {folder / 'env'}" in said, said
    assert sorted(tmp_path.rglob("*")) == before
    uninstall(folder)


def test_a_project_of_another_kind_around_the_notebook_is_left_alone(clean, monkeypatch):
    monkeypatch.setenv("INFOGAN_REPOSITORY", "")
    folder, _ = clean
    other = folder / "work/pyproject.toml"
    other.parent.mkdir(exist_ok=True)
    other.write_text('[project]\nname = "other"\nversion = "1"\n', encoding="utf8")
    said = run_cell(folder)
    other.unlink()
    assert "put the zip of this book" in said and not list(installed(folder).glob("other-*"))


def test_the_cell_installs_from_the_folder_that_a_zip_was_unpacked_to(clean):
    folder, copy = clean
    shutil.copytree(copy, folder / "work", dirs_exist_ok=True)
    said = run_cell(folder, **QUICK)
    assert f"FOUND {folder / 'env'}" in said, said
    uninstall(folder)


def test_without_a_network_the_package_is_read_where_it_lies(clean):
    """pip would fetch what builds it."""
    folder, copy = clean
    shutil.copytree(copy, folder / "work", dirs_exist_ok=True)
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    said = run_cell(folder, **offline)
    assert f"FOUND {folder / 'work/infogan_lite'}" in said, said
