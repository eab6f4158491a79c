"""A net that labels taught to read the factors of rendered pictures.

It is held against what G makes: a code may be read well by Q, its partner, and yet change
nothing that a stranger would call by the factor's name.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from infogan_lite.worlds.scene import Factor, Factored

WIDTHS, HIDDEN = (32, 64, 128), 128
BATCH, RATE = 100, 6e-3
SURE = 0.9


@dataclass(frozen=True)
class FactorNet:
    """Reads factors from pictures: ``net`` puts out all ``columns`` of each in turn."""

    net: nn.Module
    factors: tuple[Factor, ...]

    @torch.no_grad()
    def outputs(self, images: Tensor) -> dict[str, Tensor]:
        """What the net puts out for each factor, by name: (n, width) each."""
        widths = [width(f) for f in self.factors]
        made = torch.cat([self.net(x) for x in images.split(500)]).split(widths, dim=1)
        return {f.name: out for f, out in zip(self.factors, made, strict=True)}

    def read(self, images: Tensor) -> Tensor:
        """Factors in their own units, (n, factors): the likeliest label, a number, an angle."""
        made = self.outputs(images)
        return torch.stack([_value(f, made[f.name]) for f in self.factors], dim=1)

    def plain(self, images: Tensor, name: str, wanted: Tensor | None = None) -> float:
        """The share of pictures with a label (of those wanted, (n,)) that is as good as certain.

        That is a discrete factor's likeliest label, counted from 0, with a probability of SURE.
        """
        sureness, label = self.outputs(images)[name].softmax(1).max(1)
        sure = sureness >= SURE
        return float((sure if wanted is None else sure & (label == wanted)).float().mean())


def is_circle(factor: Factor) -> bool:
    """Whether a factor is an angle that runs all the way round."""
    return not factor.discrete and math.isclose(factor.high - factor.low, 2 * math.pi)


def width(factor: Factor) -> int:
    """How many numbers tell a factor: a logit for each label, cosine and sine, or one."""
    return round(factor.high - factor.low) + 1 if factor.discrete else 1 + is_circle(factor)


def taught(
    data: Factored, factors: Sequence[Factor], steps: int = 1500, seed: int = 0
) -> FactorNet:
    """A small convolutional net, trained on labelled pictures."""
    torch.manual_seed(seed)
    wanted = [(f, data.factors[:, data.names.index(f.name)]) for f in factors]
    net = _net(data.images.shape[1:], sum(width(f) for f in factors))
    adam = torch.optim.AdamW(net.parameters(), weight_decay=0.01)
    rates = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=max(steps, 2))
    for _ in range(steps):
        rows = torch.randint(len(data.images), (min(BATCH, len(data.images)),))
        made = net(data.images[rows]).split([width(f) for f in factors], dim=1)
        loss = sum(_loss(f, out, v[rows]) for (f, v), out in zip(wanted, made, strict=True))
        adam.zero_grad()
        loss.backward()
        adam.step()
        rates.step()
    return FactorNet(net.eval(), tuple(factors))


def goodness(net: FactorNet, data: Factored) -> dict[str, float]:
    """R2 of each factor on pictures not seen; of a circle that of (cos, sin), of labels too.

    A label counts as its one-hot row, so a net that always names the commonest has R2 of
    about 0 or less, and a perfect one 1.
    """
    read = net.read(data.images)
    result = {}
    for j, factor in enumerate(net.factors):
        truth = _shape(factor, data.factors[:, data.names.index(factor.name)])
        left = (truth - _shape(factor, read[:, j])).square().sum()
        result[factor.name] = 1 - float(left / (truth - truth.mean(0)).square().sum())
    return result


def _shape(factor: Factor, values: Tensor) -> Tensor:
    """A factor's values as numbers that may be averaged, (n, width)."""
    if factor.discrete:
        return one_hot((values - factor.low).long(), width(factor)).float()
    if is_circle(factor):
        return torch.stack([values.cos(), values.sin()], dim=1)
    return (2 * (values - factor.low) / (factor.high - factor.low) - 1)[:, None]


def _value(factor: Factor, made: Tensor) -> Tensor:
    if factor.discrete:
        return factor.low + made.argmax(1).float()
    if is_circle(factor):
        return torch.atan2(made[:, 1], made[:, 0])
    return factor.low + (made[:, 0] + 1) / 2 * (factor.high - factor.low)


def _loss(factor: Factor, made: Tensor, values: Tensor) -> Tensor:
    shape = _shape(factor, values)
    return cross_entropy(made, shape) if factor.discrete else 3 * mse_loss(made, shape)


def _net(image_shape: Sequence[int], outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    before, side, _ = image_shape
    for after in WIDTHS:
        conv = nn.Conv2d(before, after, 3, padding=1, bias=False)
        layers += [conv, nn.BatchNorm2d(after), nn.ReLU(), nn.AvgPool2d(2)]
        before, side = after, side // 2
    layers += [nn.Flatten(), nn.Linear(before * side**2, HIDDEN, bias=False)]
    layers += [nn.BatchNorm1d(HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)
