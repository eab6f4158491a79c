"""The first cell of each chapter, run for real: it installs on Colab, and only there."""

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
    venv.create(folder / "env", with_pip=True)
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


def run_cell(folder: Path, **variables: str) -> subprocess.CompletedProcess:
    """The cell in IPython, in a folder where the repository is not."""
    script = folder / "cell.ipy"
    script.write_text(stamp.setup_cell() + "\n" + REPORT)
    hidden = ("COLAB_RELEASE_TAG", "INFOGAN_SOURCE", "PYTHONPATH")
    env = {k: v for k, v in os.environ.items() if k not in hidden}
    env |= {"PIP_NO_DEPS": "1", "IPYTHONDIR": str(folder / "ipython"), **variables}
    python = folder / "env/bin/python"
    command = [python, "-m", "IPython", "--no-banner", "--colors=NoColor", "cell.ipy"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


def test_elsewhere_the_cell_does_nothing(clean):
    folder, copy = clean
    result = run_cell(folder, INFOGAN_SOURCE=str(copy))
    assert "FOUND None" in result.stdout, result.stdout + result.stderr


def test_on_colab_without_an_address_the_cell_says_what_to_do(clean, monkeypatch):
    monkeypatch.setenv("INFOGAN_REPOSITORY", "")
    folder, _ = clean
    result = run_cell(folder, COLAB_RELEASE_TAG="release")
    assert "write where it is" in result.stdout + result.stderr
    assert not list((folder / "env").rglob("infogan_lite/__init__.py"))


def test_on_colab_the_cell_installs_the_package(clean):
    folder, copy = clean
    result = run_cell(folder, COLAB_RELEASE_TAG="release", INFOGAN_SOURCE=str(copy))
    assert f"FOUND {folder / 'env'}" in result.stdout, result.stdout + result.stderr
    for file in (copy / "infogan_lite").rglob("*.*"):  # weights and scripts come along
        if "__pycache__" not in file.parts:
            relative = file.relative_to(copy)
            assert list((folder / "env").glob(f"lib/python*/site-packages/{relative}")), relative
