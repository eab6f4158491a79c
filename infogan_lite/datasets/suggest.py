"""Settings for pictures that nobody has tried: a first guess, with its reasons in words.

Used in chapter 12.
"""

import textwrap
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from infogan_lite.codes import LatentCode
from infogan_lite.datasets.arrays import USUAL_SIDE
from infogan_lite.inputs import Dataset, as_images, as_tensor
from infogan_lite.settings import Settings, preset

FEW = 1000  # pictures; D learns fewer than these by heart soon
MOST_KINDS = 20
PLAIN = 0.75  # of the border's pixels, in so many of the pictures: one color around the object
UNKNOWN = [
    "how many kinds there are, unless subfolders tell: c1 has ten values otherwise",
    "which changes matter to you: c2, c3 and c4 take what varies most, or a mixture of it",
    "whether a turned or stretched picture is still one of yours: if not, lower augment",
    "whether it will work: compare the codes of several seeds before you believe in any",
]


@dataclass(frozen=True)
class Suggestion:
    """Settings, the reasons for them, and what was not known."""

    settings: Settings
    reasons: list[str]
    unknown: list[str]

    def __str__(self) -> str:
        parts = {"Suggested:": self.reasons, "Not known:": self.unknown}
        return "\n".join("\n".join([head, *map(_item, lines)]) for head, lines in parts.items())


def _item(line: str) -> str:
    return textwrap.fill(line, 79, initial_indent="- ", subsequent_indent="  ")


class Look(NamedTuple):
    """What can be seen of pictures without understanding them.

    plain: the part of them whose border has one color.
    dark: whether that color is black.
    """

    n: int
    channels: int
    side: int
    plain: float
    dark: bool

    @property
    def drawn(self) -> bool:
        """Whether they look like drawings: gray, on a plain ground."""
        return self.channels == 1 and self.plain > 0.5


class Reason(NamedTuple):
    """Some settings, and why; without settings it is a warning."""

    settings: dict
    why: str


def suggest(data: Dataset, **changes) -> Suggestion:
    """Code, nets, steps and augmentation from the size, colors, number and border of pictures.

    Only ``x_train`` is looked at, and of the labels no more than how many there are.

    Args:
        data: as ``load`` returns it.
        changes: settings that you know better; they take the place of what is suggested.

    Returns:
        ``.settings`` for ``train``; printed, it says why, and what it does not know.

    Raises:
        ValueError: for what is no pictures, fewer than 2 of them, sides that no nets halve
            twice, or a change that cannot be trained with.
    """
    if not hasattr(data, "x_train"):
        kind = type(data).__name__
        raise ValueError(f"data must be what load returns, as suggest(load(pictures)), got {kind}")
    images, labels = as_images(data.x_train, name="x_train"), as_tensor(data.y_train, "y_train")
    n, _, h, w = images.shape
    if n < 2 or h != w or h % 4 or h == 0:
        raise ValueError(
            f"x_train must be 2 pictures or more, square, with a side divisible by 4, got {n} of "
            f"{h} x {w}: load(pictures) makes them so"
        )
    look = inspect(images)
    reasons = [*_code(labels), *_nets(look), *_border(look), *_budget(look)]
    settings = {name: value for reason in reasons for name, value in reason.settings.items()}
    said = [reason.why for reason in reasons if not reason.settings.keys() & changes.keys()]
    return Suggestion(
        preset("lite", **settings | changes),
        said + [f"as you say, {name} = {value}" for name, value in changes.items()],
        UNKNOWN["code" in changes or labels.ndim == 1 :],
    )


def inspect(images: Tensor) -> Look:
    """Size, colors, number and border of pictures of shape (n, channels, h, w)."""
    n, channels, side, _ = images.shape
    x = images[:2000].mean(1)
    edge = torch.cat([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], dim=1)
    middle = edge.median(dim=1, keepdim=True).values
    plain = ((edge - middle).abs() < 0.06).float().mean(1) > PLAIN
    color = middle[plain].median().item() if plain.any() else 0.5
    return Look(n, channels, side, plain.float().mean().item(), color < 0.06)


def _code(labels: Tensor) -> list[Reason]:
    kinds = len(labels.unique()) if labels.ndim == 1 else 0
    if not 2 <= kinds <= MOST_KINDS:
        why = "c1 with 10 values for kinds, c2, c3 and c4 for what changes within a kind"
        if kinds > MOST_KINDS:
            why = f"c1 with 10 values for groups of kinds, as {kinds} kinds are more than the "
            why += f"{MOST_KINDS} that get a value each; c2, c3 and c4 for what changes in one"
        return [Reason({"code": LatentCode((10,), 3)}, why)]
    why = f"c1 with {kinds} values, as there are {kinds} kinds; which is which stays unseen"
    reasons = [Reason({"code": LatentCode((kinds,), 3)}, why)]
    if kinds == 2:
        why = "no practice on real pictures: with two values Q is sure of them too soon"
        reasons.append(Reason({"lam_real": 0.0, "lam_alike": 0.0}, why))
    return reasons


def _nets(look: Look) -> list[Reason]:
    halvings = 2
    while look.side % 2 ** (halvings + 1) == 0 and look.side // 2**halvings > 8:
        halvings += 1
    width = 16 if look.drawn else 32
    why = "gray drawings are simple" if look.drawn else "colors and backgrounds are more to draw"
    why = f"{look.side} pixels are halved {halvings} times; {width} channels first: {why}"
    reasons = [Reason({"channels": tuple(width * 2**i for i in range(halvings))}, why)]
    if look.side > USUAL_SIDE:
        times = (look.side / USUAL_SIDE) ** 2
        why = f"{look.side} x {look.side} is {times:.1f} times as many pixels as {USUAL_SIDE} x "
        why += f"{USUAL_SIDE}, and time and memory grow with them: try {USUAL_SIDE} first"
        reasons.append(Reason({}, why))
    if (inner := look.side // 2**halvings) > 8:
        better = max(look.side // 16 * 16, 16)
        why = f"halved {halvings} times, {look.side} is still {inner}, and weights grow with its "
        why += f"square: a multiple of 16, as size={better}, needs fewer of them"
        reasons.append(Reason({}, why))
    if not look.drawn:
        reasons.append(Reason({"lr_g": 1e-3}, "as G is wide, it learns at half the usual rate"))
    return reasons


def _border(look: Look) -> list[Reason]:
    if look.plain < 0.5:
        why = "pictures reach their border: little augmentation, the border repeated beyond it"
        bend = "no layer that bends pictures, as it would bend their ground, too"
        return [Reason({"augment": 0.05, "outside": "edge"}, why), Reason({"bend": False}, bend)]
    moved = "an object on a plain ground can be turned and stretched: augmentation 0.2"
    seen = "black" if look.dark else "the border repeated, as it is not black"
    return [
        Reason({"augment": 0.2}, moved),
        Reason({"bend": True}, "for the same reason G ends with a layer that bends what it draws"),
        Reason({"outside": "empty" if look.dark else "edge"}, f"beyond the border is {seen}"),
    ]


def _budget(look: Look) -> list[Reason]:
    batch = min(max(16, look.n // 4), 64, look.n)
    reasons = [Reason({"batch_size": batch}, f"{look.n:,} pictures, {batch} in each step")]
    steps, why = (1500, "as for digits") if look.drawn else (800, "as each takes longer here")
    reasons.append(Reason({"steps": steps}, f"{steps:,} steps, {why}; more may be better"))
    if look.n < FEW:
        why = f"fewer than {FEW:,} pictures: D may learn them by heart; more would help most"
        reasons.append(Reason({}, why))
    return reasons
