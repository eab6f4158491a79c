"""Settings for pictures that nobody has tried: a first guess, with its reasons in words.

Used in chapter 12.
"""

import textwrap
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from infogan_lite.codes import LatentCode
from infogan_lite.inputs import Dataset, as_images, as_tensor
from infogan_lite.settings import Settings, preset

FEW = 1000  # pictures; D learns fewer than these by heart soon
MOST_KINDS = 20
PLAIN = 0.75  # of the border's pixels, in so many of the pictures: one color around the object
UNKNOWN = [
    "how many kinds there are, unless subfolders tell: c1 has ten values otherwise",
    "which changes matter to you: c2 and c3 take what varies most, or a mixture of it",
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


def suggest(data: Dataset, **changes) -> Suggestion:
    """Code, nets, steps and augmentation from the size, colors, number and border of pictures.

    Only ``x_train`` is looked at, and of the labels no more than how many there are.

    Args:
        data: as ``load`` returns it.
        changes: settings that you know better.

    Returns:
        ``.settings`` for ``train``; printed, it says why, and what it does not know.

    Raises:
        ValueError: for what is no pictures, fewer than 2 of them, sides that no nets halve
            twice, or a change that cannot be trained with.
    """
    images, labels = as_images(data.x_train, name="x_train"), as_tensor(data.y_train, "y_train")
    n, _, h, w = images.shape
    if n < 2 or h != w or h % 4 or h == 0:
        raise ValueError(
            f"x_train must be 2 pictures or more, square, with a side divisible by 4, got {n} of "
            f"{h} x {w}: load(pictures) makes them so"
        )
    look = inspect(images)
    parts = [_code(labels), _nets(look), _border(look), _budget(look)]
    settings = {key: value for values, _ in parts for key, value in values.items()}
    return Suggestion(
        preset("lite", **settings | changes),
        [reason for _, reasons in parts for reason in reasons],
        UNKNOWN if labels.ndim > 1 else UNKNOWN[1:],
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


def _code(labels: Tensor) -> tuple[dict, list[str]]:
    kinds = len(labels.unique()) if labels.ndim == 1 else 0
    if not 2 <= kinds <= MOST_KINDS:
        return {}, ["c1 with 10 values for kinds, c2, c3 and c4 for what changes within a kind"]
    values = {"code": LatentCode((kinds,), 3)}
    reasons = [f"c1 with {kinds} values, as there are {kinds} kinds; which is which stays unseen"]
    if kinds == 2:
        values |= {"lam_real": 0.0, "lam_alike": 0.0}
        reasons.append("no practice on real pictures: with two values Q is sure of them too soon")
    return values, reasons


def _nets(look: Look) -> tuple[dict, list[str]]:
    halvings = 2
    while look.side % 2 ** (halvings + 1) == 0 and look.side // 2**halvings > 8:
        halvings += 1
    drawn = look.channels == 1 and look.plain > 0.5
    width = 16 if drawn else 32
    channels = tuple(width * 2**i for i in range(halvings))
    why = "gray drawings are simple" if drawn else "colors and backgrounds are more to draw"
    text = f"{look.side} pixels are halved {halvings} times; {channels[0]} channels first: {why}"
    return {"channels": channels} | ({} if drawn else {"lr_g": 1e-3}), [text]


def _border(look: Look) -> tuple[dict, list[str]]:
    if look.plain < 0.5:
        return (
            {"augment": 0.05, "outside": "edge", "bend": False},
            ["pictures reach their border: little augmentation, and no layer that bends them"],
        )
    outside = "empty" if look.dark else "edge"
    moved = "an object on a plain ground can be turned and stretched: augmentation 0.2, bending on"
    seen = "black" if look.dark else "the border repeated, as it is not black"
    return {"augment": 0.2, "outside": outside}, [moved, f"beyond the border is {seen}"]


def _budget(look: Look) -> tuple[dict, list[str]]:
    batch = min(64, max(16, look.n // 4))
    values = {"batch_size": min(batch, look.n)}
    reasons = [f"{look.n} pictures to train on, {values['batch_size']} in each step"]
    if look.n < FEW:
        reasons.append(f"fewer than {FEW:,}: D may learn them by heart; more would help most")
    return values, reasons
