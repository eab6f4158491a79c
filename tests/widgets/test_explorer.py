"""The explorer without a browser: what it shows is G of its state."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
import traitlets

from benchmarks.widgets import write_page
from infogan_lite import InfoGAN, LatentCode, Settings, load, preset, suggest
from infogan_lite.widgets.explorer import MAX_WEIGHTS, explore

LEVEL = 1 / 255


def test_picture_is_g_of_the_state(model):
    z = torch.randn(3, 4)
    widget = explore(model, z=z)
    widget.category, widget.values, widget.z_index = 2, (1.5, -0.25), 1
    assert widget.categories == (2,)
    c = torch.tensor([[0, 0, 1, 1.5, -0.25]])
    torch.testing.assert_close(widget.picture(), model.generate(z[1:2], c)[0])
    widget.z_drawn, widget.z_index = tuple(z[2].tolist()), 3
    torch.testing.assert_close(widget.picture(), model.generate(z[2:], c)[0])


@pytest.mark.parametrize("frames", [False, True])
@pytest.mark.parametrize("kind", ["float64", "float16", "bfloat16", "double everywhere"])
def test_a_model_in_other_floats_is_explored_as_in_the_usual_ones(model, kind, frames, request):
    other = copy.deepcopy(model)
    if kind == "double everywhere":
        request.getfixturevalue("float64")
    else:
        other.to(getattr(torch, kind))
        model = copy.deepcopy(other).float()  # rounded alike
    before = copy.deepcopy(other.state_dict())
    z = torch.randn(2, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float32)
    widget, plain = (explore(m, z=z, frames=frames) for m in (other, model))
    assert (widget.weights, widget.sheet) == (plain.weights, plain.sheet)
    c = torch.tensor([[1, 0, 0, 0.5, -1.25]])
    widget.values = (0.5, -1.25)
    torch.testing.assert_close(widget.picture(), model.generate(z[:1], c)[0])
    assert all(torch.equal(other.state_dict()[name], t) for name, t in before.items())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("values", (0.0,)),
        ("values", (0.0, 2.1)),
        ("values", (0.0, float("nan"))),
        ("categories", (3,)),
        ("category", -1),
        ("category", 3),
        ("category", 99),
        ("z_index", 6),
    ],
)
def test_a_state_that_does_not_exist_is_refused(model, name, value):
    widget = explore(model)
    before = getattr(widget, name), widget.picture()
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, value)
    assert getattr(widget, name) == before[0] and torch.equal(widget.picture(), before[1])


def test_without_categories_there_is_no_category_to_set(tiny):
    widget = explore(InfoGAN(replace(tiny, code=LatentCode((), 2)), (1, 8, 8)).eval())
    with pytest.raises(traitlets.TraitError, match="c1 goes from 0 to 0, got 1"):
        widget.category = 1
    assert widget.category == 0


def test_a_message_from_the_page_arrives(model):
    """What the front end sends when a reader draws a new z and moves things."""
    widget, seen = explore(model), []
    widget.observe(lambda change: seen.append(change["new"]), "category")
    z = [0.5, -0.5, 1.0, 0.0]
    widget.set_state({"categories": [1], "values": [1, -1], "z_drawn": z, "z_index": 6})
    assert seen == [1]
    expected = model.generate(torch.tensor([z]), torch.tensor([[0, 1, 0, 1.0, -1]]))[0]
    torch.testing.assert_close(widget.picture(), expected)


@pytest.mark.parametrize("frames", [True, False])
def test_a_circular_factor_is_set_in_degrees(tiny, frames):
    model = InfoGAN(replace(tiny, code=LatentCode((3,), 1, 2)), (1, 8, 8)).eval()
    widget = explore(model, frames=frames)
    assert widget.angles == (0.0, 0.0) and widget.moving == [1, 1]
    widget.angles, widget.values = (90.0, -180.0), (0.5,)
    c = torch.tensor([[1.0, 0, 0, 0.5, 0, 1, -1, 0]])
    z = torch.from_numpy(np.frombuffer(widget.z, "<f4").reshape(-1, 4).copy())[:1]
    torch.testing.assert_close(widget.picture(), model.generate(z, c)[0])
    for wrong in ((0.0,), (0.0, 181.0), (float("nan"), 0.0)):
        with pytest.raises(traitlets.TraitError, match="2 angles from -180 to 180, got"):
            widget.angles = wrong
    assert explore(model, frames=frames).angles == (0.0, 0.0)


def test_wrong_arguments_are_refused(model):
    with pytest.raises(ValueError, match="z must have the shape"):
        explore(model, z=torch.zeros(2, 5))
    with pytest.raises(ValueError, match="c9"):
        explore(model, names={"c9": "slant"})


def test_labels_name_the_categories(model):
    assert explore(model, labels=np.array([7, 1, 3])).labels == ["7", "1", "3"]
    assert explore(model, labels={0: "a", 1: "b", 2: "c"}).labels == ["a", "b", "c"]


@pytest.mark.parametrize("categorical", [(), (3,), (3, 2)])
@pytest.mark.parametrize("uniform", [0, 1, 3])
@pytest.mark.parametrize("circular", [0, 1, 3])
@pytest.mark.parametrize("use_frames", [False, True])
def test_any_code_can_be_explored(tiny, categorical, uniform, circular, use_frames):
    if not categorical and not uniform and not circular:
        pytest.skip("there is no such code")
    settings = replace(tiny, code=LatentCode(categorical, uniform, circular))
    widget = explore(InfoGAN(settings, (3, 8, 8)).eval(), frames=use_frames)
    assert widget.picture().shape == (3, 8, 8)
    assert bool(widget.sheet) == use_frames == (not widget.layers)


def test_a_large_generator_is_shown_by_frames(tmp_path):
    widget = explore(InfoGAN(preset("paper"), (1, 28, 28)).eval())
    assert not widget.layers and widget.sheet
    assert write_page([widget], tmp_path)[1] <= 600_000


def test_the_weights_of_a_small_one_fit(tmp_path):
    widget = explore(InfoGAN(preset("lite"), (1, 28, 28)).eval())
    assert widget.layers and len(widget.weights) <= MAX_WEIGHTS
    page, size = write_page([widget], tmp_path)
    assert size + (tmp_path / "loader.js").stat().st_size <= 1_500_000


@pytest.mark.parametrize("side", [32, 64])
def test_pictures_of_ones_own_get_a_slider_for_each_code(side):
    """Even where half precision is not enough: a sheet would move two of the three."""
    settings = suggest(load(torch.rand(60, 3, side, side), size=side)).settings
    model = InfoGAN(settings, (3, side, side)).eval()
    model.G.dense[0].weight.data *= 1e6  # too large for half precision
    widget = explore(model)
    assert widget.dtype == "float32" and widget.uniform == 3 and not widget.sheet


def test_settings_are_only_read(tiny: Settings, model):
    before = model.G.state_dict()
    copies = {name: tensor.clone() for name, tensor in before.items()}
    explore(model).picture()
    explore(model, frames=True)
    assert model.training
    assert all(torch.equal(copies[name], tensor) for name, tensor in model.G.state_dict().items())


def test_labels_name_each_category(model):
    for labels in ([1, 2], [1, 2, 3, 4], {0: "a", 1: "b", 5: "c"}):
        with pytest.raises(ValueError, match="labels must name each of the 3 categories"):
            explore(model, labels=labels)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"z": torch.zeros(0, 4)}, "z must hold at least one row"),
        ({"z": torch.full((2, 4), float("nan"))}, "z must hold at least one row of finite numbers"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"names": {1: "digit"}}, "no such factor: 1"),
        ({"labels": {0, 1, 2}}, "labels must name each of the 3 categories"),
        ({"labels": 3}, "labels must name each of the 3 categories"),
    ],
)
def test_what_it_cannot_show_is_named(model, change, message):
    with pytest.raises(ValueError, match=message):
        explore(model, **change)


def test_a_net_that_the_page_cannot_run_is_shown_by_pictures_made_beforehand(tiny):
    model = InfoGAN(replace(tiny, resize=True), (1, 8, 8))
    shown = explore(model)
    assert shown.sheet and not shown.layers
    with pytest.raises(TypeError, match="the browser cannot run Upsample"):
        explore(model, frames=False)


def test_labels_of_a_tensor_are_their_numbers(model):
    assert explore(model, labels=torch.tensor([7, 0, 2])).labels == ["7", "0", "2"]
