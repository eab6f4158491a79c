"""What training writes down, and where a run starts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch

from infogan_lite import Settings
from infogan_lite.history import start

pytestmark = pytest.mark.sensitive


@pytest.fixture
def tiny(tiny) -> Settings:
    """With the penalty at steps 2 and 4, and rates that fall over the last 3 of 5 steps."""
    return replace(tiny, augment=0.2, r1=0.7, r1_every=2, decay_from=0.4)


def test_first_weights_follow_the_seed_in_any_thread_and_dtype(tiny):
    def first(seed: int) -> torch.Tensor:
        return start(replace(tiny, seed=seed), (1, 8, 8)).model.G.dense[0].weight.detach()

    seeds = [i % 5 for i in range(50)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(first, seeds))
    assert all(torch.equal(value, first(seed)) for value, seed in zip(found, seeds, strict=True))
    try:
        torch.set_default_dtype(torch.float64)
        assert torch.equal(first(0), found[0].double())
    finally:
        torch.set_default_dtype(torch.float32)
