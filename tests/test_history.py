"""What training writes down, and where a run starts."""

import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch

from infogan_lite import Settings
from infogan_lite.history import ALONE, History, Interrupts, start

pytestmark = pytest.mark.sensitive


@pytest.fixture
def tiny(tiny) -> Settings:
    """With rates that fall over the last 3 of 5 steps."""
    return replace(tiny, augment=0.2, decay_from=0.4)


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


def test_entries_of_a_history_line_up():
    history = History()
    for step in (2, 4):
        history.append(step, step / 10, 1.0, 2.0, {"c1": 0.1 * step, "c2": -0.1})
    assert (history.step, history.seconds) == ([2, 4], [0.2, 0.4])
    assert history.bound == {"c1": pytest.approx([0.2, 0.4]), "c2": [-0.1, -0.1]}


def test_a_draw_is_rows_of_the_images_and_follows_the_seed(tiny, images):
    one, other = (start(tiny, (1, 8, 8)).draw(images) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    x, z, c = one
    assert (len(x), z.shape, c.shape) == (8, (8, 4), (8, 5))
    assert all(any(torch.equal(row, image) for image in images) for row in x)
    third = start(replace(tiny, seed=1), (1, 8, 8)).draw(images)
    assert not any(torch.equal(a, b) for a, b in zip(one, third, strict=True))


def test_ctrl_c_waits_until_it_is_released():
    interrupts = Interrupts(ALONE)
    interrupts.hold()
    try:
        signal.raise_signal(signal.SIGINT)  # nothing happens yet
    finally:
        with pytest.raises(KeyboardInterrupt):
            interrupts.release()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
