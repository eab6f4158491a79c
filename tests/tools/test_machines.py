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


@pytest.mark.parametrize("chosen", ["set", "fails"])
def test_a_setting_reaches_the_tests_and_a_failure_is_bold(tmp_path, capsys, chosen):
    path = tmp_path / "test_it.py"
    path.write_text(TESTS)
    tests = [str(path), "-k", chosen]
    version, outcome, seconds = machines.run(
        Path(sys.executable), machines.SETTINGS["torch without AVX"], tests
    )
    assert version == torch.__version__ and seconds > 0
    expected = {"set": "1 passed, 1 deselected", "fails": "**1 failed, 1 deselected**"}
    assert outcome == expected[chosen]
    assert ("test_that_fails" in capsys.readouterr().out) == (chosen == "fails")


def test_a_setting_that_does_not_exist_is_answered_with_those_that_do(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["machines.py", "fast"])
    with pytest.raises(SystemExit) as stopped:
        machines.main()
    assert stopped.value.code == 2
    assert "no setting 'fast'; there are: as it is, plain" in capsys.readouterr().err
