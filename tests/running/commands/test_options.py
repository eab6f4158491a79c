"""Which settings a command begins with."""

import pytest
import torch
from PIL import Image

from infogan_lite import preset
from infogan_lite.running.commands.options import Start, need_at_least, pictures


@pytest.fixture
def folder(tmp_path):
    generator, gray = torch.Generator().manual_seed(0), tmp_path / "gray"
    gray.mkdir()
    for i in range(60):
        x = (255 * torch.rand(20, 20, generator=generator)).to(torch.uint8)
        Image.fromarray(x.numpy()).save(gray / f"{i}.png")
    return str(gray)


def test_a_name_begins_with_lite_and_a_folder_with_what_is_suggested(folder):
    assert Start().begin_with() == preset("lite") and not Start().suggested()
    assert Start(preset="paper").begin_with() == preset("paper")
    own = Start(data=folder)
    assert own.suggested() and own.begin_with().augment == 0.05
    assert Start(data=folder, preset="lite").begin_with() == preset("lite")


def test_a_folder_is_read_as_told(folder):
    assert Start(data=folder, size=12).load().x_train.shape == (48, 1, 12, 12)
    assert pictures(folder, size=None, color=True).x_train.shape == (48, 3, 20, 20)


def test_where_data_come_from_is_told_in_full(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = Start(data="gray", size=12, color=True, background="black").origin()
    assert found == {"data": folder, "size": 12, "color": True, "background": "black"}
    assert Start(data="digits").origin() == {"data": "digits"}


def test_the_size_of_a_set_by_name_is_not_chosen():
    with pytest.raises(ValueError, match="size is for pictures of your own, not for 'digits'"):
        Start(size=16).load()


def test_too_little_is_named_as_an_option():
    need_at_least(1, save_every=1)
    with pytest.raises(ValueError, match="--save-every must be at least 1, got 0"):
        need_at_least(1, save_every=0)
