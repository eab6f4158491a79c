"""The bound, to turn by hand; its numbers are tested in ``test_javascript``."""

import numpy as np
import pytest
import torch

from infogan_lite.widgets.bound import bound_explorer
from without_float64 import OnMPS


def test_the_joint_table_is_prior_times_channel_and_takes_zeros():
    prior, channel = np.array([0.75, 0.25, 0]), np.array([[0.5, 0.5, 0], [0, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(bound_explorer(prior, channel).joint, prior[:, None] * channel)


def test_without_a_channel_it_is_that_of_the_channel_explorer_with_noise_04():
    prior = np.array([0.5, 0.3, 0.2])
    channel = 0.6 * np.eye(3) + 0.4 / 3
    np.testing.assert_allclose(bound_explorer(prior).joint, prior[:, None] * channel)


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


def on_mps(numbers: list) -> torch.Tensor:
    return torch.tensor(numbers).as_subclass(OnMPS)


@pytest.mark.parametrize("kind", [np.float32, np.float64, torch.tensor, on_mps, list])
def test_a_prior_of_any_kind_is_the_same(kind):
    given = np.full(4, 0.25, kind) if kind in (np.float32, np.float64) else kind([0.25] * 4)
    assert bound_explorer(given).joint == bound_explorer((0.25,) * 4).joint
