"""What ``load`` takes its argument for: a name, a folder, or pictures."""

from pathlib import Path

import numpy as np
import pytest

from infogan_lite import load
from infogan_lite.datasets.loading import NAMES, is_folder


@pytest.mark.parametrize("name", ["cifar10", "MNIST", ""])
def test_an_unknown_name_is_answered_with_the_known_ones(name):
    with pytest.raises(
        ValueError, match=f"unknown data set '{name}'.*digits, mnist, fashion-mnist, svhn, celeba"
    ):
        load(name)


def test_names_and_folders_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mnist").mkdir()  # a name means the data set; "./mnist" the folder beside it
    (tmp_path / "mine").mkdir()
    assert not any(map(is_folder, NAMES))
    assert all(map(is_folder, ["./mnist", "mine", "~/pictures", Path("mnist"), "a/b"]))


def test_a_file_is_not_taken_for_an_unknown_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures.zip").touch()
    with pytest.raises(ValueError, match="pictures.zip is a file, not a folder: unpack it"):
        load("pictures.zip")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "digits", "size": 16}, "size is for pictures of your own, not for 'digits'"),
        ({"source": "./x", "labels": [1]}, "labels are for an array"),
        ({"source": np.zeros((9, 8, 8))}, "at least 50 different pictures"),
        ({"source": np.zeros((9, 8, 8)), "color": True}, "color is no option for an array; .* fit"),
        (
            {"source": "./x", "sise": 8},
            "sise is no option for a folder; there is: size, fit, color",
        ),
        ({"source": ["a.png", Path("b.png")]}, "give the path of the folder they lie in"),
        ({"source": "./x"}, "there is no folder x"),
        (
            {"source": "./x", "cache": "y"},
            "cache is for downloads, and './x' is none: leave it out",
        ),
        ({"source": "digits", "cache": "y"}, "cache is for downloads, and 'digits' is none"),
        ({"source": "~nobody-of-this-name/x"}, "there is no (home )?folder .*nobody-of-this"),
    ],
)
def test_what_does_not_go_together_is_said(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, TypeError, FileNotFoundError), match=message):
        load(**arguments)


def test_labels_that_would_be_taken_for_the_cache_are_not_lost():
    with pytest.raises(ValueError, match=r"give labels by name, load\(images, labels=...\)"):
        load(np.random.default_rng(0).random((60, 8, 8)), np.arange(60) % 3)


@pytest.mark.parametrize("source", ["digits", "mnist", "./x", np.zeros((60, 8, 8))])
def test_an_option_that_there_is_not_is_a_type_error(source):
    """Not a download first."""
    with pytest.raises(TypeError, match="foo is no option for .*; there is: size, fit"):
        load(source, foo=1)
