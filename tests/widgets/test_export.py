"""The exported generator is G, by numpy and scipy alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.ndimage import map_coordinates
from scipy.signal import convolve2d
from torch import nn

from infogan_lite import InfoGAN, LatentCode, sample_noise
from infogan_lite.networks import Generator
from infogan_lite.widgets.explorer import explore
from infogan_lite.widgets.export import export_generator, run_layers

LEVEL = 1 / 255


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
    steer = np.concatenate([row[: layer["z"]], row[layer["first"] :][: layer["uniform"]]])
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
    c[:, model.code.uniform_columns] *= 2
    return z, c


@pytest.mark.parametrize("code", [LatentCode((3,), 2), LatentCode((3,), 2, 1)])
@pytest.mark.parametrize("bend", [True, False])
def test_the_exported_generator_is_g(tiny, alive, bend, code):
    model = alive(replace(tiny, bend=bend, code=code))
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
    model.G.ink = nn.Sequential(module, nn.Sigmoid())  # still pictures in [0, 1]
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
