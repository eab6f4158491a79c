"""train on a folder of one's own."""

from pathlib import Path

import pytest

from infogan_lite.running import checkpoints
from infogan_lite.running.command_line import main


def test_a_folder_is_trained_on_with_what_is_suggested_for_it(trained):
    model, notes = checkpoints.load("m.st"), checkpoints.read_notes("m.st")
    assert model.image_shape == (3, 20, 20)
    assert model.settings.channels == (4, 8)  # what is asked for wins
    assert not model.settings.bend and model.settings.outside == "edge"
    assert notes["data"] == str(Path("mine").resolve()) and notes["history"]["step"] == [1, 2, 3, 4]
    assert "error" not in notes and "L_I(c1)" in notes  # there are no labels to err about
    assert "48 pictures to train on, 12 held out; see m.st.data.png" in trained
    assert "little augmentation" in trained and "Not known" in trained
    assert "as you say, steps = 4" in trained and "800 steps" not in trained
    assert Path("m.st.data.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_left_out_is_said_once(capsys):
    Path("mine/notes.txt").write_text("x", encoding="utf8")
    main(["train", "--data", "./mine", "--steps", "1", "--out", "m.st", "--device", "cpu"])
    err = capsys.readouterr().err
    assert err.count("no picture of a kind that can be read: notes.txt") == 1


def test_subfolders_are_kinds(capsys):
    for i, file in enumerate(sorted(Path("mine").iterdir())):
        folder = Path("sorted", f"kind{i % 3}")
        folder.mkdir(parents=True, exist_ok=True)
        file.rename(folder / file.name)
    main(["train", "--data", "sorted", "--steps", "2", "--out", "m.st", "--device", "cpu"])
    model, notes = checkpoints.load("m.st"), checkpoints.read_notes("m.st")
    assert model.code.categorical == (3,) and 0 <= notes["error"] <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("train --data ./nothing", "there is no folder nothing"),
        ("train --data ./mine --size 30", "size must be a multiple of 4 from 8 to 128, got 30"),
        ("train --data ./mine --fit stretch", "fit must be one of crop, pad, got 'stretch'"),
        ("train --size 16", "size is for pictures of your own, not for 'digits'"),
        ("train --data mine/0.png", "mine/0.png is a file, not a folder"),
        ("train --data ~nobody-of-this-name/x", "nobody-of-this-name"),
        pytest.param("train --out ~no-one-here/x", "home directory", marks=pytest.mark.unix),
    ],
)
def test_a_mistake_about_a_folder_is_one_line(capsys, arguments, message):
    with pytest.raises(SystemExit) as stopped:
        main(arguments.split())
    assert stopped.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and message in lines[0].replace("\\", "/")
