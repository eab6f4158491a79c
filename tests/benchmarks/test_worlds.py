"""Heads, chairs, street numbers, portraits: the script at a tiny budget, and stored runs."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from benchmarks import common_axes, report, world_runs, worlds
from benchmarks.known_factors import COLUMNS, ROWS
from benchmarks.options import Options
from benchmarks.world_settings import WORLDS, described
from infogan_lite import InfoGAN, recipe
from infogan_lite.results import generators

each_set = pytest.mark.parametrize("name", WORLDS)


def runs_of(name: str, kind: str = "InfoGAN") -> list[dict[str, str]]:
    rows, _ = report.read(report.SHOWN / "worlds-seeds.csv")
    return [row for row in rows if (row["set"], row["codes"]) == (name, kind)]


def matches_of(name: str, kind: str, seed: str) -> list[dict[str, str]]:
    rows, _ = report.read(report.SHOWN / "worlds-codes.csv")
    return [r for r in rows if (r["set"], r["codes"], r["seed"]) == (name, kind, seed)]


def image(name: str, which: str) -> Image.Image:
    data = (report.SHOWN / f"worlds-{name}-{which}.webp").read_bytes()
    assert len(data) <= worlds.LIMIT
    return Image.open(io.BytesIO(data))


def same_weights(one: Path, other: Path) -> bool:
    a, b = load_file(one), load_file(other)
    return a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)


@pytest.fixture
def tiny_run(tmp_path, monkeypatch):
    """Runs of a set with few pictures; what was run and stored, seed by seed."""
    monkeypatch.setitem(WORLDS, "chairs", WORLDS["chairs"]._replace(pictures=200))
    for module in (recipe, common_axes):
        monkeypatch.setattr(module, "FRESH", 50)

    def run(*seeds: int, name: str = "chairs"):
        worlds.run(Options(parts=(name,), seeds=seeds, quick=True, folder=tmp_path))
        return tuple(report.read(tmp_path / f"{table}.csv")[0] for table in worlds.TABLES[:2])

    return run


@each_set
def test_the_script_runs_at_a_tiny_budget(name, tiny_run, tmp_path):
    runs, each = tiny_run(1, name=name)
    kinds = [kind for kind, known in worlds.KINDS.items() if name in known.sets]
    nets = [kind for kind in kinds if not kind.endswith("labels")]
    assert [(r["set"], r["codes"], r["seed"]) for r in runs] == [(name, k, "1") for k in nets]
    factors = list(WORLDS[name].factors)
    assert [r["factor"] for r in each] == len(kinds) * factors
    for row in each:
        known = [row[c] for c in ("strength", "next", "made", "ceiling", "moved", "kept")]
        assert all(0 <= float(value) <= 1 for value in known if value)
        assert float(row["net"]) <= 1
        assert not (row["code"] and row["same_digit"]) or "digit" in factors
    codes = len(WORLDS[name].settings.code.names)
    for which in ("median", "worst"):
        file = io.BytesIO((tmp_path / f"worlds-{name}-{which}.webp").read_bytes())
        sheet = Image.open(file)
        assert sheet.size == (32 * COLUMNS, 32 * ROWS * codes)
    weights = tmp_path / "weights" / f"{name}-1.safetensors"
    assert weights.stat().st_size <= 600_000
    assert same_weights(tmp_path / f"worlds-{name}-median.safetensors", weights)
    assert (tmp_path / "worlds-digits.csv").exists() == ("digit" in WORLDS[name].factors)


def test_a_stopped_run_goes_on_with_what_is_missing(tiny_run, monkeypatch):
    first, _ = tiny_run(1)
    ran = []
    plain = worlds.one_run
    monkeypatch.setattr(worlds, "one_run", lambda *a: ran.append(a[2:4]) or plain(*a))
    both, each = tiny_run(1, 2)
    twice = [kind for kind, known in worlds.KINDS.items() if known.seeds > 1]
    assert ran == [(kind, 2) for kind in twice if "chairs" in worlds.KINDS[kind].sets]
    assert both[: len(first)] == first
    assert {(row["codes"], row["seed"]) for row in each} >= {("plain GAN", "2"), ("untrained", "1")}


def test_the_median_is_the_middle_one_and_the_worst_the_last(tmp_path, monkeypatch):
    """Of the InfoGANs; the file to load names the seed of its run."""
    world, shown = WORLDS["chairs"]._replace(tests=2), []
    rows = []
    for seed, match in ((5, 0.9), (6, 0.2), (7, 0.5)):
        net = InfoGAN(world.settings, (1, 32, 32), torch.Generator().manual_seed(seed))
        world_runs.keep(net, world_runs.weights_of("chairs", seed, tmp_path))
        rows.append({"set": "chairs", "codes": "InfoGAN", "seed": seed, "match": match})
        rows.append(rows[-1] | {"codes": "untrained", "match": 0.1})
    report.write("worlds-seeds", rows, {}, tmp_path)
    monkeypatch.setattr(worlds, "sheet", lambda net: shown.append(net) or np.ones((8, 8, 1)))
    worlds.draw_sheets("chairs", world, tmp_path)
    assert [net.settings for net in shown] == [replace(world.settings, seed=s) for s in (6, 7)]
    kept = tmp_path / "worlds-chairs-median.safetensors"
    assert same_weights(kept, tmp_path / "weights/chairs-7.safetensors")
    monkeypatch.setattr(generators, "DATA", tmp_path)
    assert generators.median_run("chairs").settings == shown[1].settings


@pytest.mark.parametrize("change", [{"stages": ()}, {"blur": 2.0}])
def test_other_settings_put_aside_what_was_stored(tiny_run, monkeypatch, change):
    tiny_run(1)
    monkeypatch.setitem(WORLDS, "chairs", WORLDS["chairs"]._replace(**change))
    runs, each = tiny_run(2)
    assert {row["seed"] for row in runs} == {row["seed"] for row in each} == {"2"}


def test_a_summary_has_the_median_and_the_worst_seed():
    values = {"1": (0.9, 0.5), "2": (0.2, 0.6), "3": (0.8, 0.7)}
    rows = [
        {"set": "s", "codes": kind, "seed": seed, "factor": f, "strength": a / k, "made": b / k}
        for kind, k in (("InfoGAN", 1), ("untrained", 2))
        for seed, (a, b) in values.items()
        for f in "xy"
    ]
    found = worlds.summary(rows, "s")
    assert [row["factor"] for row in found] == ["x", "y"]
    assert (found[0]["strength"], found[0]["strength, worst"]) == (0.8, 0.2)
    assert (found[0]["made"], found[0]["made, worst"], found[0]["seeds"]) == (0.6, 0.5, 3)


# --- Stored runs -----------------------------------------------------------------------


@each_set
def test_stored_runs_are_all_there_and_possible(name):
    for kind in ("InfoGAN", "untrained"):
        runs = runs_of(name, kind)
        assert [int(row["seed"]) for row in runs] == list(worlds.SEEDS)
        for row in runs:
            numbers = [float(row[m]) for m in ("match", "MIG", "SAP", "D", "C", "I")]
            assert all(0 <= number <= 1 for number in numbers)
            codes = [row[f"L_I(c{i})"] for i in range(1, world_runs.CODES + 1)]
            assert len([bound for bound in codes if bound]) == len(WORLDS[name].settings.code.names)
    assert all(float(row["seconds"]) > 60 for row in runs_of(name))


@each_set
def test_stored_runs_are_those_of_the_present_settings(name):
    for table in worlds.TABLES[:2]:
        rows = report.made_with(table, "set", name, described(WORLDS[name]), report.SHOWN)
        assert len(rows) >= 2 * len(worlds.SEEDS)


@each_set
def test_stored_matchings_use_each_code_once(name):
    for row in runs_of(name) + runs_of(name, "untrained") + runs_of(name, "plain GAN"):
        each = matches_of(name, row["codes"], row["seed"])
        assert [m["factor"] for m in each] == list(WORLDS[name].factors)
        assert all(0 <= float(m[s]) <= 1 for m in each for s in ("strength", "next"))
        codes = [m["code"] for m in each if m["code"]]
        assert len(codes) == len(set(codes))
        mean = np.mean([float(m["strength"]) for m in each])
        assert float(row["match"]) == pytest.approx(mean)


@each_set
def test_stored_sheets_have_two_rows_for_each_code(name):
    median, worst = (np.asarray(image(name, which)) for which in ("median", "worst"))
    codes = len(WORLDS[name].settings.code.names)
    assert median.shape[:2] == worst.shape[:2] == (32 * ROWS * codes, 32 * COLUMNS)
    assert median.std() > 10 and worst.std() > 10 and not np.array_equal(median, worst)
