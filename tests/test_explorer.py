"""The widgets without a browser: what is exported is G, what is shown is what is so."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image
from scipy.ndimage import map_coordinates
from scipy.signal import convolve2d
from torch import nn

from benchmarks.widgets import write_page
from infogan_lite import (
    History,
    InfoGAN,
    LatentCode,
    Settings,
    plot_losses,
    preset,
    sample_noise,
    train,
)
from infogan_lite.classifier import reader
from infogan_lite.digits import Dataset
from infogan_lite.networks import Generator
from infogan_lite.widgets.bound import bound_explorer, bound_numbers
from infogan_lite.widgets.channel import channel_explorer, channel_numbers
from infogan_lite.widgets.explorer import GRID, MAX_WEIGHTS, explore
from infogan_lite.widgets.export import export_generator, run_layers
from infogan_lite.widgets.frames import frames
from infogan_lite.widgets.packing import encode_within
from infogan_lite.widgets.replay import Snapshots, replay

LEVEL = 1 / 255

# --- The exported generator ------------------------------------------------------------


def numpy_layer(x: np.ndarray, layer: dict, w: np.ndarray, row: np.ndarray) -> np.ndarray:
    """One exported layer on one input, by numpy and scipy alone; row is [z, c]."""
    kind = layer["kind"]
    if kind == "linear":
        n, m = layer["in"], layer["out"]
        y = w[layer["weight"] :][: n * m].reshape(m, n) @ x
        return y if layer["bias"] < 0 else y + w[layer["bias"] :][:m]
    if kind == "affine":
        shape = (layer["in"], *[1] * (x.ndim - 1))
        scale, shift = (w[layer[s] :][: layer["in"]].reshape(shape) for s in ("scale", "shift"))
        return x * scale + shift
    if kind == "conv_transpose":
        return numpy_convolution(x, layer, w)
    if kind == "bend":
        return numpy_bend(x, layer, w, row)
    if kind == "relu":
        return np.maximum(x, 0)
    if kind == "reshape":
        return x.reshape(layer["shape"])
    return {"sigmoid": lambda v: 1 / (1 + np.exp(-v))}[kind](x)


def numpy_convolution(x: np.ndarray, layer: dict, w: np.ndarray) -> np.ndarray:
    n, m, k, s, p = (layer[key] for key in ("in", "out", "kernel", "stride", "padding"))
    kernel = w[layer["weight"] :][: n * m * k * k].reshape(n, m, k, k)
    spread = np.zeros((n, (x.shape[1] - 1) * s + 1, (x.shape[2] - 1) * s + 1))
    spread[:, ::s, ::s] = x
    sums = [sum(convolve2d(spread[i], kernel[i, o]) for i in range(n)) for o in range(m)]
    y = np.stack(sums)[:, p : sums[0].shape[0] - p, p : sums[0].shape[1] - p]
    return y if layer["bias"] < 0 else y + w[layer["bias"] :][:m].reshape(m, 1, 1)


def numpy_bend(x: np.ndarray, layer: dict, w: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Pixel centers lie at (2 i + 1) / h - 1 in the plane; the points of the shifts span it."""
    n, m, points = layer["in"], layer["out"], layer["points"]
    steer = np.concatenate([row[: layer["z"]], row[len(row) - layer["uniform"] :]])
    numbers = w[layer["weight"] :][: n * m].reshape(m, n) @ steer + w[layer["bias"] :][:m]
    affine, shifts = numbers[:6].reshape(2, 3), numbers[6:-1].reshape(2, points, points)
    _, h, width = x.shape
    i, j = np.mgrid[:h, :width]
    between = [i * (points - 1) / (h - 1), j * (points - 1) / (width - 1)]
    plane = np.stack([(2 * j + 1) / width - 1, (2 * i + 1) / h - 1, np.ones((h, width))])
    moved = plane[:2] + np.tensordot(affine, plane, 1)
    moved += [map_coordinates(shift, between, order=1, mode="nearest") for shift in shifts]
    at = [((moved[1] + 1) * h - 1) / 2, ((moved[0] + 1) * width - 1) / 2]
    bent = [map_coordinates(channel, at, order=1, mode="nearest") for channel in x]
    return np.stack(bent) + 10 * numbers[-1]


def inputs(model: InfoGAN, n: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(7)
    z = sample_noise(n, model.settings.z_dim, generator)
    c = model.code.sample(n, generator)
    c[:, model.code.dim - model.code.uniform :] *= 2
    return z, c


@pytest.mark.parametrize("bent", [True, False])
def test_the_exported_generator_is_g(model, bent):
    if not bent:
        model.G.bend = None
    z, c = inputs(model)
    exported = export_generator(model)
    w = np.frombuffer(exported.weights, {"float16": "<f2", "float32": "<f4"}[exported.dtype])
    rows, pictures = torch.cat([z, c], dim=1).numpy(), []
    for x in rows:
        for layer in exported.layers:
            x = numpy_layer(x, layer, w.astype(float), rows[len(pictures)])
        pictures.append(x)
    truth = model.generate(z, c).numpy()
    assert truth.std() > 10 * LEVEL  # or nothing would be tested
    assert np.abs(np.stack(pictures) - truth).max() < LEVEL
    assert np.abs(run_layers(exported, torch.from_numpy(rows)).numpy() - truth).max() < LEVEL


def test_float32_where_float16_is_not_enough(tiny):
    model = InfoGAN(tiny, (1, 8, 8)).eval()
    assert export_generator(model).dtype == "float16"
    model.G.upsample[0].weight.data[0, 0, 0, 0] = 1e5  # beyond 65504, the largest float16
    exported = export_generator(model)
    assert exported.dtype == "float32"
    z, c = inputs(model)
    error = run_layers(exported, torch.cat([z, c], 1)) - model.generate(z, c)
    assert error.abs().max() < LEVEL


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (nn.Softplus(), "Softplus"),
        (nn.Conv2d(1, 1, 3, padding=1), "Conv2d"),
        (nn.ConvTranspose2d(1, 1, 3, padding=2, dilation=2), "ConvTranspose2d"),
        (nn.ConvTranspose2d(1, 1, (3, 1), padding=(1, 0)), "ConvTranspose2d"),
        (nn.BatchNorm2d(1, track_running_stats=False), "BatchNorm2d"),
        (nn.BatchNorm2d(1, affine=False), "BatchNorm2d"),
    ],
)
def test_a_module_the_browser_cannot_run_is_named(model, module, name):
    model.G.ink = module
    with pytest.raises(TypeError, match=rf"cannot run {name}"):
        explore(model)
    assert explore(model, frames=True).sheet


def test_a_forward_that_does_more_than_its_modules_is_found(model):
    class Sneaky(Generator):
        def forward(self, z, c):
            return 1 - super().forward(z, c)

    model.G.__class__ = Sneaky
    with pytest.raises(ValueError, match="forward"):
        explore(model)


# --- explore() -------------------------------------------------------------------------


def test_picture_is_g_of_the_state(model):
    z = torch.randn(3, 4)
    widget = explore(model, z=z)
    widget.category, widget.values, widget.z_index = 2, (1.5, -0.25), 1
    assert widget.categories == (2,)
    c = torch.tensor([[0, 0, 1, 1.5, -0.25]])
    torch.testing.assert_close(widget.picture(), model.generate(z[1:2], c)[0])
    widget.z_drawn, widget.z_index = tuple(z[2].tolist()), 3
    torch.testing.assert_close(widget.picture(), model.generate(z[2:], c)[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("values", (0.0,)),
        ("values", (0.0, 2.1)),
        ("categories", (3,)),
        ("category", -1),
        ("z_index", 6),
    ],
)
def test_a_state_that_does_not_exist_is_refused(model, name, value):
    widget = explore(model)
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, value)


def test_a_message_from_the_page_arrives(model):
    """What the front end sends when a reader draws a new z and moves things."""
    widget, seen = explore(model), []
    widget.observe(lambda change: seen.append(change["new"]), "category")
    z = [0.5, -0.5, 1.0, 0.0]
    widget.set_state({"categories": [1], "values": [1, -1], "z_drawn": z, "z_index": 6})
    assert seen == [1]
    expected = model.generate(torch.tensor([z]), torch.tensor([[0, 1, 0, 1.0, -1]]))[0]
    torch.testing.assert_close(widget.picture(), expected)


def test_wrong_arguments_are_refused(model):
    with pytest.raises(ValueError, match="z has the shape"):
        explore(model, z=torch.zeros(2, 5))
    with pytest.raises(ValueError, match="c9"):
        explore(model, names={"c9": "slant"})


def test_labels_name_the_categories(model):
    assert explore(model, labels=np.array([7, 1, 3])).labels == ["7", "1", "3"]
    assert explore(model, labels={0: "a", 1: "b", 2: "c"}).labels == ["a", "b", "c"]


@pytest.mark.parametrize("categorical", [(), (3,), (3, 2)])
@pytest.mark.parametrize("uniform", [0, 1, 3])
@pytest.mark.parametrize("use_frames", [False, True])
def test_any_code_can_be_explored(tiny, categorical, uniform, use_frames):
    if not categorical and not uniform:
        pytest.skip("there is no such code")
    settings = replace(tiny, code=LatentCode(categorical, uniform))
    widget = explore(InfoGAN(settings, (3, 8, 8)).eval(), frames=use_frames)
    assert widget.picture().shape == (3, 8, 8)
    assert bool(widget.sheet) == use_frames == (not widget.layers)


def test_the_sheet_holds_the_pictures_in_order(model):
    z = torch.randn(1, 4)
    widget = explore(model, z=z, frames=True)
    sheet = np.asarray(Image.open(io.BytesIO(widget.sheet)).convert("L")) / 255
    for k, i, j in [(0, 0, 0), (1, 8, 3), (2, 4, 8)]:
        number = (k * 9 + i) * 9 + j
        y, x = divmod(number, sheet.shape[1] // 8)
        c = torch.zeros(1, 5)
        c[0, k], c[0, 3], c[0, 4] = 1, GRID[i], GRID[j]
        picture = model.generate(z, c)[0, 0].numpy()
        assert np.abs(sheet[8 * y : 8 * y + 8, 8 * x : 8 * x + 8] - picture).max() < LEVEL


def test_a_large_generator_is_shown_by_frames(tmp_path):
    widget = explore(InfoGAN(preset("paper"), (1, 28, 28)).eval())
    assert not widget.layers and widget.sheet
    assert write_page([widget], tmp_path)[1] <= 600_000


def test_the_weights_of_a_small_one_fit(tmp_path):
    widget = explore(InfoGAN(preset("lite"), (1, 28, 28)).eval())
    assert widget.layers and len(widget.weights) <= MAX_WEIGHTS
    page, size = write_page([widget], tmp_path)
    assert size + (tmp_path / "loader.js").stat().st_size <= 1_500_000


# --- frames(), replay() ----------------------------------------------------------------


def test_frames_keep_every_pixel():
    pictures = np.random.default_rng(0).random((3, 10, 12))
    widget = frames(
        pictures, [0.5, 1, 2], "noise", unit="nats", describe=["first", "second", "third"]
    )
    assert widget.descriptions == ["first", "second", "third"]
    assert widget.values == ["0.5", 1, 2]
    start = 0
    for picture, size in zip(pictures, widget.sizes, strict=True):
        image = Image.open(io.BytesIO(widget.pictures[start : start + size])).convert("L")
        assert np.abs(np.asarray(image) / 255 - (1 - picture)).max() <= 0.51 * LEVEL
        start += size


def test_frames_take_figures_and_colors():
    figure = plot_losses(History([1, 2], [], [1.0, 2.0], [2.0, 1.0]))
    color = torch.rand(3, 5, 6, generator=torch.Generator().manual_seed(0))
    widget = frames([figure, color], ["a", "b"], "which", describe=lambda v: f"this is {v}")
    assert widget.descriptions == ["this is a", "this is b"]
    image = np.asarray(Image.open(io.BytesIO(widget.pictures[widget.sizes[0] :])).convert("RGB"))
    assert np.abs(image / 255 - color.permute(1, 2, 0).numpy()).max() <= 0.51 * LEVEL


def test_frames_without_a_description_each_are_refused():
    with pytest.raises(ValueError, match="1 descriptions"):
        frames(np.zeros((2, 4, 4)), [0, 1], "noise", describe=["one"])
    with pytest.raises(ValueError, match="at least one"):
        frames([], [], "noise", describe=[])
    with pytest.raises(ValueError, match="shape"):
        frames([np.zeros((2, 4, 5, 6))], [0], "noise", describe=["x"])


def test_pictures_are_packed_into_their_limit():
    noise = np.random.default_rng(0).random((200, 200))
    assert len(encode_within(noise, 30_000)) <= 30_000 < len(encode_within(noise, 10**6))
    with pytest.raises(ValueError, match="do not fit"):
        encode_within(noise, 100)


@pytest.fixture
def data(images) -> Dataset:
    labels = torch.arange(32) % 4
    return Dataset(images, labels, images, labels)


def log(history: History, step: int, value: float) -> History:
    history.append(step, 0.0, 1.0, 1.0, {"c1": value, "c2": 0.0, "c3": 0.0})
    return history


def test_snapshots_are_taken_when_it_is_time(model, data):
    snapshots, history = Snapshots(2, data), History()
    for step in range(1, 6):
        snapshots(model, log(history, step, float(step)))
    assert [s.step for s in snapshots] == [2, 4, 5]  # 5 is the last step of these settings
    assert [s.bound["c1"] for s in snapshots] == [1.5, 3.5, 5.0]  # means since the one before
    last = snapshots.taken[-1]
    assert last.images.shape == (5, 3, 1, 8, 8)
    z = sample_noise(1, 4, torch.Generator().manual_seed(0))
    expected = model.generate(z, torch.tensor([[0, 1, 0, -1.0, 0]]))[0]
    torch.testing.assert_close(last.images[1, 1], expected)
    guess = reader(model, data.x_train).recognise(data.x_test).logits[0].argmax(1)
    for k, label in np.ndindex(3, 4):
        assert last.confusion[k, label] == ((guess == k) & (data.y_test == label)).sum()


def test_another_run_starts_afresh(model, data):
    snapshots = Snapshots(1, data)
    for history in (History(), History()):
        for step in (1, 2):
            snapshots(model, log(history, step, 0.5))
    assert [s.step for s in snapshots] == [1, 2]


def test_replay_carries_the_snapshots(model, data, tmp_path):
    snapshots = Snapshots(1, data)
    for step in (1, 2):
        snapshots(model, log(History(), step, 0.5))
    widget = replay(snapshots)
    sheet = np.asarray(Image.open(io.BytesIO(widget.sheet)).convert("L")) / 255
    assert sheet.shape == (2 * 5 * 8, 3 * 8)
    picture = snapshots.taken[1].images[3, 2, 0].numpy()
    assert np.abs(1 - sheet[40 + 24 : 40 + 32, 16:24] - picture).max() < LEVEL
    assert widget.confusion[1] == snapshots.taken[1].confusion.tolist()


def test_a_replay_of_nothing_is_refused(tiny, data):
    with pytest.raises(ValueError, match="got 0"):
        replay([])
    model = InfoGAN(replace(tiny, code=LatentCode((), 2)), (1, 8, 8))
    with pytest.raises(ValueError, match="categorical"):
        Snapshots(1, data)(model, log(History(), 1, 0.0))


# --- The ideas -------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 4, 7])
def test_the_ends_of_the_channel(k):
    perfect, useless = channel_numbers(0.0, 0.0, k), channel_numbers(1.0, 0.0, k)
    assert perfect == pytest.approx({"H": np.log(k), "conditional": 0, "I": np.log(k)}, abs=1e-9)
    assert useless == pytest.approx({"H": np.log(k), "conditional": np.log(k), "I": 0}, abs=1e-9)
    assert channel_numbers(0.3, 1.0, k) == pytest.approx(
        {"H": 0, "conditional": 0, "I": 0}, abs=1e-9
    )


def test_information_of_the_symmetric_channel_in_closed_form():
    right = 0.7 + 0.3 / 4
    row = np.array([right, 0.075, 0.075, 0.075])
    closed = np.log(4) + (row * np.log(row)).sum()
    assert channel_numbers(0.3, 0.0, 4)["I"] == pytest.approx(closed, abs=1e-12)


@pytest.mark.parametrize("mix", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("temperature", [0.25, 1.0, 4.0])
def test_bound_and_gap_add_up(mix, temperature):
    numbers = bound_numbers(
        torch.tensor(bound_explorer().joint, dtype=torch.float64), mix, temperature
    )
    assert numbers["L_I"] + numbers["gap"] == pytest.approx(numbers["I"], abs=1e-12)
    exact = mix == 0 and temperature == 1
    assert (numbers["gap"] < 1e-12) == exact


@pytest.mark.parametrize(
    ("prior", "channel"),
    [
        ((0.5, 0.5), ((1.0, 0.0), (0.0, 1.0))),  # without noise
        ((0.75, 0.25, 0.0), ((0.5, 0.5, 0), (0, 1, 0), (0, 0, 1))),  # a c and an x that never are
    ],
)
def test_the_bound_takes_zeros(prior, channel):
    p_cx = torch.tensor(bound_explorer(prior, channel).joint, dtype=torch.float64)
    numbers = bound_numbers(p_cx, 0.5, 1.0)
    table = p_cx.numpy()
    seen = table[table > 0]
    q = (0.5 * table / np.maximum(table.sum(0), 1e-300) + 0.5 / len(table))[table > 0]
    h = -sum(p * np.log(p) for p in prior if p)
    assert numbers["L_I"] == pytest.approx(h + (seen * np.log(q)).sum(), abs=1e-12)
    assert numbers["L_I"] + numbers["gap"] == pytest.approx(numbers["I"], abs=1e-12)


def test_impossible_channels_are_refused():
    with pytest.raises(ValueError, match="2 to 10"):
        channel_explorer(1)
    with pytest.raises(ValueError, match="distribution"):
        bound_explorer((0.5, 0.6), ((0.5, 0.5), (0.5, 0.5)))


def test_settings_are_only_read(tiny: Settings, model):
    before = model.G.state_dict()
    copies = {name: tensor.clone() for name, tensor in before.items()}
    explore(model).picture()
    explore(model, frames=True)
    assert model.training
    assert all(torch.equal(copies[name], tensor) for name, tensor in model.G.state_dict().items())


def test_a_sheet_of_many_large_frames_is_about_square_and_fits(tiny):
    """100 categories of 64 x 64 in color: more pixels in a column than a WebP may have."""
    settings = replace(tiny, code=LatentCode((100,), 2))
    model = InfoGAN(settings, (3, 64, 64)).eval()
    widget = explore(model, frames=True)
    sheet = Image.open(io.BytesIO(widget.sheet))
    frames_shown = 100 * len(widget.grid) ** 2
    assert len(widget.sheet) <= 400_000
    assert (sheet.width // 64) * (sheet.height // 64) >= frames_shown
    assert max(sheet.size) <= 65_535


def test_a_long_narrow_picture_becomes_a_jpeg():
    noise = np.random.default_rng(0).integers(0, 30, (20_000, 60), dtype=np.uint8)
    data = encode_within(noise, 400_000)
    assert len(data) <= 400_000
    assert Image.open(io.BytesIO(data)).size == (60, 20_000)


def test_a_picture_beyond_all_formats_is_refused():
    noise = np.random.default_rng(0).integers(0, 256, (70_000, 8), dtype=np.uint8)
    with pytest.raises(ValueError, match="at most 65535 on a side"):
        encode_within(noise, 1000)


def test_labels_name_each_category(model):
    for labels in ([1, 2], [1, 2, 3, 4], {0: "a", 1: "b", 5: "c"}):
        with pytest.raises(ValueError, match="labels must name each of the 3 categories"):
            explore(model, labels=labels)


def test_more_snapshots_than_a_replay_shows_are_refused_at_the_first(tiny, images):
    data = Dataset(images, torch.zeros(32).long(), images, torch.zeros(32).long())
    with pytest.raises(ValueError, match="more than the 100 that a replay shows"):
        train(images, replace(tiny, steps=101), [Snapshots(1, data)], device="cpu")
