"""All rendered data sets: shapes, ranges, seeds, and what cannot be rendered."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infogan_lite.worlds.catalogue import SETS, factored, render, space
from rendered import table

sets = pytest.mark.parametrize("name", SETS)
CHANNELS = {"heads": 1, "chairs": 1, "streets": 3, "portraits": 3, "shapes": 1}


@sets
def test_pictures_and_factors_have_their_shapes_types_and_ranges(name):
    data = factored(name, 40, seed=3)
    k = len(space(name))
    assert data.images.shape == (40, CHANNELS[name], 32, 32) and data.factors.shape == (40, k)
    assert data.images.dtype == data.factors.dtype == torch.float32
    assert 0 <= data.images.min() < 0.25 and 0.75 < data.images.max() <= 1
    assert data.names == tuple(f.name for f in space(name)) and len(set(data.names)) == k
    assert data.discrete == tuple(f.discrete for f in space(name))


@sets
def test_a_seed_gives_the_same_pictures_and_leaves_the_random_state(name):
    before = torch.get_rng_state()
    one, two, other = (factored(name, 12, seed=s) for s in (5, 5, 6))
    assert torch.equal(one.images, two.images) and torch.equal(one.factors, two.factors)
    assert not torch.equal(one.factors, other.factors)
    assert torch.equal(torch.get_rng_state(), before)


@sets
def test_a_picture_depends_on_its_own_row_alone(name):
    data = factored(name, 21)
    alone = torch.cat([render(name, row[None]) for row in data.factors])
    torch.testing.assert_close(alone, data.images, atol=2e-3, rtol=0)


@sets
def test_each_factor_changes_the_picture(name):
    base = table(name, 2)
    for j, f in enumerate(space(name)):
        rows = base.clone()
        rows[:, j] = torch.tensor([f.low, f.low + (1 if f.discrete else 0.65 * (f.high - f.low))])
        one, two = render(name, rows)
        assert (one - two).abs().max() > 0.04, f.name


@sets
@pytest.mark.parametrize("size", [8, 64])
def test_a_picture_of_another_size_shows_the_same(name, size):
    rows = table(name, 1)
    common = 8
    small, usual = (
        torch.nn.functional.adaptive_avg_pool2d(render(name, rows, s), common) for s in (size, 32)
    )
    assert (small - usual).abs().mean() < 0.08
    assert render(name, rows, size).shape == (1, CHANNELS[name], size, size)


@pytest.mark.parametrize("call", [lambda: factored("people", 3), lambda: render("", None)])
def test_an_unknown_name_is_answered_with_the_known_ones(call):
    with pytest.raises(
        ValueError, match="unknown rendered set.*heads, chairs, streets, portraits, shapes"
    ):
        call()


BAD_CALLS = [
    (lambda: factored("shapes", 2.5), "n must be a whole number from 1 on, got 2.5"),
    (lambda: factored("shapes", "3"), "n must be a whole number from 1 on, got '3'"),
    (lambda: factored("shapes", -1), "n must be a whole number from 1 on, got -1"),
    (lambda: factored("shapes", 1, size=32.5), "size must be a whole number from 8 on, got 32.5"),
    (
        lambda: factored("shapes", 1, size=math.nan),
        "size must be a whole number from 8 on, got nan",
    ),
    (lambda: factored("shapes", 1, seed=0.5), "seed must be a whole number from 0 on, got 0.5"),
    (lambda: render("shapes", [["a"] * 5]), "factors must be a table of real numbers"),
    (lambda: render("shapes", [[0.0] * 5, [1.0]]), "factors must be a table of real numbers"),
    (lambda: render("shapes", torch.zeros(1, 5) + 1j), "factors must be a table of real numbers"),
    (lambda: render("shapes", torch.zeros(5)), r"shape \(n, 5\).*, got \(5,\)"),
    (lambda: render("shapes", torch.zeros(0, 5)), r"shape \(n, 5\).*, got \(0, 5\)"),
    (lambda: render("shapes", torch.full((1, 5), 9.0)), r"shape must lie in \[0, 2\], got 9"),
    (lambda: space(["shapes"]), "unknown rendered set"),
    (lambda: space(None), "unknown rendered set"),
]


@pytest.mark.parametrize(("call", "message"), BAD_CALLS)
def test_common_mistakes_are_answered_with_what_was_found(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_numbers_of_numpy_are_numbers():
    wanted = factored("shapes", 2, seed=3)
    found = factored("shapes", np.int64(2), seed=np.int64(3), size=np.float32(32))
    assert torch.equal(found.images, wanted.images)
    assert torch.equal(render("shapes", wanted.factors.double().numpy()), wanted.images)


@given(st.integers(0, 4), st.floats(-1e30, 1e30), st.sampled_from(sorted(SETS)))
def test_a_value_is_drawn_if_and_only_if_it_lies_in_its_range(j, value, name):
    factor, rows = space(name)[j % len(space(name))], table(name).double()
    rows[0, j % len(space(name))] = value
    fits = factor.low <= value <= factor.high and not (factor.discrete and value % 1)
    near = min(abs(value - factor.low), abs(value - factor.high)) < 1e-4 * (1 + abs(factor.high))
    if fits:
        assert torch.isfinite(render(name, rows, 8)).all()
    elif not near:
        with pytest.raises(ValueError, match=f"^{factor.name} (must lie in|counts).*got"):
            render(name, rows, 8)


@sets
def test_what_cannot_be_rendered_is_refused(name):
    with pytest.raises(ValueError, match="n must be a whole number from 1 on, got 0"):
        factored(name, 0)
    with pytest.raises(ValueError, match="size must be a whole number from 8 on, got 7"):
        factored(name, 1, size=7)
    with pytest.raises(ValueError, match=r"shape \(n, \d+\): .*" + space(name)[-1].name):
        render(name, torch.zeros(2, 1))
    for j, f in enumerate(space(name)):
        for wrong in (f.high + 1, f.low - 1, math.nan):
            rows = table(name)
            rows[0, j] = wrong
            with pytest.raises(ValueError, match=f"^{f.name} must lie in"):
                render(name, rows)
