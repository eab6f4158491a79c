"""Generators of rendered worlds that come with the package."""

from dataclasses import replace

import pytest
import torch

from benchmarks.report import SHOWN, read
from benchmarks.world_settings import WORLDS
from infogan_lite import traverse
from infogan_lite.results.generators import median_run
from infogan_lite.worlds.catalogue import factored


@pytest.mark.parametrize("name", WORLDS)
def test_the_median_run_draws_pictures_of_its_world(name):
    """Codes change what it draws, far more than half precision rounds."""
    model, real = median_run(name), factored(name, 50).images
    rows = traverse(model, model.code.names[-1], rows=20)
    assert rows.shape[2:] == real.shape[1:] and not model.training
    assert rows.std(dim=1).mean() > 0.01
    mean = (1 - real if WORLDS[name].ink else real).mean(0)
    near = (rows.flatten(0, 1).mean(0) - mean).abs().mean()
    grey = (torch.full_like(mean, 0.5) - mean).abs().mean()
    assert near < grey / 2


@pytest.mark.parametrize("name", WORLDS)
def test_it_is_the_run_in_the_middle(name):
    """Of five runs, by the mean strength; its settings are those of that run."""
    rows, _ = read(SHOWN / "worlds-seeds.csv")
    mine = [row for row in rows if (row["set"], row["codes"]) == (name, "InfoGAN")]
    by_match = sorted(mine, key=lambda row: float(row["match"]))
    assert len(mine) == 5
    expected = replace(WORLDS[name].settings, seed=int(by_match[2]["seed"]))
    assert median_run(name).settings == expected
    assert (SHOWN / f"worlds-{name}-median.safetensors").stat().st_size <= 600_000


def test_an_unknown_set_is_named():
    with pytest.raises(ValueError, match=r"no stored run on 'cats'; there are: chairs, heads"):
        median_run("cats")
