"""A model saved and loaded is the same model; other files are refused with a reason."""

import json
import struct
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from infogan_lite import InfoGAN, LatentCode, checkpoints


@pytest.fixture
def path(tmp_path, model):
    checkpoints.save(model, tmp_path / "model.safetensors", data="digits", seed=3)
    return tmp_path / "model.safetensors"


def header(path) -> dict:
    """A safetensors file: the length of a JSON text, the text, raw numbers."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length])


def test_a_model_comes_back_as_it_was(model, images, path):
    loaded = checkpoints.load(path)
    assert loaded.settings == model.settings and loaded.image_shape == model.image_shape
    assert loaded.state_dict().keys() == model.state_dict().keys()
    for name, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name
    assert torch.equal(loaded.sample(5), model.sample(5))
    assert torch.equal(loaded.recognise(images).mean, model.recognise(images).mean)
    assert not loaded.training


@pytest.mark.parametrize(
    "changes",
    [
        {"code": LatentCode((2, 5), 0)},
        {"code": LatentCode((), 3), "sigma": 0.5},
        {"channels": (4,), "lam": 0.0, "info_to_trunk": False},
    ],
)
def test_all_settings_come_back(tiny, tmp_path, changes):
    model = InfoGAN(replace(tiny, **changes), (3, 16, 16))
    checkpoints.save(model, str(tmp_path / "m.safetensors"))  # text is a path as well
    loaded = checkpoints.load(str(tmp_path / "m.safetensors"))
    assert loaded.settings == model.settings and hash(loaded.settings) == hash(model.settings)
    assert torch.equal(loaded.sample(2), model.eval().sample(2))


def test_notes_come_back(path, tmp_path, model):
    assert checkpoints.read_notes(path) == {"data": "digits", "seed": 3}
    checkpoints.save(model, tmp_path / "bare")
    assert checkpoints.read_notes(tmp_path / "bare") == {}


def test_the_file_holds_numbers_and_text_and_no_pickle(path, model):
    entries = header(path)
    assert set(entries.pop("__metadata__")) == {"settings", "image_shape", "notes"}
    assert entries.keys() == model.state_dict().keys()
    end = max(entry["data_offsets"][1] for entry in entries.values())
    (length,) = struct.unpack("<Q", path.read_bytes()[:8])
    assert path.stat().st_size == 8 + length + end  # nothing else is in the file


def test_saving_over_a_file_replaces_it(path, model):
    model.G.upsample[-2].bias.data.fill_(7.0)
    checkpoints.save(model, path)
    assert checkpoints.load(path).G.upsample[-2].bias.item() == 7.0


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no checkpoint at .*nothing.safetensors"):
        checkpoints.load(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("length", [0, 5, 40, 2000, -1])
def test_a_truncated_file_is_refused(path, length):
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ValueError, match="model.safetensors is not a whole safetensors file"):
        checkpoints.load(path)


def test_a_file_of_another_format_is_refused(tmp_path, model):
    torch.save(model.state_dict(), tmp_path / "model.pt")
    with pytest.raises(ValueError, match="model.pt is not a whole safetensors file"):
        checkpoints.load(tmp_path / "model.pt")


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {"format": "pt"},
        {"settings": "not JSON", "image_shape": "[1, 8, 8]"},
        {"settings": "{}", "image_shape": "[1, 8, 8]"},
        {"settings": '{"code": {"colors": 3}}', "image_shape": "[1, 8, 8]"},
        {"settings": "OWN"},
        {"settings": "OWN", "image_shape": "[8]"},
    ],
    ids=["none", "foreign", "no JSON", "empty", "other names", "no shape", "other shape"],
)
def test_a_file_of_another_program_is_refused(path, tmp_path, metadata):
    own = header(path)["__metadata__"]["settings"]
    if metadata:
        metadata = {key: own if value == "OWN" else value for key, value in metadata.items()}
    save_file(load_file(path), tmp_path / "foreign.safetensors", metadata)
    with pytest.raises(ValueError, match="foreign.safetensors"):
        checkpoints.load(tmp_path / "foreign.safetensors")


def test_weights_of_another_size_are_refused(path, tmp_path):
    weights = load_file(path)
    weights["D.head.weight"] = torch.zeros(1, 99)
    save_file(weights, tmp_path / "wide.safetensors", header(path)["__metadata__"])
    with pytest.raises(ValueError, match="(?s)wide.safetensors do not fit .*D.head.weight"):
        checkpoints.load(tmp_path / "wide.safetensors")


def test_missing_weights_are_refused(path, tmp_path):
    weights = load_file(path)
    del weights["D.head.weight"]
    save_file(weights, tmp_path / "part.safetensors", header(path)["__metadata__"])
    with pytest.raises(ValueError, match="(?s)part.safetensors do not fit .*D.head.weight"):
        checkpoints.load(tmp_path / "part.safetensors")


@pytest.mark.parametrize("place", ["missing/m.safetensors", "file/m.safetensors", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path, model, place):
    (tmp_path / "file").write_text("a file, not a folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=f"could not write .*{place}"):
        checkpoints.save(model, tmp_path / place)
