"""The comparison with supervised nets: the table it writes, and what is stored."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import probes, report, supervised
from benchmarks.options import Options
from infogan_lite import load
from infogan_lite.classifier import reader
from infogan_lite.history import start


def test_quick_form_writes_the_columns_of_the_stored_table(tiny_budget, tmp_path, monkeypatch):
    given, probe_error = [], supervised.probe_error
    monkeypatch.setattr(
        supervised, "probe_error", lambda h, y, *new: given.append(y) or probe_error(h, y, *new)
    )
    for world in ("digits", "heads"):
        supervised.run(Options(parts=(world,), seeds=(5,), quick=True, folder=tmp_path))
    rows, about = report.read(tmp_path / "supervised.csv")
    stored, _ = report.read(report.SHOWN / "supervised.csv")
    assert list(rows[0]) == list(stored[0])
    kinds = [{(r["world"], r["method"], r["measure"]) for r in t} for t in (rows, stored)]
    assert kinds[0] == kinds[1]
    assert json.loads(about["digits"])["bend"] is True and about["seeds"] == "[5]"

    # Each method was given the same labels, and the few are among the many.
    few, many = ([y for y in given if len(y) == n] for n in (20, 100))
    assert len(few) == len(many) == len(given) / 2 == 7
    assert all(np.array_equal(y, few[0]) for y in few)
    assert all(np.array_equal(y, many[0]) for y in many)
    assert np.array_equal(many[0][:20], few[0]) and np.bincount(few[0]).tolist() == [2] * 10


@pytest.mark.sensitive
def test_stored_rows_come_out_again():
    """Those that need no training: raw pixels and a trunk that learned nothing.

    Nearly: they were drawn from 4,000 digits, and 500 of those are put aside now.
    """
    rows, about = report.read(report.SHOWN / "supervised.csv")
    wanted = {
        r["method"]: float(r["value"])
        for r in rows
        if (r["world"], r["seed"], r["labels"], r["measure"])
        == ("digits", "300", "100", "probe error")
    }
    data, settings = load("digits"), replace(supervised.RUNS["digits"][1], seed=300)
    draw = probes.balanced_order(data.y_train, 300)[:100]
    net = reader(start(settings, (1, 28, 28)).model, data.x_train)
    pairs = {
        "raw pixels": (data.x_train.flatten(1).numpy(), data.x_test.flatten(1).numpy()),
        "untrained": probes.trunk_features(net, data.x_train, data.x_test),
    }
    for name, (h, h_test) in pairs.items():
        known = data.y_train[draw].numpy()
        error = probes.probe_error(h[draw], known, h_test, data.y_test.numpy())
        assert error == pytest.approx(wanted[name], abs=0.08)
