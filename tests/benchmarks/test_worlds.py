"""Heads, chairs, street numbers, portraits: the script at a tiny budget, and stored runs."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.nn.functional import one_hot

from benchmarks import common_axes, report, world_runs, worlds
from benchmarks.factor_nets import FactorNet
from benchmarks.known_factors import COLUMNS, ROWS
from benchmarks.options import Options
from benchmarks.world_settings import WORLDS, described
from infogan_lite import InfoGAN, LatentCode, recipe
from infogan_lite.worlds.catalogue import factored, render
from infogan_lite.worlds.scene import Factor, Factored

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


def test_the_median_is_the_middle_one_and_the_worst_the_last(tiny_run, tmp_path):
    runs, _ = tiny_run(1, 2, 3)
    mine = sorted((float(r["match"]), r["seed"]) for r in runs if r["codes"] == "InfoGAN")
    kept = tmp_path / "worlds-chairs-median.safetensors"
    own = {seed: tmp_path / f"weights/chairs-{seed}.safetensors" for _, seed in mine}
    assert [seed for seed, path in own.items() if same_weights(path, kept)] == [mine[1][1]]


@pytest.mark.parametrize("change", [{"stages": ()}, {"blur": 2.0}])
def test_other_settings_put_aside_what_was_stored(tiny_run, monkeypatch, change):
    tiny_run(1)
    monkeypatch.setitem(WORLDS, "chairs", WORLDS["chairs"]._replace(**change))
    runs, each = tiny_run(2)
    assert {row["seed"] for row in runs} == {row["seed"] for row in each} == {"2"}


@pytest.mark.parametrize("name", [n for n, w in WORLDS.items() if w.mirrored])
def test_a_mirror_image_is_the_picture_of_the_mirrored_factors(name):
    both = world_runs.both_ways(WORLDS[name], factored(name, 8, 3))
    assert len(both.images) == len(both.factors) == 16
    expected = render(name, both.factors)
    assert (both.images - expected).abs().max() < 2e-3
    assert (both.images[:8] - both.images[8:]).abs().max() > 0.1


def test_nothing_is_mirrored_where_a_mirror_leaves_the_set():
    data = factored("chairs", 8, 3)
    assert world_runs.both_ways(WORLDS["chairs"], data) is data


def test_ceilings_are_those_of_the_codes_form():
    """Six categories of 20 bins know ln 6 / ln 20; a number has no ceiling."""
    net = InfoGAN(WORLDS["chairs"].settings, (1, 32, 32))
    truth = np.column_stack([np.repeat(np.arange(12), 100), np.linspace(0, 1, 1200)])
    table = world_runs.ceilings(net, truth, [True, False])
    assert table[0] == pytest.approx([np.log(6) / np.log(12), np.log(6) / np.log(20)])
    assert np.all(table[1:] == 1)


def test_the_digit_is_claimed_by_the_category_that_knows_it():
    rng = np.random.default_rng(0)
    digit = rng.integers(0, 10, 1000)
    other, half, number = rng.integers(0, 3, 1000), digit // 5, digit / 10
    codes = np.column_stack([other, half, number])
    i, strength = world_runs.claim(codes, [True, True, False], digit)
    assert i == 1 and strength == pytest.approx(np.log(2) / np.log(10), abs=0.01)
    assert world_runs.claim(codes, [False] * 3, digit) == (0, 0.0)


def test_a_picture_counts_with_the_digit_that_its_category_stands_for(monkeypatch):
    """Q knows each digit and G draws the next: all pictures are plain, and none is right."""
    digit = torch.arange(200) % 10
    world, codes = WORLDS["streets"], digit.float()[:, None].numpy()
    net = InfoGAN(replace(world.settings, code=LatentCode((10,), 0)), (3, 32, 32))
    data = Factored(torch.zeros(200, 1), digit[:, None].float(), ("digit",), (True,))
    reader = FactorNet(torch.nn.Identity(), (Factor("digit", 0, 9, discrete=True),))
    for shift, expected in ((0, 1.0), (1, 0.0)):
        images = 100 * one_hot((digit + shift) % 10, 10).float()
        monkeypatch.setattr(world_runs, "pictures", lambda *_, x=images: data._replace(images=x))
        monkeypatch.setattr(world_runs, "readings", lambda *_: (codes, [True]))
        monkeypatch.setattr(world_runs, "drawn", lambda *_, x=images: (codes, x))
        monkeypatch.setattr(world_runs, "lessons", lambda *_: (reader, {}))
        row = world_runs.plain_digits("streets", world, net)
        assert row == {"claim": pytest.approx(1), "made": expected, "real": 1, "part": expected}


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
