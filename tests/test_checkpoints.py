"""A model saved and loaded is the same model; other files are refused with a reason."""

import json
import struct
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import infogan_lite
from infogan_lite import InfoGAN, LatentCode, train
from infogan_lite.history import start
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


def test_weights_in_8_bits_are_refused_in_one_sentence(tmp_path, path):
    """As version 0.2.0 wrote them with compact=True: whole numbers, and a scale for each row."""
    weights, (name, value) = load_file(path), ("G.dense.0.weight", torch.ones(12, dtype=torch.int8))
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    save_file(weights | {name: value, f"{name}:scale": torch.ones(12)}, path, metadata)
    with pytest.raises(ValueError, match="8 bits, as version 0.2.0"):
        checkpoints.load(path)


def test_models_that_ship_are_found_by_name(tmp_path, monkeypatch, model):
    monkeypatch.setattr(checkpoints, "WEIGHTS", tmp_path)
    with pytest.raises(ValueError, match="no weights 'gan'; there are: none"):
        infogan_lite.pretrained("gan")
    checkpoints.save(model, tmp_path / "gan.safetensors")
    assert torch.equal(infogan_lite.pretrained("gan").sample(3), model.sample(3))
    with pytest.raises(ValueError, match="no weights 'infogan'; there are: gan"):
        infogan_lite.pretrained()


# --- Runs: interrupted, saved, resumed ------------------------------------------------


@pytest.fixture
def long(tiny):
    """Penalty, augmentation, falling rates: all that could depend on where a run stands."""
    return replace(tiny, steps=12, r1_every=3, log_every=2)


def everything(run) -> dict:
    """Each tensor of a run by a name of its own."""
    tensors = {**run.model.state_dict(), "random": run.generator.get_state()}
    for name in ("adam_dq", "adam_g"):
        for i, state in getattr(run, name).state_dict()["state"].items():
            tensors |= {f"{name} {i} {key}": value for key, value in state.items()}
    return tensors


def assert_same(a, b):
    one, other = everything(a), everything(b)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    for name in ("step", "loss_d", "loss_g", "bound"):
        assert getattr(a.history, name) == getattr(b.history, name), name


@pytest.mark.parametrize("stop", [5, 8])
def test_a_resumed_run_is_bit_for_bit_the_run_without_interruption(long, images, tmp_path, stop):
    whole = start(long, (1, 8, 8))
    train(images, long, run=whole)

    def press(model, history):
        if history.step[-1] >= stop:
            raise KeyboardInterrupt

    file, broken = tmp_path / "run.safetensors", start(long, (1, 8, 8))
    save_every = checkpoints.SaveEvery(broken, file, 4)
    _, history = train(images, long, [save_every, press], run=broken)
    assert history.interrupted
    resumed = checkpoints.load_run(file, "cpu")
    assert resumed.step == {5: 4, 8: 8}[stop] == resumed.history.step[-1]
    model, history = train(images, long, run=resumed)
    assert_same(resumed, whole)
    assert not history.interrupted and not model.training
    assert history.seconds == sorted(history.seconds)


def test_a_run_comes_back_whole(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    train(images, long, run=run)
    checkpoints.save_run(run, tmp_path / "run")
    again = checkpoints.load_run(tmp_path / "run", "cpu")
    assert_same(again, run)
    assert again.step == 12 and again.history == run.history
    assert [p.name for p in tmp_path.iterdir()] == ["run"]  # nothing temporary stays


def test_a_run_before_its_first_step_comes_back(long, images, tmp_path):
    checkpoints.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    run = checkpoints.load_run(tmp_path / "run", "cpu")
    whole = start(long, (1, 8, 8))
    train(images, long, run=run), train(images, long, run=whole)
    assert_same(run, whole)


def test_a_run_is_saved_when_due_and_at_the_end(long, images, tmp_path, monkeypatch):
    saved, run = [], start(long, (1, 8, 8))
    monkeypatch.setattr(checkpoints, "save_run", lambda run, path: saved.append(run.step))
    train(images, long, [checkpoints.SaveEvery(run, tmp_path / "run", 5)], run=run)
    assert saved == [6, 12]


def test_an_interrupted_save_leaves_the_file_before_it(long, images, tmp_path, monkeypatch):
    run = start(long, (1, 8, 8))
    checkpoints.save_run(run, tmp_path / "run")
    before = (tmp_path / "run").read_bytes()
    train(images, long, run=run)

    def full(tensors, file, metadata):
        file.write_bytes(b"half of i")
        raise OSError("no space left")

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(OSError, match="could not write .*no space left"):
        checkpoints.save_run(run, tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_run_goes_on_only_with_its_own_settings_and_images(long, images, tmp_path):
    checkpoints.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    run = checkpoints.load_run(tmp_path / "run", "cpu")
    other = replace(long, lam=0.5, steps=13)
    with pytest.raises(ValueError, match=r"lam was 1.0, is 0.5; steps was 12, is 13"):
        train(images, other, run=run)
    with pytest.raises(ValueError, match=r"images of shape \(1, 8, 8\), not \(1, 16, 16\)"):
        train(torch.zeros(32, 1, 16, 16), long, run=run)


def test_a_model_alone_is_no_run_and_a_run_no_model(path, long, tmp_path):
    with pytest.raises(ValueError, match="model.safetensors holds no run"):
        checkpoints.load_run(path)
    checkpoints.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    with pytest.raises(ValueError, match="run do not fit its settings"):
        checkpoints.load(tmp_path / "run")


def test_a_run_goes_on_only_on_its_kind_of_device(long, tmp_path, monkeypatch):
    checkpoints.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    monkeypatch.setattr(checkpoints, "pick_device", lambda choice: torch.device("mps"))
    with pytest.raises(ValueError, match="was on the device 'cpu'.*not on 'mps'"):
        checkpoints.load_run(tmp_path / "run")
