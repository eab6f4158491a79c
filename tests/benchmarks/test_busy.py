"""A training beside busy processes."""

import subprocess
import sys

import pytest

from benchmarks import busy, report
from benchmarks.options import Options


def test_what_is_timed_is_a_training(monkeypatch, capsys, all_digits):
    monkeypatch.setattr(sys, "argv", ["", "1", "4"])
    exec(busy.WORK, {})
    assert float(capsys.readouterr().out) > 0


def test_quick_form_writes_the_columns_of_the_stored_table(tmp_path, monkeypatch):
    monkeypatch.setattr(busy, "WORK", "import sys; print(float(sys.argv[2]))")
    busy.run(Options(quick=True, threads=1, folder=tmp_path))
    rows, _ = report.read(tmp_path / "busy.csv")
    stored, _ = report.read(report.RESULTS / "busy.csv")
    assert rows[0].keys() == stored[0].keys()
    assert [(r["waiting"], r["busy processes"] == "0") for r in rows] == [
        (r["waiting"], r["busy processes"] == "0") for r in stored
    ]
    assert all(float(r["ms"]) > 0 for r in rows)


def test_neighbors_compute_and_end_with_the_block(monkeypatch):
    started, popen = [], subprocess.Popen
    monkeypatch.setattr(
        busy.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1]
    )
    with pytest.raises(ZeroDivisionError), busy.neighbors(2):
        assert [p.poll() for p in started] == [None, None]
        1 / 0  # noqa: B018
    assert len(started) == 2 and None not in [p.poll() for p in started]


def test_a_wish_of_the_environment_does_not_count(monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.setattr(
        busy, "WORK", "import os; print(len(os.environ.get('OMP_WAIT_POLICY', '')))"
    )
    assert [busy.step_ms(policy, 1, 1) for policy in busy.WAITING.values()] == [0, 7]


def test_a_busy_machine_costs_at_most_three_times_what_the_idle_one_did():
    rows, _ = report.read(report.RESULTS / "busy.csv")
    worst = max(float(r["times"]) for r in rows if r["waiting"] == "hardly spinning")
    assert worst <= 3


def test_contributing_quotes_the_stored_table():
    rows, _ = report.read(report.RESULTS / "busy.csv")
    idle, beside = (f"{float(row['times']):.1f} times" for row in rows[1:])
    text = " ".join((report.ROOT / "CONTRIBUTING.md").read_text(encoding="utf8").split())
    assert f"takes {idle} as long" in text
    assert f"on each core {beside} (" in text
