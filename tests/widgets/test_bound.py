"""The bound and its gap add up to the information."""

import numpy as np
import pytest
import torch

from infogan_lite.widgets.bound import bound_explorer, bound_numbers


@pytest.mark.parametrize("mix", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("temperature", [0.25, 1.0, 4.0])
def test_bound_and_gap_add_up(mix, temperature):
    numbers = bound_numbers(
        torch.tensor(bound_explorer().joint, dtype=torch.float64), mix, temperature
    )
    assert numbers["L_I"] + numbers["gap"] == pytest.approx(numbers["I"], abs=1e-12)
    exact = mix == 0 and temperature == 1
    assert (numbers["gap"] < 1e-12) == exact


@pytest.mark.parametrize(
    ("prior", "channel"),
    [
        ((0.5, 0.5), ((1.0, 0.0), (0.0, 1.0))),  # without noise
        ((0.75, 0.25, 0.0), ((0.5, 0.5, 0), (0, 1, 0), (0, 0, 1))),  # a c and an x that never are
    ],
)
def test_the_bound_takes_zeros(prior, channel):
    p_cx = torch.tensor(bound_explorer(prior, channel).joint, dtype=torch.float64)
    numbers = bound_numbers(p_cx, 0.5, 1.0)
    table = p_cx.numpy()
    seen = table[table > 0]
    q = (0.5 * table / np.maximum(table.sum(0), 1e-300) + 0.5 / len(table))[table > 0]
    h = -sum(p * np.log(p) for p in prior if p)
    assert numbers["L_I"] == pytest.approx(h + (seen * np.log(q)).sum(), abs=1e-12)
    assert numbers["L_I"] + numbers["gap"] == pytest.approx(numbers["I"], abs=1e-12)


def test_rows_and_columns_have_names():
    widget = bound_explorer((0.5, 0.5), ((1.0, 0.0), (0.0, 1.0)), codes=["heads", "tails"])
    assert widget.codes == ["heads", "tails"]
    assert widget.pictures == ["0", "1"]
    with pytest.raises(ValueError, match="pictures needs 2 names, got 1"):
        bound_explorer((0.5, 0.5), ((1.0, 0.0), (0.0, 1.0)), pictures=["oval"])


def test_what_is_no_distribution_is_refused():
    with pytest.raises(ValueError, match="distribution"):
        bound_explorer((0.5, 0.6), ((0.5, 0.5), (0.5, 0.5)))


@pytest.mark.parametrize("prior", [None, "ab", 0.5, [], [[0.5, 0.5]], [0.5, "x"]])
def test_what_is_no_prior_is_refused_by_name(prior):
    with pytest.raises(ValueError, match="prior|values of c"):
        bound_explorer(prior)


@pytest.mark.parametrize("kind", [np.float32, np.float64, torch.tensor, list])
def test_a_prior_of_any_kind_is_the_same(kind):
    given = kind([0.25] * 4) if kind in (list, torch.tensor) else np.full(4, 0.25, kind)
    assert bound_explorer(given).joint == bound_explorer((0.25,) * 4).joint
