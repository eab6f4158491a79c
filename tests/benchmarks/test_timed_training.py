"""One training for each line that comes in, and its seconds."""

import io
import json

import pytest

from benchmarks import timed_training
from benchmarks.report import ROOT

SMALL = {"channels": [4, 8], "hidden": 8, "batch_size": 8}


def test_each_line_is_answered_with_two_times(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("go\ngo\n"))
    timed_training.main(str(ROOT), json.dumps(["lite", SMALL]), "2", "1")
    lines = capsys.readouterr().out.splitlines()
    times = [[float(word) for word in line.split()] for line in lines]
    assert len(times) == 2 and all(wall > 0 and cpu > 0 for wall, cpu in times)


def test_a_package_from_elsewhere_is_named(tmp_path):
    with pytest.raises(SystemExit, match=f"infogan_lite came from {ROOT}, not from {tmp_path}"):
        timed_training.main(str(tmp_path), json.dumps(["lite", SMALL]), "1", "1")
