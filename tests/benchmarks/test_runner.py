"""The runner: what it lists, what it asks of an experiment, and what it refuses."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks.options import Options
from infogan_lite import preset

MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf8")


@pytest.fixture
def asked(monkeypatch):
    """What each experiment was asked for, in place of doing it."""
    seen = []
    for name, experiment in runner.EXPERIMENTS.items():
        noted = replace(experiment, run=lambda options, name=name: seen.append((name, options)))
        monkeypatch.setitem(runner.EXPERIMENTS, name, noted)
    return seen


def test_without_a_name_all_experiments_are_listed(asked, capsys):
    runner.main(Options())
    lines = capsys.readouterr().out.splitlines()
    for name, experiment in runner.EXPERIMENTS.items():
        (line,) = [line for line in lines if line.split()[:1] == [name]]
        assert experiment.about in line and experiment.takes in line
    assert not asked


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
    assert len(full.seeds) == 3 and full.shortened(preset("paper")) == preset("paper")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (Options(("qualty",)), "no experiment 'qualty'; did you mean 'quality'?"),
        (Options(("claims:lamda",)), "claims has no part 'lamda'; did you mean 'lambda'?"),
        (Options(("cost:lite",)), "cost has no part 'lite'; it has none"),
        (Options(("cost",), seeds=(1,)), "cost can do nothing with --seeds"),
        (Options(("quality", "cost"), jobs=2), "quality and cost can do nothing with --jobs"),
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


def test_make_bench_names_all_that_it_does_not_run():
    lines = dict(line.split(" := ") for line in MAKEFILE.splitlines() if "BENCH := " in line)
    run, all_of_them = lines["BENCH"].split(), lines["ALL_BENCH"].split()
    assert all_of_them[0] == "$(BENCH)" and len(run) > 1
    assert sorted(run + all_of_them[1:]) == sorted(runner.EXPERIMENTS)
