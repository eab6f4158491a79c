"""A model saved and loaded is the same model; other files are refused with a reason."""

import json
import resource
import signal
import struct
import threading
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import infogan_lite
from infogan_lite import InfoGAN, LatentCode, preset, recipe, train, training
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


@pytest.mark.parametrize("name", ["look", "practice", "set_rates", "lower_bound"])
@pytest.mark.parametrize("step", [1, 7])
def test_ctrl_c_in_a_step_waits_for_its_end(long, images, tmp_path, monkeypatch, name, step):
    """The signal arrives while the step computes; what is kept goes on as if nothing was."""
    whole, broken = start(long, (1, 8, 8)), start(long, (1, 8, 8))
    where = training if name == "lower_bound" else recipe
    real = getattr(where, name)
    train(images, long, run=whole)

    def pressed(*args, **kwargs):
        if broken.step == step - 1:
            signal.raise_signal(signal.SIGINT)
        return real(*args, **kwargs)

    if name == "practice" and step == 1:
        pytest.skip("not yet at work")
    monkeypatch.setattr(where, name, pressed)
    _, history = train(images, long, run=broken)
    assert history.interrupted and broken.step == step
    monkeypatch.undo()
    checkpoints.save_run(broken, tmp_path / "run")
    resumed = checkpoints.load_run(tmp_path / "run", "cpu")
    train(images, long, run=resumed)
    assert_same(resumed, whole)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("net", ["adam_dq", "adam_g"])
def test_ctrl_c_between_the_two_optimizers_moves_both_or_none(long, images, net):
    whole, broken = start(long, (1, 8, 8)), start(long, (1, 8, 8))
    adam = getattr(broken, net)
    hook = adam.register_step_post_hook(lambda *_: signal.raise_signal(signal.SIGINT))
    train(images, long, run=broken)
    assert broken.step == 1
    hook.remove()
    train(images, long, run=broken)
    train(images, long, run=whole)
    assert_same(broken, whole)


def test_a_handler_of_ones_own_and_other_threads_are_left_alone(long, images):
    noted, before = [], signal.signal(signal.SIGTERM, lambda *_: noted.append(1))
    try:
        run = start(long, (1, 8, 8))
        train(images, long, [lambda m, h: signal.raise_signal(signal.SIGTERM)], run=run)
        assert noted == [1] * 6 and run.step == 12
    finally:
        signal.signal(signal.SIGTERM, before)
    done = []
    worker = threading.Thread(target=lambda: done.append(train(images, long, device="cpu")))
    worker.start()
    worker.join()
    assert done[0][1].step[-1] == 12


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


@contextmanager
def full_disk(room: int):
    """No file of this process grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_save_on_a_full_disk_leaves_the_file_before_it(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    checkpoints.save_run(run, tmp_path / "run")
    before = (tmp_path / "run").read_bytes()
    train(images, long, run=run)
    with full_disk(2000), pytest.raises(OSError, match="could not write .*run: File too large"):
        checkpoints.save_run(run, tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_full_disk_does_not_end_training(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    keep = checkpoints.SaveEvery(run, tmp_path / "run", 5)
    with full_disk(2000), pytest.warns(UserWarning, match="step 6 is not saved.*too large"):
        train(images, long, [lambda m, h: h.step[-1] == 12 and enough(), keep], run=run)
    assert keep.failed == [6] and keep.saved == 12
    assert checkpoints.load_run(tmp_path / "run").step == 12


def enough():
    """There is room again."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_saving_every_0_steps_is_refused(long, tmp_path):
    with pytest.raises(ValueError, match="at least 1, got 0"):
        checkpoints.SaveEvery(start(long, (1, 8, 8)), tmp_path / "run", 0)


def test_a_run_goes_on_only_with_the_images_it_began_with(long, images, tmp_path):
    run = start(long, (1, 8, 8))

    def press(model, history):
        raise KeyboardInterrupt

    train(images, long, [press], run=run)
    checkpoints.save_run(run, tmp_path / "run")
    for other in (1 - images, images[:-1], images.flip(0)):
        again = checkpoints.load_run(tmp_path / "run", "cpu")
        with pytest.raises(ValueError, match="other images: 32 images .*, not 3[12] images"):
            train(other, long, run=again)
    train(images.clone(), long, run=checkpoints.load_run(tmp_path / "run", "cpu"))


@pytest.mark.parametrize("threads", [1, 2])
def test_resumed_is_uninterrupted_with_one_and_two_threads(tmp_path, threads):
    settings = preset("lite", steps=6, log_every=1, real_from=0.1, decay_from=0.2)
    images = torch.rand(80, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        whole, broken = start(settings, (1, 28, 28)), start(settings, (1, 28, 28))
        train(images, settings, run=whole)

        def press(model, history):
            if history.step[-1] == 3:
                raise KeyboardInterrupt

        train(images, settings, [press], run=broken)
        checkpoints.save_run(broken, tmp_path / "run")
        resumed = checkpoints.load_run(tmp_path / "run", "cpu")
        assert resumed.threads == threads and resumed.step == 3
        train(images, settings, run=resumed)
        assert_same(resumed, whole)
    finally:
        torch.set_num_threads(before)


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


def test_another_number_of_threads_is_said(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    now = torch.get_num_threads()
    run.threads = now + 1
    checkpoints.save_run(run, tmp_path / "run")
    again = checkpoints.load_run(tmp_path / "run", "cpu")
    with pytest.warns(UserWarning, match=f"started with {now + 1} threads, not {now}: last"):
        train(images, long, run=again)


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
    with pytest.raises(ValueError, match="run: content is a run, must be a model"):
        checkpoints.load(tmp_path / "run")


def test_a_run_goes_on_only_on_its_kind_of_device(long, tmp_path, monkeypatch):
    checkpoints.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    monkeypatch.setattr(checkpoints, "pick_device", lambda choice: torch.device("mps"))
    with pytest.raises(ValueError, match="was on the device 'cpu'.*not on 'mps'"):
        checkpoints.load_run(tmp_path / "run")


def test_notes_may_be_numbers_of_numpy_and_torch(tmp_path, model):
    notes = {"a": np.int64(3), "b": np.float32(0.5), "c": torch.tensor([1, 2])}
    checkpoints.save(model, tmp_path / "m", **notes)
    assert checkpoints.read_notes(tmp_path / "m") == {"a": 3, "b": 0.5, "c": [1, 2]}
    with pytest.raises(TypeError, match="a note must be text or numbers, got <object"):
        checkpoints.save(model, tmp_path / "n", bad=object())
    assert not (tmp_path / "n").exists()
