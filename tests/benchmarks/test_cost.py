"""What Q adds to a GAN."""

from dataclasses import replace

import pytest

from benchmarks import cost
from infogan_lite import Settings

SMALL = Settings(channels=(4, 8), hidden=8, q_hidden=5, batch_size=8, steps=2, sigma=None)


def test_q_adds_the_arithmetic_of_its_two_layers(images):
    gan = cost.count_flops(lambda: cost.plain_loop(images, SMALL, 1, 0, False))
    row, again = cost.cost(images, "small", SMALL, steps=1, turns=2)
    outputs = 10 + 2 * 3
    by_hand = 3 * 2 * 8 * (8 * 5 + 5 * outputs)  # forward, and two gradients
    assert row["more_arithmetic"] * gan == pytest.approx(by_hand)
    assert (row["turn"], again["turn"]) == (0, 1)


def test_both_take_turns_and_the_second_begins_every_other_time(images, monkeypatch):
    order = []

    def loop(images, settings, steps, warmup=2, informed=True):
        order.append(informed)
        return 0.3 if informed else 0.2

    monkeypatch.setattr(cost, "plain_loop", loop)
    monkeypatch.setattr(cost, "count_flops", lambda _: 1)
    rows = cost.cost(images, "small", SMALL, steps=10, turns=2)
    assert order == [False, True] * cost.TRIES + [True, False] * cost.TRIES
    assert [row["more_time"] for row in rows] == pytest.approx([0.5, 0.5])
    assert rows[0]["gan_ms"] == pytest.approx(20) and rows[0]["infogan_ms"] == pytest.approx(30)


def test_the_best_of_some_tries_counts():
    times = iter([2.0, 5.0, 1.0, 4.0, 3.0, 6.0])
    assert cost.in_turns(0, lambda _: next(times)) == (1000, 4000)


def test_the_whole_recipe_stands_beside_a_gan_whose_q_watches(images):
    (row,) = cost.cost_of_recipe(images, replace(SMALL, sigma=0.3), turns=1)
    assert row["more_time"] == pytest.approx(row["infogan_ms"] / row["gan_ms"] - 1)
