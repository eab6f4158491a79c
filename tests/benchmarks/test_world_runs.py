"""One run on a rendered set: what is measured, from nets and readings whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import one_hot

from benchmarks import world_runs
from benchmarks.factor_nets import FactorNet
from benchmarks.world_settings import WORLDS
from infogan_lite import InfoGAN, LatentCode
from infogan_lite.history import TrainingDiverged
from infogan_lite.results import world_claims
from infogan_lite.worlds.catalogue import factored, render
from infogan_lite.worlds.scene import Factor, Factored


@pytest.mark.parametrize("name", WORLDS)
def test_a_run_that_diverges_stays_in_the_table_and_clears_no_bar(name, monkeypatch, tmp_path):
    def diverge(*_):
        raise TrainingDiverged("no number", None, None)

    monkeypatch.setattr(world_runs, "trained", diverge)
    few = WORLDS[name]._replace(pictures=20)
    runs, each, digits = world_runs.one_run(name, few, "InfoGAN", 3, tmp_path)
    assert runs == digits == [] and [row["factor"] for row in each] == list(WORLDS[name].factors)
    good = [row | {"codes": "100 labels", "strength": "0", "made": ""} for row in each]
    judged = world_claims.judged([{k: str(v) for k, v in row.items()} for row in each + good])
    about = [found for found in judged if not found.claim.name.startswith("S3")]
    assert about and all(found.verdict[1:3] == (0, 1) for found in about)


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


def test_along_a_row_a_factor_moves_and_unreadable_ones_are_not_judged(monkeypatch):
    """Readings of three factors: its own goes all the way, one jumps and cannot be read well."""
    factors = (Factor("own", 0, 1), Factor("noisy", 0, 1), Factor("still", 0, 1))
    reader = FactorNet(torch.nn.Identity(), factors)
    line = torch.linspace(0, 1, 11)
    read = torch.stack([line, line % 0.7, torch.full((11,), 0.5)], dim=1).expand(4, 11, 3)
    monkeypatch.setattr(world_runs, "rows_read", lambda *_: read)
    net = InfoGAN(WORLDS["heads"].settings, (1, 32, 32))
    row = {"factor": "own", "code": "c1"}
    fits = {"own": 0.99, "noisy": 0.8, "still": 0.99}
    found = world_runs.along_rows(net, row, reader, fits, 4)
    assert found == {"moved": 1.0, "kept": 1.0, "same_digit": "", "net": 0.99}
    found = world_runs.along_rows(net, row, reader, fits | {"noisy": 0.96}, 4)
    assert found["kept"] == 0.0
    without = world_runs.along_rows(net, row | {"code": ""}, reader, fits, 4)
    assert without == {"moved": "", "kept": "", "same_digit": "", "net": 0.99}
