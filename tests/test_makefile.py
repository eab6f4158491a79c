"""What `make` would run, without running it."""

import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.unix
@pytest.mark.skipif(not shutil.which("make"), reason="no make")
@pytest.mark.parametrize(("target", "folder"), [("lab", "book"), ("lab-ko", "ko")])
def test_lab_opens_the_chapters_in_a_jupyterlab_that_is_there(target, folder):
    programs = sysconfig.get_path("scripts")
    options = ["--dry-run", "--no-print-directory", "--old-file=.venv/.ready", f"BIN={programs}"]
    command = subprocess.check_output(["make", *options, target], cwd=ROOT, text=True)
    program, *words = shlex.split(command)
    assert (program, words) == (f"{programs}/jupyter", ["lab", folder])
    assert list((ROOT / folder).glob("*.ipynb"))
    version = subprocess.check_output([program, *words, "--version"], cwd=ROOT, text=True)
    assert version.startswith("4.")
