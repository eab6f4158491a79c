"""The first cell of a chapter in step with the address, and what is folded."""

import json
import shutil
import subprocess
import sys

import pytest

from tools_of_ours import ROOT, tool

stamp = tool("stamp")


def first_cell(page) -> str:
    cells = json.loads(page.read_text(encoding="utf8"))["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))


def test_stamp_writes_address_and_branch_once(tmp_path, monkeypatch):
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/infogan-book.git")
    monkeypatch.setenv("INFOGAN_BRANCH", "v1.2.3")
    page = shutil.copy(stamp.chapters()[0], tmp_path / "page.ipynb")
    assert stamp.stamp(page)
    assert not stamp.stamp(page)  # idempotent
    wanted = '"infogan_lite @ git+https://github.com/example/infogan-book@v1.2.3"'
    assert wanted in first_cell(page)
    monkeypatch.setenv("INFOGAN_REPOSITORY", "")
    assert stamp.stamp(page)
    assert 'address = ""' in first_cell(page)


@pytest.mark.parametrize("letters", [1, 20, 23, 24, 27, 28, 99])
def test_a_stamped_chapter_passes_the_checks_of_style(tmp_path, monkeypatch, letters):
    """However long the address: else `make test` of a fork fails after its `make stamp`."""
    monkeypatch.setenv("INFOGAN_REPOSITORY", f"https://github.com/a/{'b' * letters}")
    monkeypatch.setenv("INFOGAN_BRANCH", "main")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book/ruff.toml", tmp_path / "book")
    notebook = json.loads(stamp.chapters()[0].read_text(encoding="utf8"))
    notebook["cells"] = [c for c in notebook["cells"] if "colab-setup" in str(c["metadata"])]
    page = tmp_path / "book/page.ipynb"
    page.write_text(json.dumps(notebook), encoding="utf8")
    assert stamp.stamp(page) and f"{'b' * letters}@main" in first_cell(page)
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
        done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_a_check_says_what_is_out_of_step_and_writes_nothing(tmp_path, monkeypatch):
    page = shutil.copy(stamp.chapters()[0], tmp_path / "page.ipynb")
    assert not stamp.stamp(page, check=True)
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/another")
    before = page.read_bytes()
    assert stamp.stamp(page, check=True) and page.read_bytes() == before


def test_a_solution_is_folded_with_its_title(tmp_path):
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["hide-cell"]},
        "source": ["# Solution\n", "1"],
    }
    page = tmp_path / "page.ipynb"
    page.write_text(json.dumps({"cells": [cell]}), encoding="utf8")
    assert stamp.stamp(page)
    (folded,) = json.loads(page.read_text(encoding="utf8"))["cells"]
    assert folded["source"] == [stamp.SOLUTION, "1"]
    assert folded["metadata"]["jupyter"] == {"source_hidden": True}
    assert folded["metadata"]["cellView"] == "form"
