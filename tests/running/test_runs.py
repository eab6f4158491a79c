"""A run that was saved goes on as if it had never stopped, or is refused with a reason."""

import signal
import threading
from dataclasses import replace

import hypothesis
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from full_disk import full_disk
from infogan_lite import LatentCode, Settings, preset, recipe, train, training
from infogan_lite.history import start
from infogan_lite.running import checkpoints, checks, runs
from infogan_lite.running.save_every import SaveEvery

pytestmark = pytest.mark.sensitive


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
    save_every = SaveEvery(broken, file, 4)
    _, history = train(images, long, [save_every, press], run=broken)
    assert history.interrupted
    resumed = runs.load_run(file, "cpu")
    assert resumed.step == {5: 4, 8: 8}[stop] == resumed.history.step[-1]
    model, history = train(images, long, run=resumed)
    assert_same(resumed, whole)
    assert not history.interrupted and not model.training
    assert history.seconds == sorted(history.seconds)


def test_a_run_with_angles_is_resumed_bit_for_bit(long, images, tmp_path):
    settings = replace(long, code=LatentCode((3,), 2, 1), kappa=4.0, lam_circular=0.5)
    whole, broken = start(settings, (1, 8, 8)), start(settings, (1, 8, 8))
    train(images, settings, run=whole)

    def press(model, history):
        if history.step[-1] >= 5:
            raise KeyboardInterrupt

    train(images, settings, [press], run=broken)
    runs.save_run(broken, tmp_path / "run")
    resumed = runs.load_run(tmp_path / "run", "cpu")
    assert resumed.model.settings == settings and set(resumed.history.bound) == {
        *settings.code.names
    }
    train(images, settings, run=resumed)
    assert_same(resumed, whole)


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
    runs.save_run(broken, tmp_path / "run")
    resumed = runs.load_run(tmp_path / "run", "cpu")
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
    runs.save_run(run, tmp_path / "run")
    again = runs.load_run(tmp_path / "run", "cpu")
    assert_same(again, run)
    assert again.step == 12 and again.history == run.history
    assert [p.name for p in tmp_path.iterdir()] == ["run"]  # nothing temporary stays


@pytest.mark.unix
def test_a_run_that_was_loaded_does_not_depend_on_its_file(long, images, tmp_path):
    """Somebody writes over the file in its place while the run goes on."""
    train(images, long, run=(run := start(long, (1, 8, 8))))
    runs.save_run(run, tmp_path / "run")
    loaded = runs.load_run(tmp_path / "run", "cpu")
    with open(tmp_path / "run", "r+b") as file:
        file.write(bytes((tmp_path / "run").stat().st_size))
    assert_same(loaded, run)


def test_a_run_before_its_first_step_comes_back(long, images, tmp_path):
    runs.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    run = runs.load_run(tmp_path / "run", "cpu")
    whole = start(long, (1, 8, 8))
    train(images, long, run=run), train(images, long, run=whole)
    assert_same(run, whole)


@pytest.mark.unix
def test_a_save_on_a_full_disk_leaves_the_file_before_it(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    runs.save_run(run, tmp_path / "run")
    before = (tmp_path / "run").read_bytes()
    train(images, long, run=run)
    with full_disk(2000), pytest.raises(OSError, match="could not write .*run: File too large"):
        runs.save_run(run, tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_run_goes_on_only_with_the_images_it_began_with(long, images, tmp_path):
    run = start(long, (1, 8, 8))

    def press(model, history):
        raise KeyboardInterrupt

    train(images, long, [press], run=run)
    runs.save_run(run, tmp_path / "run")
    for other in (1 - images, images[:-1], images.flip(0)):
        again = runs.load_run(tmp_path / "run", "cpu")
        with pytest.raises(ValueError, match="other images: 32 images .*, not 3[12] images"):
            train(other, long, run=again)
    train(images.clone(), long, run=runs.load_run(tmp_path / "run", "cpu"))


@pytest.mark.parametrize("threads", [1, 2])
def test_resumed_is_uninterrupted_with_one_and_two_threads(tmp_path, threads):
    settings = preset("lite", steps=6, log_every=1, decay_from=0.2)
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
        runs.save_run(broken, tmp_path / "run")
        resumed = runs.load_run(tmp_path / "run", "cpu")
        assert resumed.threads == threads and resumed.step == 3
        train(images, settings, run=resumed)
        assert_same(resumed, whole)
    finally:
        torch.set_num_threads(before)


def test_another_number_of_threads_is_said(long, images, tmp_path):
    run = start(long, (1, 8, 8))
    now = torch.get_num_threads()
    run.threads = now + 1
    runs.save_run(run, tmp_path / "run")
    again = runs.load_run(tmp_path / "run", "cpu")
    with pytest.warns(
        UserWarning, match=f"started with {now + 1} threads, not {now}: last"
    ) as caught:
        train(images, long, run=again)
    assert [w.filename for w in caught] == [__file__]  # whoever called train


def test_a_run_goes_on_only_with_its_own_settings_and_images(long, images, tmp_path):
    runs.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    run = runs.load_run(tmp_path / "run", "cpu")
    other = replace(long, lam=0.5, steps=13)
    with pytest.raises(ValueError, match=r"lam was 1.0, is 0.5; steps was 12, is 13"):
        train(images, other, run=run)
    with pytest.raises(ValueError, match=r"images of shape \(1, 8, 8\), not \(1, 16, 16\)"):
        train(torch.zeros(32, 1, 16, 16), long, run=run)


def test_a_model_alone_is_no_run_and_a_run_no_model(model, long, tmp_path):
    path = tmp_path / "model.safetensors"
    checkpoints.save(model, path)
    with pytest.raises(ValueError, match="model.safetensors holds no run"):
        runs.load_run(path)
    runs.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    with pytest.raises(ValueError, match="run: content is a run, must be a model"):
        checkpoints.load(tmp_path / "run")


def test_a_run_goes_on_only_on_its_kind_of_device(long, tmp_path, monkeypatch):
    runs.save_run(start(long, (1, 8, 8)), tmp_path / "run")
    monkeypatch.setattr(runs, "pick_device", lambda choice: torch.device("mps"))
    with pytest.raises(ValueError, match="was on the device 'cpu'.*not on 'mps'"):
        runs.load_run(tmp_path / "run")


@hypothesis.settings(max_examples=8)
@given(
    code=st.sampled_from([((3,), 2), ((), 2), ((2, 3), 0), ((4,), 1)]),
    stops=st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True).map(sorted),
    changes=st.fixed_dictionaries(
        {
            "log_every": st.integers(1, 4),
            "batch_size": st.integers(2, 9),
            "augment": st.sampled_from([0.0, 0.2]),
            "outside": st.sampled_from(["empty", "edge"]),
            "average": st.sampled_from([0.0, 0.9]),
            "r1": st.sampled_from([0.0, 0.1]),
            "turn_every": st.integers(0, 3),
            "lam": st.sampled_from([0.0, 1.0]),
            "sigma": st.sampled_from([None, 0.3]),
            "decay_from": st.floats(0, 1),
            **{name: st.booleans() for name in ("bend", "tell", "settle", "resize")},
            "info_to_trunk": st.booleans(),
        }
    ),
)
@example(code=((3,), 0), stops=[2], changes={"batch_size": 4})  # a weight without numbers
def test_any_run_stopped_anywhere_ends_as_the_one_that_was_not(
    tmp_path_factory, code, stops, changes
):
    """Ctrl-C in the midst of some steps, each time to disk and back."""
    images = torch.rand(12, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    path = tmp_path_factory.mktemp("runs") / "run"
    settings = Settings(
        code=code, z_dim=3, channels=(2, 3), hidden=5, q_hidden=4, steps=10, **changes
    )
    whole, run = start(settings, (1, 8, 8)), start(settings, (1, 8, 8))
    expected, _ = train(images, settings, run=whole)
    for stop in stops:
        press_at(run, stop)
        _, history = train(images, settings, run=run)
        assert history.interrupted and run.step == stop
        runs.save_run(run, path)
        run = runs.load_run(path, "cpu")
    model, history = train(images, settings, run=run)
    assert_same(run, whole)
    assert not history.interrupted
    assert all(map(torch.equal, model.state_dict().values(), expected.state_dict().values()))


def press_at(run, step: int) -> None:
    """Ctrl-C while a step moves the weights."""
    run.adam_g.register_step_pre_hook(
        lambda *_: signal.raise_signal(signal.SIGINT) if run.step == step - 1 else None
    )


def test_a_state_of_an_optimizer_of_another_size_is_refused(long, images, tmp_path):
    """A fused Adam wrote 63 floats beyond the end of a state of one."""
    run, path = start(long, (1, 8, 8)), tmp_path / "run"
    train(images, long, run=run)
    runs.save_run(run, path)
    with safe_open(path, "pt") as file:
        texts = file.metadata()
    tensors = load_file(path)
    tensors["adam_g.0.exp_avg"] = torch.zeros(1)
    texts["sha256"] = checks.checksum(tensors, texts)
    save_file(tensors, path, texts)
    with pytest.raises(ValueError, match=r"run: the shape of adam_g.0.exp_avg is \(1,\), must be"):
        runs.load_run(path, "cpu")
