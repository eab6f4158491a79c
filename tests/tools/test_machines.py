"""The sensitive tests under other arithmetic: what is set, what is said of it."""

import sys
from pathlib import Path

import pytest
import torch

from tools_of_ours import tool

machines = tool("machines")
TESTS = """
import os

def test_the_variable_is_set():
    assert os.environ["ATEN_CPU_CAPABILITY"] == "default"

def test_that_fails():
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
"""


def test_a_setting_reaches_the_tests_and_a_failure_is_bold_and_shown(tmp_path, capsys):
    path = tmp_path / "test_it.py"
    path.write_text(TESTS, encoding="utf8")
    version, outcome, seconds = machines.run(
        Path(sys.executable), machines.SETTINGS["torch without AVX"], [str(path)]
    )
    assert version == torch.__version__ and seconds > 0
    assert outcome == "**1 failed, 1 passed**"
    assert "FAILED" in (shown := capsys.readouterr().out) and "test_that_fails" in shown


def test_a_setting_that_does_not_exist_is_answered_with_those_that_do(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["machines.py", "fast"])
    with pytest.raises(SystemExit) as stopped:
        machines.main()
    assert stopped.value.code == 2
    assert "no setting 'fast'; there are: as it is, plain" in capsys.readouterr().err
