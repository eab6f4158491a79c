"""Pictures of one's own: what is read, what is left out, and a sentence for each bad folder."""

import os
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from infogan_lite import load
from infogan_lite.datasets.arrays import LEAST
from infogan_lite.datasets.folders import read_folder
from pictures import fill, noise

# --- What is read ---------------------------------------------------------------------


def test_a_flat_folder_in_color(tmp_path):
    found = read_folder(fill(tmp_path / "a"))
    assert found.images.shape == (LEAST, 3, 32, 32) and found.images.dtype == torch.float32
    assert found.images.min() >= 0 and found.images.max() <= 1
    assert found.classes == [] and found.labels.shape == (LEAST, 0) and not found.left_out
    assert found.files == [f"{i:03}.png" for i in range(LEAST)]


def test_pixels_arrive_unchanged_where_nothing_is_resized(tmp_path):
    found = read_folder(fill(tmp_path / "a", h=28, w=28))
    wanted = torch.from_numpy(noise(28, 28, seed=3)).permute(2, 0, 1) / 255
    torch.testing.assert_close(found.images[3], wanted)


def test_subfolders_are_classes_and_training_sees_none_of_them(tmp_path):
    for i, name in enumerate(("cats", "dogs")):
        fill(tmp_path / name / "deep", n=30, seed=100 * i)
    found = read_folder(tmp_path)
    assert found.classes == ["cats", "dogs"] and found.labels.bincount().tolist() == [30, 30]
    data = load(tmp_path)
    assert len(data.x_train) == 48 and len(data.x_test) == 12
    assert sorted([*data.y_train, *data.y_test]) == [0] * 30 + [1] * 30


def test_of_each_class_a_fifth_is_held_out_and_a_lone_picture_is_trained_on(tmp_path):
    for i, n in enumerate((100, 25, 15, 1)):
        fill(tmp_path / f"kind{i}", n=n, h=8, w=8, seed=1000 * i)
    data = load(tmp_path)
    assert data.y_test.bincount().tolist() == [20, 5, 3]
    assert data.y_train.bincount().tolist() == [80, 20, 12, 1]
    again = load(tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(data, again, strict=True))
    seen = {x.numpy().tobytes() for x in (*data.x_train, *data.x_test)}
    assert len(seen) == 141  # none is on both sides
    assert len(data.y_train[:60].unique()) >= 3  # of which a sheet is drawn


@pytest.mark.parametrize("each", [1, 2, 4])
def test_subfolders_of_few_pictures_are_no_classes_to_measure(tmp_path, each):
    """Sixty kinds of one picture each: no kind that is held out was trained on."""
    for i in range(60 // each):
        fill(tmp_path / f"kind{i:02}", n=each, h=8, w=8, seed=each * i)
    with pytest.warns(UserWarning, match=f"{60 // each} subfolders do not count as kinds: with"):
        data = load(tmp_path)
    assert data.y_train.shape == (48, 0) and data.y_test.shape == (12, 0)
    assert not read_folder(tmp_path).classes


def test_pictures_beside_subfolders_are_pictures_without_classes(tmp_path):
    fill(tmp_path / "cats", n=30)
    fill(tmp_path / "dogs", n=30, seed=100)
    fill(tmp_path, n=1, seed=200)
    found = read_folder(tmp_path)
    assert len(found.images) == 61 and found.classes == []


@pytest.mark.parametrize(("most", "bits"), [(4095, 12), (3000, 12), (255, 8), (1, 1)])
def test_gray_levels_of_fewer_than_16_bits_are_not_black(tmp_path, most, bits):
    """As a microscope of 12 bits writes them: the brightest was 15 of 255."""
    noises = [noise(32, 32, i)[:, :, 0].astype(int) for i in range(LEAST)]
    levels = [(x * most // 255).astype(np.uint16) for x in noises]
    levels[0][0, 0] = most
    for i, x in enumerate(levels):
        Image.fromarray(x).save(tmp_path / f"{i:03}.png")
    with pytest.warns(UserWarning, match=f"16 bits use {bits} of them: {2**bits - 1} is white"):
        load(tmp_path)
    found = read_folder(tmp_path).images[0, 0]
    wanted = torch.from_numpy(levels[0] / (2**bits - 1)).float()
    torch.testing.assert_close(found, wanted, rtol=0, atol=1.01 / 255)  # rounded down to bytes


def test_one_picture_that_uses_16_bits_keeps_all_as_they_are(tmp_path):
    for i in range(LEAST):
        x = noise(32, 32, i)[:, :, 0].astype(np.uint16) * (257 if i == 7 else 16)
        Image.fromarray(x).save(tmp_path / f"{i:03}.png")
    found = read_folder(tmp_path)
    assert not found.said() and found.images[0].max() < 17 / 255


def test_gray_pictures_have_one_channel_unless_told_otherwise(tmp_path):
    folder = fill(tmp_path, gray=True)
    assert read_folder(folder).images.shape[1] == 1
    assert read_folder(folder, color=True).images.shape[1] == 3
    fill(folder, n=3, seed=900, name="c{}.png")  # more than one in fifty
    assert read_folder(folder).images.shape[1] == 3


@pytest.mark.parametrize(("side", "wanted"), [(10, 8), (28, 28), (31, 28), (32, 32), (200, 32)])
def test_the_usual_size_is_32_or_what_the_pictures_have(tmp_path, side, wanted):
    assert read_folder(fill(tmp_path, h=side, w=side + 7)).images.shape[2:] == (wanted, wanted)


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(1, 70), st.integers(1, 70)), min_size=3, max_size=6),
    st.sampled_from(["crop", "pad"]),
    st.sampled_from([None, 8, 20, 64]),
)
def test_any_sides_become_squares(tmp_path_factory, sides, fit, size):
    folder = fill(tmp_path_factory.mktemp("sides"), n=LEAST, h=9, w=9)
    for i, (h, w) in enumerate(sides):
        Image.fromarray(noise(h, w, 500 + i)).save(folder / f"x{i}.png")
    found = read_folder(folder, size, fit=fit)
    assert found.images.shape[1:] == (3, size or 8, size or 8)
    assert found.images.isfinite().all() and 0 <= found.images.min() <= found.images.max() <= 1


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["png", "jpg", "gif", "bmp", "webp", "tiff"]),
            st.floats(0, 1),  # how much of the file there is
            st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4),  # bytes changed
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_damaged_file_is_read_or_left_out_with_a_reason(tmp_path_factory, damages):
    folder = fill(tmp_path_factory.mktemp("damaged"), n=LEAST, h=9, w=9)
    whole = sorted(path.name for path in folder.iterdir())
    for i, (kind, part, changes) in enumerate(damages):
        path = folder / f"x{i}.{kind}"
        Image.fromarray(noise(12, 12, 700 + i)).save(path)
        content = bytearray(path.read_bytes())
        for place, value in changes:
            content[int(place * (len(content) - 1))] = value
        path.write_bytes(content[: int(part * len(content))])
    found = read_folder(folder, 8)
    out = [name for names in found.left_out.values() for name in names]
    assert sorted([*found.files, *out]) == sorted(path.name for path in folder.iterdir())
    assert set(whole) <= set(found.files) and all(found.left_out)
    assert len(found.images) == len(found.files)


# --- What is left out -----------------------------------------------------------------


def test_every_file_that_is_left_out_is_named_with_its_reason(tmp_path):
    fill(tmp_path)
    (tmp_path / "notes.txt").write_text("hello", encoding="utf8")
    (tmp_path / ".DS_Store").write_text("hidden", encoding="utf8")
    Image.fromarray(noise(40, 40, 0)).save(tmp_path / "copy.bmp")
    whole = (tmp_path / "001.png").read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.jpg").touch()
    Image.fromarray(np.zeros((32, 32), np.float32)).save(tmp_path / "depth.tif")
    found = read_folder(tmp_path)
    assert found.left_out == {
        "the same pixels as another": ["copy.bmp"],
        "no gray levels of 8 or 16 bits": ["depth.tif"],
        "no picture of a kind that can be read": ["empty.jpg", "notes.txt"],
        "broken": ["half.png"],
    }
    assert len(found.images) == LEAST
    assert "left out, broken: half.png" in str(found)
    with pytest.warns(UserWarning, match="broken: half.png"):
        load(tmp_path)


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "bmp", "tif", "webp"])
def test_damaged_files_of_each_kind_are_left_out_or_read(tmp_path, kind):
    fill(tmp_path)
    Image.fromarray(noise(40, 40, 7)).save(tmp_path / f"0.{kind}")
    whole = bytearray((tmp_path / f"0.{kind}").read_bytes())
    rng = np.random.default_rng(0)
    for i in range(20):
        part = whole[: rng.integers(1, len(whole))]
        part[rng.integers(len(part))] ^= 255
        (tmp_path / f"x{i}.{kind}").write_bytes(part)
    assert len(read_folder(tmp_path).images) >= LEAST


@pytest.mark.unix
def test_a_pipe_among_the_pictures_is_not_waited_for(tmp_path):
    fill(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    assert read_folder(tmp_path).left_out == {"no regular file": ["pipe.png"]}


@pytest.mark.unix
def test_links_to_folders_are_followed_once(tmp_path):
    """A class kept elsewhere counts; a link that leads back does not go around forever."""
    for name, seed in (("cats", 0), ("dogs", 100)):
        fill(tmp_path / name, seed=seed)
    place = tmp_path / "mine"
    place.mkdir()
    for name, target in (("cats", "cats"), ("dogs", "dogs"), ("again", "mine"), ("dogs2", "dogs")):
        (place / name).symlink_to(tmp_path / target)
    found = read_folder(place)
    assert found.classes == ["cats", "dogs"] and len(found.images) == 2 * LEAST


@pytest.mark.unix
@pytest.mark.parametrize("name", ["a\nb", "a\udcffb", "\x1b[31m"])
def test_any_name_is_said_in_one_line_that_can_be_printed(tmp_path, name):
    (fill(tmp_path) / name).write_text("x", encoding="utf8")
    with pytest.warns(UserWarning, match="no picture of a kind") as caught:
        load(tmp_path)
    text = str(caught[0].message)
    assert text.isprintable() and text.encode()


# --- Bad folders ----------------------------------------------------------------------


def prepare(path, kind):
    """A folder that cannot be trained on."""
    path = path / "pictures"
    if kind == "missing":
        return path
    if kind in ("file", "zip"):
        path = path.with_suffix(".zip" if kind == "zip" else ".png")
        path.write_bytes(b"x")
        return path
    path.mkdir()
    if kind == "texts":
        [(path / f"{i}.txt").write_text("x", encoding="utf8") for i in range(60)]
    if kind == "hidden":
        fill(path / ".thumbnails")
    if kind == "phone":
        [(path / f"{i}.HEIC").write_bytes(b"\0\0\0\x18ftypheic") for i in range(60)]
    if kind == "few":
        fill(path, n=12)
    if kind == "copies":
        [Image.fromarray(noise(32, 32, 0)).save(path / f"{i}.png") for i in range(60)]
    if kind == "blank":
        [Image.new("L", (32 + i, 32), 255).save(path / f"{i}.png") for i in range(60)]
    if kind == "broken":
        for file in fill(path, n=60).iterdir():
            file.write_bytes(file.read_bytes()[:60])
    if kind == "folders":
        [(path / str(i) / "inner").mkdir(parents=True) for i in range(3)]
    return path


BAD = {
    "missing": "there is no folder .*pictures",
    "file": "is a file, not a folder: give the folder that it lies in",
    "zip": "is a file, not a folder: unpack it and give the folder",
    "empty": "there are no files in the folder .*: it must hold pictures",
    "folders": "there are no files in the folder",
    "hidden": "there are no files in the folder",
    "texts": r"of 60 files in .* 0 can be used \(60 are left out, no picture of a kind",
    "phone": r"60 are left out, of a kind that cannot be read \(save it as JPEG or PNG\)",
    "few": "at least 50 different pictures are needed.*of 12 files in .* 12 can be used",
    "copies": r"1 can be used \(59 are left out, the same pixels as another\)",
    "blank": r"1 can be used \(59 are left out, the same pixels as another\)",
    "broken": r"0 can be used \(60 are left out, broken\)",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_folder_is_one_clear_sentence(tmp_path, kind):
    with pytest.raises((ValueError, OSError)) as error:
        load(prepare(tmp_path, kind))
    assert re.search(BAD[kind], str(error.value)), str(error.value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400 + len(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_that_may_not_be_read(tmp_path):
    fill(tmp_path / "a").chmod(0)
    with pytest.raises(OSError, match=r"could not read the folder .*Permission denied"):
        load(tmp_path / "a")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"size": 30}, "size must be a multiple of 4 from 8 to 128, got 30"),
        ({"size": 4096}, "size must be a multiple of 4 from 8 to 128, got 4096"),
        ({"fit": "stretch"}, "fit must be one of crop, pad, got 'stretch'"),
        ({"background": "pink"}, "background must be one of white, black, got 'pink'"),
        ({"color": "no"}, "color must be True, False or None, got 'no'"),
        ({"color": 1}, "color must be True, False or None, got 1"),
        ({"labels": [1]}, "labels are for an array"),
    ],
)
def test_a_wrong_wish_is_named(tmp_path, how, message):
    with pytest.raises(ValueError, match=message):
        load(fill(tmp_path), **how)


# --- Arrays ---------------------------------------------------------------------------
