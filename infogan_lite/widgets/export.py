"""The generator as plain data, so that a web page can run it: layers and one block of bytes.

``export_generator`` walks the modules of G in eval mode and writes down what each does.
``run_layers`` reads that back, with torch; ``static/generator.js`` does the same in the
reader's browser.

Used by explorer.py.
"""

import copy
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from infogan_lite.bend import Bend, bend
from infogan_lite.codes import sample_noise
from infogan_lite.networks import InfoGAN

TOLERANCE = 1 / 255  # one gray level


class Exported(NamedTuple):
    """A generator without torch.

    layers: one dictionary a layer; ``weight``, ``bias``, ``scale``, ``shift`` in it are
        positions in ``weights``, counted in numbers (-1: there is none).
    weights: the numbers, little-endian.
    dtype: "float16" or "float32".
    """

    layers: list[dict]
    weights: bytes
    dtype: str


def in_float32(model: InfoGAN) -> InfoGAN:
    """The model, or a copy if its weights are other floats: a page computes in float32."""
    kind = next(model.parameters()).dtype
    return model if kind == torch.float32 else copy.deepcopy(model).float()


def export_generator(model: InfoGAN) -> Exported:
    """Write G as layers and weights: float16 if every pixel stays right, else float32.

    Raises:
        TypeError: for a module that the browser cannot run.
        ValueError: if G computes something that its list of modules does not say.
    """
    model = in_float32(model)
    first = model.settings.z_dim + model.code.uniform_columns.start
    writer = _Writer(first, model.code.uniform if model.G.bend else 0)
    for module in model.G.children():
        writer.add(module)
    numbers = torch.cat(writer.numbers).numpy()
    z, c = _probes(model)
    truth = model.generate(z, c).cpu()
    for dtype in ("float16", "float32"):
        with np.errstate(over="ignore"):  # too large for float16: seen in the error below
            data = numbers.astype(_code(dtype)).tobytes()
        exported = Exported(writer.layers, data, dtype)
        error = (run_layers(exported, torch.cat([z, c], dim=1)) - truth).abs().max().item()
        if error < TOLERANCE / 2:
            return exported
    raise ValueError(
        f"the exported generator is off by {error:.3g}: its forward() does something that "
        "its list of modules does not say; use explore(model, frames=True)"
    )


def run_layers(exported: Exported, x: Tensor) -> Tensor:
    """Run exported layers on rows [z, c], shape (n, z_dim + code.dim); images come out."""
    row = x = x.float()  # a layer that bends looks at the input again
    numbers = np.frombuffer(exported.weights, _code(exported.dtype))
    numbers = torch.from_numpy(numbers.astype(np.float32))

    def take(position: int, *shape: int) -> Tensor | None:
        size = int(np.prod(shape))
        return None if position < 0 else numbers[position : position + size].view(shape)

    for layer in exported.layers:
        kind, n_in, n_out = layer["kind"], layer.get("in"), layer.get("out")
        if kind == "linear":
            x = F.linear(x, take(layer["weight"], n_out, n_in), take(layer["bias"], n_out))
        elif kind == "affine":
            shape = (n_in, *[1] * (x.ndim - 2))
            x = x * take(layer["scale"], *shape) + take(layer["shift"], *shape)
        elif kind == "conv_transpose":
            k = layer["kernel"]
            weight, bias = take(layer["weight"], n_in, n_out, k, k), take(layer["bias"], n_out)
            x = F.conv_transpose2d(x, weight, bias, layer["stride"], layer["padding"])
        elif kind == "bend":
            uniform = row[:, layer["first"] :][:, : layer["uniform"]]
            steer = torch.cat([row[:, : layer["z"]], uniform], dim=1)
            weight, bias = take(layer["weight"], n_out, n_in), take(layer["bias"], n_out)
            x = bend(x, F.linear(steer, weight, bias), layer["points"])
        elif kind == "relu":
            x = x.relu()
        elif kind == "reshape":
            x = x.reshape(len(x), *layer["shape"])
        elif kind == "sigmoid":
            x = x.sigmoid()
    return x


class _Writer:
    """Collects layers and their numbers, one after the other.

    The first linear layer takes all of a row: 0 times the ``unused`` numbers from ``first`` on, if
    G draws without them.
    """

    def __init__(self, first: int, unused: int) -> None:
        self.first, self.unused = first, unused
        self.layers: list[dict] = []
        self.numbers: list[Tensor] = [torch.zeros(0)]
        self.position = 0

    def put(self, values: Tensor | None) -> int:
        """Append numbers; return where they begin, or -1 for none."""
        if values is None:
            return -1
        self.numbers.append(values.detach().cpu().float().flatten())
        start, self.position = self.position, self.position + values.numel()
        return start

    def write(self, kind: str, **what) -> None:
        self.layers.append({"kind": kind, **what})

    def add(self, module: nn.Module) -> None:
        if isinstance(module, nn.Sequential):
            for child in module:
                self.add(child)
        elif isinstance(module, nn.Linear):
            before, after = module.weight[:, : self.first], module.weight[:, self.first :]
            weight = torch.cat([F.pad(before, (0, self.unused)), after], dim=1)
            self.unused = 0
            self.write("linear", **{"in": weight.shape[1], "out": module.out_features},
                       weight=self.put(weight), bias=self.put(module.bias))  # fmt: skip
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            self._batch_norm(module)
        elif isinstance(module, nn.ConvTranspose2d):
            self._convolution(module)
        elif isinstance(module, Bend):
            linear = module.linear
            uniform = module.directions.shape[1]
            factors = linear.weight.new_zeros(linear.out_features, uniform)
            factors[list(module.FREE)] = module.FACTORS * module.directions.detach()
            weight = torch.cat([module.SCALE * linear.weight, factors], dim=1)
            self.write("bend", **{"in": weight.shape[1], "out": linear.out_features},
                       weight=self.put(weight), bias=self.put(module.SCALE * linear.bias),
                       z=linear.in_features, first=self.first, uniform=uniform,
                       points=module.POINTS)  # fmt: skip
        elif isinstance(module, nn.ReLU):
            self.write("relu")
        elif isinstance(module, nn.Unflatten) and module.dim == 1:
            self.write("reshape", shape=list(module.unflattened_size))
        elif isinstance(module, nn.Sigmoid):
            self.write("sigmoid")
        else:
            raise _unsupported(module)

    def _batch_norm(self, module: nn.Module) -> None:
        """In eval mode batch norm is x * scale + shift, one pair for each channel."""
        if module.running_var is None or not module.affine:
            raise _unsupported(module)
        scale = module.weight * torch.rsqrt(module.running_var + module.eps)
        shift = module.bias - module.running_mean * scale
        self.write("affine", **{"in": len(scale)}, scale=self.put(scale), shift=self.put(shift))

    def _convolution(self, module: nn.ConvTranspose2d) -> None:
        kernel, stride, padding = module.kernel_size, module.stride, module.padding
        square = all(a == b for a, b in (kernel, stride, padding))
        extras = (module.groups, module.dilation, module.output_padding)
        if not square or extras != (1, (1, 1), (0, 0)):
            raise _unsupported(module)
        self.write("conv_transpose", **{"in": module.in_channels, "out": module.out_channels},
                   kernel=kernel[0], stride=stride[0], padding=padding[0],
                   weight=self.put(module.weight), bias=self.put(module.bias))  # fmt: skip


def _unsupported(module: nn.Module) -> TypeError:
    return TypeError(
        f"the browser cannot run {module}: explore() knows what G is made of: Linear, "
        "BatchNorm, ReLU, Unflatten, ConvTranspose2d, Bend and Sigmoid; "
        "use explore(model, frames=True) to show precomputed pictures"
    )


def _code(dtype: str) -> str:
    """numpy's name for a little-endian number."""
    return {"float16": "<f2", "float32": "<f4"}[dtype]


def _probes(model: InfoGAN, n: int = 256) -> tuple[Tensor, Tensor]:
    """Inputs to check on: codes as in training, the uniform factors stretched to -2 .. 2."""
    generator = torch.Generator().manual_seed(0)
    z = sample_noise(n, model.settings.z_dim, generator)
    c = model.code.sample(n, generator)
    c[:, model.code.uniform_columns] *= 2
    return z, c
