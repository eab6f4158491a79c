"""Weights in 8 bits, so that trained models are small enough to come with the package."""

from collections.abc import Mapping

import torch
from torch import Tensor


def rounded(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Each row of a matrix as whole numbers from -127 to 127 and a scale; vectors as they are."""
    result = {}
    for name, tensor in weights.items():
        result[name] = tensor
        if tensor.ndim > 1:
            scale = tensor.flatten(1).abs().amax(1).clamp_min(1e-12) / 127
            rows = scale.view(-1, *[1] * (tensor.ndim - 1))
            result |= {name: (tensor / rows).round().to(torch.int8), f"{name}:scale": scale}
    return result


def unrounded(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights from what ``rounded`` made of them."""
    result = {name: tensor for name, tensor in weights.items() if not name.endswith(":scale")}
    for name, tensor in result.items():
        if tensor.dtype == torch.int8 and f"{name}:scale" in weights:
            scale = weights[f"{name}:scale"]
            result[name] = tensor * scale.view(-1, *[1] * (tensor.ndim - 1))
    return result
