"""All that a training run depends on, in one frozen dataclass (chapter 5)."""

import os
from dataclasses import dataclass, field, fields, replace
from math import inf

from infogan_lite.codes import LatentCode
from infogan_lite.inputs import integer


@dataclass(frozen=True)
class Settings:
    """What is trained, and how: by default the preset ``lite``, narrow nets for a CPU."""

    # The input of the generator
    code: LatentCode = field(default_factory=lambda: LatentCode((10,), 3))
    z_dim: int = 16  # numbers of noise beside the code

    # The nets
    channels: tuple[int, ...] = (16, 32)  # of D's convolutions, each of which halves the side
    hidden: int = 128  # width of the layer above D's convolutions, and of G's first
    q_hidden: int = 64  # width of the layer that Q has for itself
    resize: bool = False  # G doubles sides by resize and 3 x 3, not by transposed convolutions
    bend: bool = True  # G ends with a map of the plane, and uniform factors act by it alone
    tell: bool = True  # Q's uniform means are told the random map that a picture went through
    sigma: float | None = 0.3  # fixed width of the Gaussian Q; None: learned, exp(output)
    kappa: float = 6.0  # fixed concentration of the von Mises Q of circular factors

    # The objective (equation 6)
    lam: float = 1.0  # lambda of the categorical factors; with 0 the GAN is a plain one
    lam_uniform: float = 0.1  # lambda of uniform factors, whose L_I is unbounded if sigma is None
    lam_circular: float = 0.1  # lambda of the circular factors
    info_to_trunk: bool = True  # whether L_I also moves the trunk, as in the paper
    lam_real: float = 1.0  # weight of the information that Q reads from real pictures
    lam_alike: float = 1.0  # weight of reading two augmentations of a real picture alike

    # Optimization
    batch_size: int = 64  # real pictures in each step, and as many of G
    steps: int = 1500  # in each of which D, Q and G move once
    lr_d: float = 1e-3  # learning rate of D and Q
    lr_g: float = 2e-3  # learning rate of G
    decay_from: float = 1.0  # part of training after which both rates fall linearly to 0; 1: none
    augment: float = 0.2  # strength of the random maps that D and Q see pictures through
    outside: str = "empty"  # what these maps show beyond the border: 0, or its "edge" repeated
    r1: float = 0.03  # weight of the penalty on D's slope at real pictures; 0: none
    turn_every: int = 25  # steps from one turn of the uniform factors' axes to the next; 0: none
    average: float = 0.99  # share of the old in the running average of each weight; 0: none kept
    settle: bool = True  # at the end D's and Q's batch norm learns what plain pictures look like
    seed: int = 0  # of weights, batches, noise, codes and augmentation
    log_every: int = 10  # steps from one entry of the history to the next

    def __post_init__(self) -> None:
        """Refuse at once, by name, what cannot be trained; numbers of numpy become plain ones."""
        for setting in fields(self):
            value = _as_kind(setting.name, getattr(self, setting.name), setting.default)
            object.__setattr__(self, setting.name, value)
        lams = "lam lam_uniform lam_circular lam_real lam_alike r1"
        rules = [
            ("z_dim hidden q_hidden steps log_every", lambda v: v >= 1, "at least 1"),
            ("channels", lambda v: v and min(v) >= 1, "one or more widths from 1 up"),
            ("batch_size", lambda v: v >= 2, "at least 2: batch norm compares pictures"),
            ("lr_d lr_g kappa", lambda v: 0 < v < inf, "positive, finite"),
            ("average", lambda v: 0 <= v < 1, "in [0, 1)"),
            ("sigma", lambda v: v is None or 0 < v < 1e30, "positive and below 1e30, or None"),
            (lams, lambda v: 0 <= v < inf, "0 or more, finite"),
            ("augment", lambda v: 0 <= v <= 9, "from 0 to 9"),  # beyond, float32 overflows
            ("decay_from", lambda v: 0 <= v <= 1, "in [0, 1], a part of training"),
            ("outside", lambda v: v in ("empty", "edge"), '"empty" or "edge"'),
            ("seed turn_every", lambda v: 0 <= v < 2**63, "from 0 to 2^63 - 1"),
        ]
        for names, good, wanted in rules:
            for name in names.split():
                if not good(getattr(self, name)):
                    raise ValueError(f"{name} must be {wanted}, got {getattr(self, name)!r:.200}")


def _as_kind(name: str, value: object, usual: object) -> object:
    """A setting as the kind that its usual value is; a ValueError says what it must be."""
    value = value.tolist() if hasattr(value, "tolist") else value  # of numpy or torch
    try:
        if name == "code" and isinstance(value, (tuple, list)) and value:
            return LatentCode(*value)
        if name == "code":
            return value if isinstance(value, LatentCode) else LatentCode(value)
        if name == "channels":
            return tuple(map(integer, value[:]))  # a set has no order
        if type(value) is type(usual) or (name == "sigma" and value is None):
            return value
        if isinstance(value, (bool, str, bytes, bytearray)) or isinstance(usual, (bool, str)):
            raise TypeError
        return float(value) if isinstance(usual, float) else integer(value)
    except (TypeError, OverflowError, LookupError):  # a whole number beyond every float
        kinds = {bool: "True or False", str: "a text", float: "a number", int: "a whole number"}
        wanted = {"code": "a LatentCode, or as (10, 2)", "channels": "whole numbers, as (16, 32)"}
        text = wanted.get(name) or kinds[type(usual)]
        raise ValueError(f"{name} must be {text}, got {value!r:.200}") from None


# Table 1 and appendix C of the paper; 5,000 steps of 128 are the authors' own budget.
PAPER = dict(code=LatentCode(), z_dim=62, channels=(64, 128), hidden=1024, q_hidden=128)
PAPER |= dict(sigma=None, lr_d=2e-4, lr_g=1e-3, batch_size=128, steps=5000)
# All that "lite" adds, off.
WITHOUT_RECIPE = dict(bend=False, augment=0.0, tell=False, r1=0.0, turn_every=0, decay_from=1.0)
WITHOUT_RECIPE |= dict(lam_real=0.0, lam_alike=0.0, average=0.0, settle=False)
PRESETS = {"lite": Settings(), "paper": Settings(**PAPER, **WITHOUT_RECIPE)}


def preset(name: str = "lite", **changes) -> Settings:
    """Named settings, with changes: ``preset("lite", lam=0.0, seed=3)``.

    ``INFOGAN_MAX_STEPS`` in the environment caps ``steps``: so tests run every chapter in seconds.
    A ValueError is for what cannot be trained with, a TypeError for a change that is no setting.
    """
    if name not in PRESETS:
        raise ValueError(f"unknown preset {name!r:.200}; choose one of: {', '.join(PRESETS)}")
    settings = replace(PRESETS[name], **changes)
    cap = os.environ.get("INFOGAN_MAX_STEPS")
    if cap and not (cap.isdecimal() and int(cap[:20]) > 0):
        raise ValueError(f"INFOGAN_MAX_STEPS must be a whole number from 1 on, got {cap!r:.200}")
    return replace(settings, steps=min(settings.steps, int(cap[:20]))) if cap else settings
