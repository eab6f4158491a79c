"""sweep over a folder of one's own; its other tests are those of the command line."""

import csv
from pathlib import Path

from infogan_lite.running.command_line import main

TINY = ["--steps", "4", "--batch-size", "8", "--channels", "4", "8", "--hidden", "8"]
TINY += ["--q-hidden", "8", "--log-every", "1"]


def test_a_sweep_over_a_folder(capsys):
    main(["sweep", "--data", "./mine", *TINY, "--seeds", "0", "1", "--jobs", "1"]
         + ["--vary", "augment=0,0.1", "--out", "s.csv"])  # fmt: skip
    rows = list(csv.DictReader(Path("s.csv").read_text(encoding="utf8").splitlines()))
    assert [(row["augment"], row["seed"]) for row in rows] == [
        ("0", "0"), ("0", "1"), ("0.1", "0"), ("0.1", "1")]  # fmt: skip
    assert "error" not in rows[0] and "augment=0.1" in capsys.readouterr().out


def test_a_sweep_says_how_far_it_is(capsys, monkeypatch):
    monkeypatch.delenv("INFOGAN_QUIET")
    main(["sweep", "--data", "./mine", *TINY, "--seeds", "0", "1", "--jobs", "1"])
    said = capsys.readouterr().err
    assert "0/2" in said and "2/2" in said and "run" in said.split("2/2")[1]
