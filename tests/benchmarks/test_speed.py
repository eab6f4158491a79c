"""The comparison of two checkouts: ratios within pairs, and two processes in turns."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks import speed
from benchmarks.report import ROOT

SMALL = {"channels": [4, 8], "hidden": 8, "batch_size": 8, "settle": False, "turn_every": 0}


def test_ratios_are_taken_within_pairs():
    rng = np.random.default_rng(0)
    busy = np.exp(rng.normal(0, 1, (20, 1)))  # as much for both of a pair
    theirs = 0.01 * busy[:, 0]
    ours = 1.1 * theirs * np.exp(rng.normal(0, 0.01, 20))
    seconds = np.stack([ours, theirs], 1)[..., None] * [1, 2]
    found = speed.compared(seconds)
    for kind in ("clock", "processor"):
        low, middle, high = (found[f"{kind}_ratio{end}"] for end in ("_low", "", "_high"))
        assert low <= middle <= high and high - low < 0.03
        assert middle == pytest.approx(1.1, rel=0.01)
    assert found["clock_ms_other"] == pytest.approx(1000 * np.median(theirs))
    assert found["processor_ms"] == pytest.approx(2000 * np.median(ours))


def test_the_interval_holds_the_median_in_95_of_100_runs():
    """As many ratios lie outside as a fair coin allows: 5 of 20 at each end."""
    ratios = np.arange(1.0, 21)
    seconds = np.stack([ratios, np.ones(20)], 1)[..., None] * [1, 1]
    found = speed.compared(seconds)
    low, high = found["clock_ratio_low"], found["clock_ratio_high"]
    inside = 1 - binom.cdf(low - 1, 20, 0.5) - binom.sf(high - 1, 20, 0.5)
    assert (low, high) == (6, 15) and inside > 0.95


@pytest.mark.unix
def test_two_processes_train_in_turns(tmp_path):
    (tmp_path / "infogan_lite").symlink_to(ROOT / "infogan_lite", target_is_directory=True)
    seconds = speed.in_turns([ROOT, ROOT], [json.dumps(["lite", SMALL]), "1", "1"], 2)
    assert seconds.shape == (2, 2, 2) and (seconds > 0).all()


def test_a_checkout_that_cannot_train_is_named(tmp_path):
    (tmp_path / "infogan_lite").mkdir()
    (tmp_path / "infogan_lite" / "__init__.py").write_text("", encoding="utf8")
    with pytest.raises(SystemExit, match=f"the training of {tmp_path} has failed"):
        speed.in_turns([tmp_path], [json.dumps(["lite", SMALL]), "1", "1"], 1)


def test_what_is_no_checkout_is_refused():
    with pytest.raises(ValueError, match="speed needs --against DIR"):
        speed.need_checkout(None)
    with pytest.raises(ValueError, match="holds no infogan_lite"):
        speed.need_checkout(Path("nowhere"))
