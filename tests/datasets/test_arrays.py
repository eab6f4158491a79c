"""Pictures in arrays: every clear form, squared as files are, and a sentence for each bad one."""

import numpy as np
import pytest
import torch
from PIL import Image

from infogan_lite import load
from infogan_lite.datasets.arrays import LEAST, from_array
from infogan_lite.datasets.folders import read_folder
from pictures import fill, noise

SOME = np.random.default_rng(0).random((60, 8, 8))


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ((60, 28, 28), (1, 28, 28)),
        ((60, 1, 30, 30), (1, 28, 28)),
        ((60, 40, 50, 3), (3, 32, 32)),
        ((60, 3, 64, 64), (3, 64, 64)),
        ((60, 36, 50), (1, 32, 32)),
    ],
)
@pytest.mark.parametrize("kind", ["bytes", "floats", "tensor"])
def test_arrays_of_every_clear_form(shape, wanted, kind):
    x = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    if kind != "bytes":
        x = x.astype(np.float32) / 255
    data = load(torch.from_numpy(x) if kind == "tensor" else x)
    assert data.x_train.shape == (48, *wanted) and data.x_test.shape == (12, *wanted)
    assert data.y_train.shape == (48, 0)


def test_labels_stay_with_their_pictures():
    x = torch.linspace(0, 1, 100)[:, None, None, None].expand(-1, 1, 8, 8)
    data = load(x, labels=np.arange(100) // 5)
    for images, labels in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert torch.equal((99 * images[:, 0, 0, 0]).round().long() // 5, labels)


@pytest.mark.parametrize("each", [1, 2, 4])
def test_labels_that_cannot_be_split_are_none_as_subfolders_are(tmp_path, each):
    labels = np.arange(60) // each
    for i, kind in enumerate(labels):
        (tmp_path / f"{kind:02}").mkdir(exist_ok=True)
        Image.fromarray((255 * SOME[i]).astype(np.uint8)).save(tmp_path / f"{kind:02}/{i:02}.png")
    said = []
    for source, given, what in ((tmp_path, {}, "subfolders"), (SOME, {"labels": labels}, "labels")):
        with pytest.warns(
            UserWarning, match=f"{60 // each} {what} do not count as kinds"
        ) as warned:
            data = load(source, **given)
        said.append(str(warned[0].message).split(what)[1])
        assert data.y_train.shape == (48, 0) and data.y_test.shape == (12, 0)
    assert said[0] == said[1] and "no error is measured" in said[0]


@pytest.mark.parametrize("read", [load, from_array])
def test_the_warning_points_at_the_line_that_reads(read):
    """Python shows a warning once for each line, so one of ours would be shown once for all."""
    with pytest.warns(UserWarning, match="do not count as kinds") as warned:
        read(SOME, labels=np.arange(60))
    assert [warning.filename for warning in warned] == [__file__]


def test_of_each_label_a_fifth_is_held_out():
    labels = np.repeat([3, 0, 7], [100, 10, 5])
    data = load(np.random.default_rng(0).random((115, 8, 8)), labels=labels)
    assert data.y_test.bincount().tolist() == [2, 0, 0, 20, 0, 0, 0, 1]
    assert len(data.y_train) == 92


def test_arrays_are_cropped_and_padded_as_files_are(tmp_path):
    fill(tmp_path, h=32, w=48)
    stack = np.stack([noise(32, 48, i) for i in range(LEAST)])
    for fit, size in (("crop", 32), ("pad", 48)):
        files = read_folder(tmp_path, size=size, fit=fit).dataset()
        array = from_array(stack, size=size, fit=fit)  # the median of bytes is rounded
        torch.testing.assert_close(array.x_train, files.x_train, rtol=0, atol=0.03)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (
            torch.rand(10, 1, 8, 8),
            None,
            "at least 50 different pictures are needed to learn from, got 10",
        ),
        (np.zeros((60, 8, 8), np.uint8), None, "at least 50 different .*, got 1 among 60"),
        (torch.rand(49, 1, 8, 8).repeat(3, 1, 1, 1), None, "50 different .*, got 49 among 147"),
        (torch.rand(60, 1, 8, 8), [0], "a label for each of 60 pictures, got 1"),
        (300 * torch.rand(60, 1, 8, 8), None, r"must lie in \[0, 1\]"),
        (torch.rand(60, 1, 8, 8), [0.5] * 60, "labels must be integers, got float64"),
        (torch.rand(60, 1, 8, 8), [-1] * 60, "labels has a -1"),
        (torch.rand(60, 1, 8, 8), ["cat"] * 60, r"give np.unique\(labels, return_inverse=True\)"),
        (torch.rand(60, 1, 8, 8), np.eye(60), "labels must be integers"),
        (torch.rand(60, 1, 8, 8), 3, r"labels must have the shape \(n,\), got \(\)"),
        (torch.rand(60, 8), None, "images must be n pictures of shape"),
        (torch.rand(60, 0, 8), None, "images must have pixels"),
        (torch.rand(60, 5, 8, 8), None, "images must be n pictures of shape"),
    ],
)
def test_a_bad_array_is_one_clear_sentence(images, labels, message):
    with pytest.raises(ValueError, match=message):
        load(images, labels=labels)


def test_attributes_are_labels_side_by_side():
    data = load(SOME, labels=np.ones((60, 3), bool))
    assert data.y_train.shape == (48, 3) and data.y_train.dtype == torch.int64


@pytest.mark.parametrize("shape", [(480, 640, 3), (60, 8, 1), (513, 513, 3), (60, 1, 1)])
def test_one_picture_in_color_is_not_cut_into_many(shape):
    """Its rows would have been gray pictures of three columns each."""
    with pytest.raises(ValueError, match=f"must be several pictures.*{shape[0]}, {shape[1]}"):
        load(np.zeros(shape, np.float32))


@pytest.mark.parametrize("size", [20.0, np.int64(20), torch.tensor(20)])
def test_a_size_is_a_whole_number_of_any_kind(tmp_path, size):
    assert load(SOME, size=size).x_train.shape == (48, 1, 20, 20)
    assert load(fill(tmp_path), size=size).x_train.shape[2:] == (20, 20)


@pytest.mark.parametrize("size", ["32", True, [32], np.array([32, 32]), 32.5, float("nan")])
def test_a_size_of_another_kind_is_named(tmp_path, size):
    for source in (SOME, fill(tmp_path)):
        with pytest.raises(ValueError, match="^size must be a whole number"):
            load(source, size=size)


def test_labels_that_are_masked_or_ragged_are_named():
    for labels in (np.ma.masked_equal(np.arange(60) % 3, 2), [[1, 2], [3]] * 30):
        with pytest.raises(ValueError, match="labels"):
            load(SOME, labels=labels)
