"""All that a reader does, on a GPU: each test runs on the CPU as well, so it is known to work.

A GPU rounds otherwise (TF32 keeps three digits), so numbers are near those of the CPU, not equal.
"""

import copy
import math
from dataclasses import replace

import pytest
import torch

from infogan_lite import TrainingDiverged, evaluate, sample_noise, train, traverse
from infogan_lite.history import start
from infogan_lite.inputs import Dataset
from infogan_lite.recipe import principal_axes
from infogan_lite.running.checkpoints import load, save
from infogan_lite.running.runs import load_run, save_run
from infogan_lite.widgets.explorer import explore

NEAR = dict(atol=0.02, rtol=0.02)
GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=[GPU, pytest.mark.gpu])])
def device(request) -> str:
    return request.param


@pytest.fixture
def whole_recipe(tiny):
    """With every part of the recipe switched on."""
    code = replace(tiny.code, uniform=2)
    return replace(tiny, code=code, tell=True, turn_every=2, average=0.9, settle=True, steps=9)


def test_the_whole_recipe_trains(whole_recipe, images, device):
    seen = []
    model, history = train(
        images, whole_recipe, [lambda m, h: seen.append(m.device.type)], device=device
    )
    assert set(seen) == {device} == {model.device.type}
    assert history.step == list(range(1, 10))
    assert all(map(math.isfinite, [*history.loss_d, *history.loss_g]))
    assert all(p.isfinite().all() for p in model.state_dict().values())


def test_the_same_nets_say_the_same_as_on_the_cpu(model, device):
    there = copy.deepcopy(model).to(device)
    z, c = sample_noise(8, 4), model.code.sample(8)
    x = model.generate(z, c)
    assert torch.allclose(there.generate(z, c).cpu(), x, **NEAR)
    q, r = there.recognise(x), model.recognise(x)
    assert torch.allclose(q.logits[0].cpu(), r.logits[0], **NEAR)
    assert torch.allclose(q.mean.cpu(), r.mean, **NEAR)
    assert torch.allclose(there.sample(4).cpu(), model.sample(4), **NEAR)
    rows = traverse(there, "c2", [-1, 0, 1], rows=2).cpu()
    assert torch.allclose(rows, traverse(model, "c2", [-1, 0, 1], rows=2), **NEAR)
    axes = principal_axes(there, z.to(device), c.to(device)).cpu()
    assert torch.allclose(axes @ axes.T, torch.eye(2), atol=1e-3)


def test_c1_is_measured(model, images, device):
    y = torch.arange(32) % 3
    data = Dataset(images, y, images, y)
    there = evaluate(copy.deepcopy(model).to(device), data)
    assert there.error == pytest.approx(evaluate(model, data).error, abs=0.1)


def test_a_model_is_saved_and_explored(model, tmp_path, device):
    there = copy.deepcopy(model).to(device)
    save(there, tmp_path / "m.safetensors")
    back = load(tmp_path / "m.safetensors")
    for name, weight in model.state_dict().items():
        assert torch.equal(back.state_dict()[name], weight), name
    widget = explore(there)
    assert torch.allclose(widget.picture().cpu(), explore(model).picture(), **NEAR)


def test_a_stored_run_goes_on(whole_recipe, images, tmp_path, device):
    run = start(whole_recipe, (1, 8, 8), device)

    def enough(model, history):
        if history.step[-1] == 4:
            raise KeyboardInterrupt

    _, history = train(images, whole_recipe, [enough], run=run)
    assert history.interrupted
    save_run(run, tmp_path / "run")
    again = load_run(tmp_path / "run", device)
    assert torch.equal(again.generator.get_state(), run.generator.get_state())
    model, history = train(images, whole_recipe, run=again)
    assert model.device.type == device and history.step == list(range(1, 10))


def test_numbers_that_are_not_finite_are_said(tiny, images, device):
    run = start(tiny, (1, 8, 8), device)
    run.model.G.dense[0].weight.data.fill_(math.nan)
    with pytest.raises(TrainingDiverged):
        train(images, tiny, run=run)


@pytest.mark.parametrize("where", ["cpu", "cuda"])
@pytest.mark.gpu
@GPU
def test_the_random_state_of_the_gpu_stays_as_it_is(tiny, images, where):
    before = torch.cuda.get_rng_state()
    train(images, tiny, device=where)
    assert torch.equal(torch.cuda.get_rng_state(), before)
