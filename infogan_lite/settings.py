"""All that a training run depends on, in one frozen dataclass.

Explained in chapter 5, *InfoGAN*.
"""

import math
import os
from dataclasses import dataclass, field, replace

from infogan_lite.codes import LatentCode


@dataclass(frozen=True)
class Settings:
    """What is trained, and how.  Passed explicitly; nothing else is consulted.

    The defaults are the preset ``lite``: narrow nets for a CPU.
    """

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
        """Refuse at once what cannot be trained.

        Raises:
            ValueError: names the setting and what it must be.
        """
        rules = [
            ("z_dim", self.z_dim >= 1, "at least 1"),
            ("channels", self.channels and min(self.channels) >= 1, "one or more widths from 1 up"),
            ("hidden", self.hidden >= 1, "at least 1"),
            ("q_hidden", self.q_hidden >= 1, "at least 1"),
            ("sigma", self.sigma is None or 0 < self.sigma < math.inf, "positive, or None"),
            ("lam", 0 <= self.lam < math.inf, "0 (a plain GAN) or larger"),
            ("lam_uniform", 0 <= self.lam_uniform < math.inf, "0 or larger"),
            ("lam_real", 0 <= self.lam_real < math.inf, "0 (off) or larger"),
            ("lam_alike", 0 <= self.lam_alike < math.inf, "0 (off) or larger"),
            ("real_from", 0 <= self.real_from <= 1, "in [0, 1], a part of training"),
            ("batch_size", self.batch_size >= 2, "at least 2: batch norm compares pictures"),
            ("steps", self.steps >= 1, "at least 1"),
            ("lr_d", 0 < self.lr_d < math.inf, "positive"),
            ("lr_g", 0 < self.lr_g < math.inf, "positive"),
            ("decay_from", 0 <= self.decay_from <= 1, "in [0, 1], a part of training"),
            ("augment", 0 <= self.augment < math.inf, "0 (none) or larger"),
            ("outside", self.outside in ("empty", "edge"), '"empty" or "edge"'),
            ("r1", 0 <= self.r1 < math.inf, "0 (none) or larger"),
            ("r1_every", self.r1_every >= 1, "at least 1"),
            ("log_every", self.log_every >= 1, "at least 1"),
        ]
        for name, good, needed in rules:
            if not good:
                raise ValueError(f"{name} must be {needed}, got {getattr(self, name)!r}")


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
        raise ValueError(f"unknown preset {name!r}; choose one of: {', '.join(PRESETS)}")
    settings = replace(PRESETS[name], **changes)
    cap = os.environ.get("INFOGAN_MAX_STEPS", "")
    if cap and not cap.isdecimal():
        raise ValueError(f"INFOGAN_MAX_STEPS must be a whole number, got {cap!r}")
    return replace(settings, steps=min(settings.steps, int(cap))) if cap else settings
