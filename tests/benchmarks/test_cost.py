"""What Q adds to a GAN."""

from dataclasses import replace

import pytest

from benchmarks import cost
from infogan_lite import History, Settings
from infogan_lite.recipe import practice_weight

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


def test_the_whole_recipe_stands_beside_a_gan_whose_q_watches(images, monkeypatch):
    """All else is alike, and a step of a longer run is not dearer."""
    settings, seen = replace(SMALL, sigma=0.3, steps=4), []

    def train(images, settings, device):
        assert device == "cpu"  # as the other rows
        seen.append(settings)
        return None, History(seconds=[0.1, 4 if settings.lam == 0 else 6])

    monkeypatch.setattr(cost, "train", train)
    (row,) = cost.cost_of_recipe(images, settings, turns=1)
    assert seen[:2] == [replace(settings, **cost.PLAIN), settings]
    assert (row["gan_ms"], row["infogan_ms"], row["more_time"]) == (1000, 1500, 0.5)
    assert practice_weight(settings, 4) == 1 and practice_weight(seen[0], 4) == 0
