"""The list of experiments, held against the modules that it tells of, and quick to show."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from benchmarks import claims, own_pictures, separation, speed, supervised, trial, worlds
from benchmarks.experiments import EXPERIMENTS, listing

ROOT = Path(__file__).parents[2]
PARTS = {
    "claims": claims.CLAIMS,
    "own_pictures": own_pictures.SETS,
    "separation": separation.VARIANTS,
    "speed": speed.SETTINGS,
    "supervised": supervised.RUNS,
    "trial": trial.KINDS,
    "worlds": worlds.WORLDS,
}


def test_each_module_that_runs_is_listed_and_no_other():
    modules = [path.stem for path in (ROOT / "benchmarks").glob("*.py")]
    modules = [name for name in modules if not name.startswith("__") and name != "runner"]
    running = {name for name in modules if hasattr(import_module(f"benchmarks.{name}"), "run")}
    assert set(EXPERIMENTS) == running


def test_the_parts_listed_are_those_of_the_modules():
    assert {name: e.parts for name, e in EXPERIMENTS.items() if e.parts} == {
        name: tuple(parts) for name, parts in PARTS.items()
    }


def test_a_line_tells_of_each_and_of_its_time():
    lines = listing().splitlines()
    for name, experiment in EXPERIMENTS.items():
        (line,) = [line for line in lines if line.split()[:1] == [name]]
        assert experiment.about in line and experiment.takes in line
        assert len(line) <= 100


def test_the_list_is_shown_without_loading_an_experiment():
    code = "import runpy, sys; sys.argv = ['benchmarks']; "
    code += "runpy.run_module('benchmarks', run_name='__main__'); "
    code += "print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    shown, loaded = done.stdout.split("LOADED")
    assert shown.strip() == listing()
    assert not {"torch", "numpy", "tyro", "infogan_lite"} & set(loaded.split())


def test_make_bench_names_all_that_it_does_not_run():
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    lines = dict(line.split(" := ") for line in makefile.splitlines() if "BENCH := " in line)
    run, all_of_them = lines["BENCH"].split(), lines["ALL_BENCH"].split()
    assert all_of_them[0] == "$(BENCH)" and len(run) > 1
    assert sorted(run + all_of_them[1:]) == sorted(EXPERIMENTS)
