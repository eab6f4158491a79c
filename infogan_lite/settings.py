"""All that a training run depends on, in one frozen dataclass.

Explained in chapter 5, *InfoGAN*.
"""

import math
import os
from dataclasses import dataclass, field, fields, replace
from operator import index

from infogan_lite.codes import LatentCode


@dataclass(frozen=True)
class Settings:
    """What is trained, and how: by default the preset ``lite``, narrow nets for a CPU."""

    # The input of the generator
    code: LatentCode = field(default_factory=LatentCode)
    z_dim: int = 16

    # The nets: a stride-2 convolution for each entry of `channels`, then a hidden layer
    channels: tuple[int, ...] = (16, 32)
    hidden: int = 128
    q_hidden: int = 64
    bend: bool = True  # G ends with a smooth map of the plane, steered by z and uniform factors
    sigma: float | None = 0.5  # fixed width of the Gaussian Q; None: learned, exp(output)

    # The objective (equation 6)
    lam: float = 1.0  # lambda of the categorical factors; with 0 the GAN is a plain one
    lam_uniform: float = 0.1  # lambda of the uniform factors: smaller, their L_I is unbounded
    info_to_trunk: bool = True  # whether L_I also moves the trunk, as in the paper
    lam_real: float = 1.0  # weight of the information that Q reads from real pictures
    lam_alike: float = 1.0  # weight of reading two augmentations of a real picture alike
    real_from: float = 0.5  # part of training after which these two rise from 0

    # Optimisation
    batch_size: int = 64
    steps: int = 1500
    lr_d: float = 1e-3
    lr_g: float = 2e-3
    decay_from: float = 0.5  # part of training after which both rates fall linearly to 0
    augment: float = 0.2  # strength of the random maps that D and Q see pictures through
    outside: str = "empty"  # what these maps show beyond the border: 0, or its "edge" repeated
    r1: float = 0.1  # weight of the penalty on D's slope at real pictures; 0: none
    r1_every: int = 8  # steps from one penalty to the next
    seed: int = 0
    log_every: int = 10

    def __post_init__(self) -> None:
        """Refuse at once what cannot be trained; numbers of numpy and lists become plain ones.

        Raises:
            ValueError: names the setting and what it must be.
        """
        for setting in fields(self):
            value = _as_kind(setting.name, getattr(self, setting.name), setting.default)
            object.__setattr__(self, setting.name, value)
        rules = [
            ("z_dim hidden q_hidden steps r1_every log_every", lambda v: v >= 1, "at least 1"),
            ("channels", lambda v: v and min(v) >= 1, "one or more widths from 1 up"),
            ("batch_size", lambda v: v >= 2, "at least 2: batch norm compares pictures"),
            ("lr_d lr_g", lambda v: 0 < v < math.inf, "positive"),
            ("sigma", lambda v: v is None or 0 < v < math.inf, "positive, or None"),
            ("lam lam_uniform lam_real lam_alike", lambda v: 0 <= v < math.inf, "0 or larger"),
            ("augment r1", lambda v: 0 <= v < math.inf, "0 or larger"),
            ("real_from decay_from", lambda v: 0 <= v <= 1, "in [0, 1], a part of training"),
            ("outside", lambda v: v in ("empty", "edge"), '"empty" or "edge"'),
            ("seed", lambda v: 0 <= v < 2**63, "from 0 to 2^63 - 1"),
        ]
        for names, good, wanted in rules:
            for name in names.split():
                if not good(getattr(self, name)):
                    raise ValueError(f"{name} must be {wanted}, got {getattr(self, name)!r:.200}")


def _as_kind(name: str, value: object, usual: object) -> object:
    """A setting as the kind that its usual value is; a ValueError says what it must be."""
    try:
        if name == "code" and not isinstance(value, LatentCode):
            return LatentCode(*value) if isinstance(value, (tuple, list)) else LatentCode(value)
        if name == "channels":
            return tuple(index(width) for width in value)
        if name == "code" or type(value) is type(usual) or (name == "sigma" and value is None):
            return value
        if isinstance(value, (bool, str)) or isinstance(usual, (bool, str)):
            raise TypeError
        return float(value) if isinstance(usual, float) else index(value)
    except (TypeError, OverflowError):  # a whole number beyond every float
        kinds = {bool: "True or False", str: "a text", float: "a number", int: "a whole number"}
        wanted = {"code": "a LatentCode, or as (10, 2)", "channels": "whole numbers, as (16, 32)"}
        text = wanted.get(name) or kinds[type(usual)]
        raise ValueError(f"{name} must be {text}, got {value!r:.200}") from None


PRESETS = {
    # Small enough for two CPU cores.
    "lite": Settings(),
    # Table 1 and appendix C of the paper; 5,000 steps of 128 are the authors' own budget.
    "paper": Settings(
        channels=(64, 128),
        hidden=1024,
        q_hidden=128,
        z_dim=62,
        bend=False,
        sigma=None,
        lam_real=0.0,
        lam_alike=0.0,
        lr_d=2e-4,
        lr_g=1e-3,
        decay_from=1.0,
        augment=0.0,
        r1=0.0,
        batch_size=128,
        steps=5000,
    ),
}


def preset(name: str = "lite", **changes) -> Settings:
    """Named settings, with changes: ``preset("lite", lam=0.0, seed=3)``.

    The environment variable ``INFOGAN_MAX_STEPS``, if set, caps ``steps``: this is how
    the tests send every chapter through the same code in a few seconds.

    Raises:
        ValueError: for an unknown name, or a value that cannot be trained with.
        TypeError: for a change that is not a setting.
    """
    if name not in PRESETS:
        raise ValueError(f"unknown preset {name!r:.200}; choose one of: {', '.join(PRESETS)}")
    settings = replace(PRESETS[name], **changes)
    cap = os.environ.get("INFOGAN_MAX_STEPS")
    if cap and not cap.isdecimal():
        raise ValueError(f"INFOGAN_MAX_STEPS must be a whole number of steps, got {cap!r:.200}")
    return replace(settings, steps=min(settings.steps, int(cap))) if cap else settings
