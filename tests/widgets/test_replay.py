"""Snapshots of a training, and the replay that carries them."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from infogan_lite import History, InfoGAN, LatentCode, sample_noise, train
from infogan_lite.classifier import reader
from infogan_lite.inputs import Dataset
from infogan_lite.widgets.replay import Snapshots, replay

LEVEL = 1 / 255


@pytest.fixture
def data(images) -> Dataset:
    labels = torch.arange(32) % 4
    return Dataset(images, labels, images, labels)


def log(history: History, step: int, value: float) -> History:
    history.append(step, 0.0, 1.0, 1.0, {"c1": value, "c2": 0.0, "c3": 0.0})
    return history


def test_snapshots_are_taken_when_it_is_time(model, data):
    snapshots, history = Snapshots(2, data), History()
    for step in range(1, 6):
        snapshots(model, log(history, step, float(step)))
    assert [s.step for s in snapshots] == [2, 4, 5]  # 5 is the last step of these settings
    assert [s.bound["c1"] for s in snapshots] == [1.5, 3.5, 5.0]  # means since the one before
    last = snapshots.taken[-1]
    assert last.images.shape == (5, 3, 1, 8, 8)
    z = sample_noise(1, 4, torch.Generator().manual_seed(0))
    expected = model.generate(z, torch.tensor([[0, 1, 0, -1.0, 0]]))[0]
    torch.testing.assert_close(last.images[1, 1], expected)
    guess = reader(model, data.x_train).recognise(data.x_test).logits[0].argmax(1)
    for k, label in np.ndindex(3, 4):
        assert last.confusion[k, label] == ((guess == k) & (data.y_test == label)).sum()


def test_another_run_starts_afresh(model, data):
    snapshots = Snapshots(1, data)
    for history in (History(), History()):
        for step in (1, 2):
            snapshots(model, log(history, step, 0.5))
    assert [s.step for s in snapshots] == [1, 2]


def test_replay_carries_the_snapshots(model, data, tmp_path):
    snapshots = Snapshots(1, data)
    for step in (1, 2):
        snapshots(model, log(History(), step, 0.5))
    widget = replay(snapshots)
    sheet = np.asarray(Image.open(io.BytesIO(widget.sheet)).convert("L")) / 255
    assert sheet.shape == (2 * 5 * 8, 3 * 8)
    picture = snapshots.taken[1].images[3, 2, 0].numpy()
    assert np.abs(1 - sheet[40 + 24 : 40 + 32, 16:24] - picture).max() < LEVEL
    assert widget.confusion[1] == snapshots.taken[1].confusion.tolist()


def test_an_angle_stands_at_0_in_a_replay(tiny, data):
    model = InfoGAN(replace(tiny, code=LatentCode((3,), 1, 1)), (1, 8, 8)).eval()
    snapshots = Snapshots(1, data)
    snapshots(model, log(History(), 1, 0.5))
    z = sample_noise(1, 4, torch.Generator().manual_seed(0))
    expected = model.generate(z, torch.tensor([[0, 0, 1, -2.0, 1, 0]]))[0]
    torch.testing.assert_close(snapshots.taken[0].images[0, 2], expected)


def test_a_replay_of_nothing_is_refused(tiny, data):
    with pytest.raises(ValueError, match="got 0"):
        replay([])
    model = InfoGAN(replace(tiny, code=LatentCode((), 2)), (1, 8, 8))
    with pytest.raises(ValueError, match="categorical"):
        Snapshots(1, data)(model, log(History(), 1, 0.0))


def test_more_snapshots_than_a_replay_shows_are_refused_at_the_first(tiny, images):
    data = Dataset(images, torch.zeros(32).long(), images, torch.zeros(32).long())
    with pytest.raises(ValueError, match="more than the 100 that a replay shows"):
        train(images, replace(tiny, steps=101), [Snapshots(1, data)], device="cpu")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (torch.empty(12, 0).long(), "there are no labels"),
        (torch.full((12,), -1), "y_test has a -1"),
        (torch.arange(12) + 30_000, "labels from 0 to 99, got a 30011"),
        (torch.rand(12), "y_test must be integers"),
    ],
)
def test_labels_that_no_table_has_a_column_for_are_refused_before_training(data, labels, message):
    """Ids from 30,000 on made a table of 30,012 rows and columns, in the midst of training."""
    with pytest.raises(ValueError, match=message):
        Snapshots(1, data._replace(y_test=labels))


@pytest.mark.parametrize("every", [0, 2.5, "2"])
def test_the_distance_of_snapshots_is_a_whole_number(data, every):
    with pytest.raises(ValueError, match="every must be a whole number from 1 on"):
        Snapshots(every, data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_test": torch.zeros(32, 1, 4, 4)}, r"x_test must be n pictures of shape \(1, 8, 8\)"),
        ({"x_train": torch.full((32, 1, 8, 8), 9.0)}, r"x_train must lie in \[0, 1\]"),
    ],
)
def test_pictures_that_cannot_be_sorted_are_refused_at_the_first_entry(
    tiny, images, data, change, message
):
    """Not after 500 steps, when the first snapshot is taken."""
    settings, seen = replace(tiny, steps=50), []
    snapshots = Snapshots(50, data._replace(**change))
    with pytest.raises(ValueError, match=message):
        train(images, settings, [lambda m, h: seen.append(h.step[-1]), snapshots], device="cpu")
    assert seen == [1]


def test_a_label_each_is_wanted(data):
    with pytest.raises(ValueError, match="x_test and y_test .* got 32 and 5"):
        Snapshots(1, data._replace(y_test=data.y_test[:5]))


def test_a_distance_that_callbacks_cannot_keep_is_refused_at_the_first_entry(tiny, images, data):
    """A snapshot each 6 steps where one each 3 was asked for, and nobody is told."""
    settings, seen = replace(tiny, steps=12, log_every=2), []
    watch = [lambda m, h: seen.append(h.step[-1]), Snapshots(3, data)]
    with pytest.raises(
        ValueError, match="every must be a multiple of log_every, which is 2, got 3"
    ):
        train(images, settings, watch, device="cpu")
    assert seen == [2]
    train(images, settings, [snapshots := Snapshots(4, data)], device="cpu")
    assert [s.step for s in snapshots] == [4, 8, 12]
