"""What Q adds to a GAN."""

import pytest

from benchmarks.cost import cost
from infogan_lite import Settings


def test_q_adds_the_arithmetic_of_its_two_layers(images):
    small = Settings(channels=(4, 8), hidden=8, q_hidden=5, batch_size=8, sigma=None)
    (row,) = cost(images, {"small": small}, steps=1, rounds=1)
    outputs = 10 + 2 * 3
    by_hand = 3 * 2 * 8 * (8 * 5 + 5 * outputs)  # forward, and two gradients
    assert 1e9 * (row["infogan_gflop"] - row["gan_gflop"]) == pytest.approx(by_hand)
    assert row["more_time"] == pytest.approx(row["infogan_ms"] / row["gan_ms"] - 1)
