"""The runner: what it asks of an experiment, and what it refuses."""

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import runner
from benchmarks.experiments import EXPERIMENTS
from benchmarks.options import Options
from infogan_lite import preset


@pytest.fixture
def asked(monkeypatch):
    """What each experiment was asked for, in place of doing it."""
    seen = []
    for name in EXPERIMENTS:
        module = import_module(f"benchmarks.{name}")
        monkeypatch.setattr(module, "run", lambda options, n=name: seen.append((n, options)))
    return seen


def test_without_a_name_nothing_runs(asked, capsys):
    runner.main(Options())
    assert "quality" in capsys.readouterr().out and not asked


def test_a_part_alone_and_all_parts(asked):
    runner.main(Options(("claims:lambda", "worlds", "claims:sigma", "cost"), seeds=(7,)))
    found = {name: (options.parts, options.seeds) for name, options in asked}
    assert found["claims"] == (("lambda", "sigma"), (7,))
    assert found["worlds"] == (("heads", "chairs", "streets", "portraits"), (7,))
    assert list(found) == ["claims", "worlds", "cost"]


def test_quick_is_one_seed_and_a_few_steps(asked):
    runner.main(Options(("ablation",), quick=True))
    runner.main(Options(("ablation",)))
    (_, quick), (_, full) = asked
    assert len(quick.seeds) == 1 and quick.shortened(preset("paper")).steps <= 5
    assert len(full.seeds) == 5 and full.shortened(preset("paper")) == preset("paper")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (Options(("qualty",)), "no experiment 'qualty'; did you mean 'quality'?"),
        (Options(("claims:lamda",)), "claims has no part 'lamda'; did you mean 'lambda'?"),
        (Options(("cost:lite",)), "cost has no part 'lite'; it has none"),
        (Options(("features",), seeds=(1,)), "features can do nothing with --seeds"),
        (Options(("cost",), seeds=(1,)), "cost can do nothing with --seeds"),
        (Options(("quality", "cost"), jobs=2), "quality and cost can do nothing with --jobs"),
        (Options(("features",), jobs=2), "features can do nothing with --jobs"),
        (Options(("claims",), threads=4), "claims can do nothing with --threads"),
        (Options(("claims",), jobs=0), "--jobs must be at least 1, got 0"),
        (Options(("claims",), against=Path(".")), "claims can do nothing with --against"),
        (Options(("quality", "speed")), "speed needs --against DIR"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_runs(options, sentence, asked, capsys):
    with pytest.raises(SystemExit) as stopped:
        runner.main(options)
    assert stopped.value.code == 2 and not asked
    assert sentence in capsys.readouterr().err
