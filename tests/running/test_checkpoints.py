"""A model saved and loaded is the same model; other files are refused with a reason."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import infogan_lite
from infogan_lite import InfoGAN, LatentCode
from infogan_lite.running import checkpoints

pytestmark = pytest.mark.sensitive


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
        {"code": LatentCode((2,), 1, 2), "kappa": 3.0, "lam_circular": 0.5},
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
    assert set(entries.pop("__metadata__")) == {
        "settings",
        "image_shape",
        "notes",
        "version",
        "sha256",
    }
    assert entries.keys() == model.state_dict().keys()
    end = max(entry["data_offsets"][1] for entry in entries.values())
    (length,) = struct.unpack("<Q", path.read_bytes()[:8])
    assert path.stat().st_size == 8 + length + end  # nothing else is in the file


def test_saving_over_a_file_replaces_it(path, model):
    model.D.head.bias.data.fill_(7.0)
    checkpoints.save(model, path)
    assert checkpoints.load(path).D.head.bias.item() == 7.0


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
    with pytest.raises(
        ValueError,
        match=r"wide.safetensors: the shape of D.head.weight is \(1, 99\), must be \(1, 12\)",
    ):
        checkpoints.load(tmp_path / "wide.safetensors")


def test_missing_weights_are_refused(path, tmp_path):
    weights = load_file(path)
    del weights["D.head.weight"]
    save_file(weights, tmp_path / "part.safetensors", header(path)["__metadata__"])
    with pytest.raises(ValueError, match="part.safetensors: D.head.weight is missing"):
        checkpoints.load(tmp_path / "part.safetensors")


@pytest.mark.parametrize("place", ["missing/m.safetensors", "file/m.safetensors", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path, model, place):
    (tmp_path / "file").write_text("a file, not a folder", encoding="utf8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=f"could not write .*{place}"):
        checkpoints.save(model, tmp_path / place)


def test_a_half_file_holds_float16(tmp_path, model, path):
    whole, half = tmp_path / "whole", tmp_path / "half"
    checkpoints.save(model, whole)
    checkpoints.save(model, half, half=True)
    stored, loaded = load_file(half), checkpoints.load(half)
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            assert stored[name].dtype == torch.float16
            assert loaded.state_dict()[name].dtype == torch.float32
            torch.testing.assert_close(stored[name].float(), value, atol=1e-7, rtol=2**-11)
            assert torch.equal(loaded.state_dict()[name], stored[name].float())
        else:
            assert torch.equal(stored[name], value)
    torch.testing.assert_close(loaded.sample(9), model.sample(9), atol=0.01, rtol=0)


def test_models_that_ship_are_found_by_name(tmp_path, monkeypatch, model):
    monkeypatch.setattr(checkpoints, "WEIGHTS", tmp_path)
    with pytest.raises(ValueError, match="no weights 'gan'; there are: none"):
        infogan_lite.pretrained("gan")
    checkpoints.save(model, tmp_path / "gan.safetensors")
    assert torch.equal(infogan_lite.pretrained("gan").sample(3), model.sample(3))
    with pytest.raises(ValueError, match="no weights 'infogan'; there are: gan"):
        infogan_lite.pretrained()


# --- Runs: interrupted, saved, resumed ------------------------------------------------


def test_nets_larger_than_their_file_are_not_built(path, tmp_path):
    """39 kB once took 1.1 GB and 11 seconds."""
    texts = header(path)["__metadata__"]
    values = json.loads(texts["settings"]) | {"hidden": 10**9}
    texts["settings"] = json.dumps(values)
    save_file(load_file(path), tmp_path / "large", texts)
    with pytest.raises(
        ValueError, match="large: settings is for 7.90e.10 weights or more .hidden = 1000000000"
    ):
        checkpoints.load(tmp_path / "large")


def test_files_of_other_versions_and_programs_are_refused_in_one_sentence(path):
    weights, texts = load_file(path), header(path)["__metadata__"]
    for field in ("version", "sha256"):
        save_file(weights, path, {k: v for k, v in texts.items() if k != field})
        with pytest.raises(ValueError, match=f"{field} is missing, must be there: .*train again"):
            checkpoints.load(path)
    save_file(weights, path)
    with pytest.raises(ValueError, match="another program wrote"):
        checkpoints.load(path)


def test_what_ships_can_be_read():
    for name in ("infogan", "gan"):
        assert infogan_lite.pretrained(name).sample(2).isfinite().all()


def test_notes_may_be_numbers_of_numpy_and_torch(tmp_path, model):
    notes = {"a": np.int64(3), "b": np.float32(0.5), "c": torch.tensor([1, 2])}
    checkpoints.save(model, tmp_path / "m", **notes)
    assert checkpoints.read_notes(tmp_path / "m") == {"a": 3, "b": 0.5, "c": [1, 2]}
    with pytest.raises(TypeError, match="a note must be text or numbers, got <object"):
        checkpoints.save(model, tmp_path / "n", bad=object())
    assert not (tmp_path / "n").exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e6])
def test_what_could_not_be_read_again_is_not_written(tmp_path, model, value):
    path = tmp_path / "m"
    checkpoints.save(model, path, half=True)
    before = path.read_bytes()
    model.D.head.weight.data[0, 3] = value
    with pytest.raises(ValueError, match="m: D.head.weight holds NaN or infinity as float16"):
        checkpoints.save(model, path, half=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16, torch.float16])
def test_a_model_in_other_floats_is_read_as_the_usual_ones(tmp_path, model, kind):
    kept = model.state_dict()
    checkpoints.save(model.to(kind), tmp_path / "m")
    again = checkpoints.load(tmp_path / "m").state_dict()
    for name, value in kept.items():
        assert again[name].dtype == value.dtype
        assert torch.equal(again[name], value.to(kind).to(value.dtype)), name


def test_numbers_beyond_the_usual_floats_are_refused(tmp_path, model):
    model.double().D.head.weight.data[0, 3] = 1e300
    checkpoints.save(model, tmp_path / "m")
    with pytest.raises(ValueError, match="D.head.weight is too large, must be within the range"):
        checkpoints.load(tmp_path / "m")
