"""train on a folder of one's own."""

import shutil
from pathlib import Path

import pytest
import torch

from infogan_lite.running import checkpoints
from infogan_lite.running.command_line import main
from infogan_lite.running.commands import train

TINY = ["--steps", "4", "--batch-size", "8", "--channels", "4", "8", "--hidden", "8"]
TINY += ["--q-hidden", "8", "--log-every", "1", "--device", "cpu"]


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


class Impatient:
    """Presses Ctrl-C after the first step."""

    def __init__(self, settings):
        self.bar = self

    def close(self):
        pass

    def __call__(self, model, history):
        raise KeyboardInterrupt


HOW = ["--data", "mine", "--size", "8", "--color", "False", "--preset", "lite", "--lam", "0.5"]


@pytest.fixture
def interrupted(monkeypatch):
    """A run of options that are not the usual ones, after a step."""
    with monkeypatch.context() as patch:
        patch.setattr(train, "ProgressBar", Impatient)
        with pytest.raises(SystemExit):
            main(["train", *HOW, *TINY, "--out", "m.st"])


def test_resume_alone_goes_on_as_it_began(interrupted, monkeypatch, tmp_path, capsys):
    """From another folder, too, and without a second look at the data."""
    main(["train", *HOW, *TINY, "--out", "whole.st"])
    sheet = Path("m.st.data.png")
    sheet.unlink()
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    main(["train", "--out", "../m.st", "--resume"])
    assert "Suggested" not in capsys.readouterr().out and not (tmp_path / sheet).exists()
    whole, resumed = (checkpoints.load(tmp_path / name) for name in ("whole.st", "m.st"))
    assert resumed.settings == whole.settings and resumed.image_shape == (1, 8, 8)
    assert all(torch.equal(whole.state_dict()[k], v) for k, v in resumed.state_dict().items())
    notes = [checkpoints.read_notes(tmp_path / name) for name in ("whole.st", "m.st")]
    assert notes[0]["data"] == notes[1]["data"] == str(tmp_path / "mine")


def test_the_same_command_with_resume_goes_on(interrupted):
    main(["train", *HOW, *TINY, "--out", "m.st", "--resume"])
    assert checkpoints.load("m.st").settings.lam == 0.5


def test_pictures_that_were_moved_are_gone_on_with(interrupted):
    Path("mine").rename("moved")
    main(["train", "--out", "m.st", "--resume", "--data", "moved"])
    assert checkpoints.read_notes("m.st")["data"] == str(Path("moved").resolve())


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--lam 0.3", "started with other settings: lam was 0.5, is 0.3"),
        ("--preset paper --batch-size 8", "this run was started with other settings: code was"),
        ("--size 12", "started with images of shape (1, 8, 8), not (1, 12, 12)"),
        ("--color True", "started with images of shape (1, 8, 8), not (3, 8, 8)"),
        ("--fit pad --background black --data other", "started with other images"),
        ("--data gone/pics", "there is no folder gone/pics"),
    ],
)
def test_what_is_asked_for_once_more_must_agree(interrupted, capsys, option, message):
    shutil.copytree("mine", "other")
    Path("other/0.png").unlink()
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["train", "--out", "m.st", "--resume", *option.split()])
    lines = capsys.readouterr().err.splitlines()
    assert stopped.value.code == 2 and len(lines) == 1 and message in lines[0]
    assert Path("m.st.run").exists()


def test_nothing_is_loaded_where_there_is_nothing_to_go_on_with(trained, monkeypatch, capsys):
    Path("m.st.data.png").unlink()
    monkeypatch.setattr(train.loading, "load", None)
    with pytest.raises(SystemExit):
        main(["train", "--data", "mine", *TINY, "--out", "m.st", "--resume"])
    out, err = capsys.readouterr()
    assert err == "error: m.st is finished: there is nothing to go on with\n" and not out
    assert not Path("m.st.data.png").exists()


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
