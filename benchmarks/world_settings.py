"""How an InfoGAN is trained on each rendered set.

How these settings were found stands in worlds-log.md.
"""

import json
from dataclasses import replace
from typing import NamedTuple

from benchmarks.common_axes import EVERY, Stage, stage
from infogan_lite import LatentCode, Settings
from infogan_lite.running.stored_settings import as_table
from infogan_lite.settings import PRESETS


class World(NamedTuple):
    """How an InfoGAN is trained on a set, and the factors that its codes are held against."""

    settings: Settings
    factors: tuple[str, ...]  # the others are meant for z
    pictures: int = 6000
    tests: int = 2000
    lessons: int = 1500  # steps of the net that labels teach
    stages: tuple[Stage, ...] = ()  # of training: which codes count first
    blur: float = 0.0  # of pictures at first, in pixels
    clear_from: float = 0.5  # part of training until which the blur fades
    ink: bool = False  # train on 1 - x: empty is 0, as ``augment`` expects
    mirrored: tuple[str, ...] = ()  # factors that change sign in a mirror: it doubles pictures


# What all four have in common: smooth pictures without a bend, and axes from common_axes.
SMOOTH = dict(channels=(16, 32, 64), resize=True, bend=False, turn_every=0, log_every=EVERY)
SMOOTH |= dict(sigma=0.2, augment=0.05, decay_from=0.5, r1=0.1)
HEADS = SMOOTH | dict(code=LatentCode((), 4), z_dim=4, steps=2500)
CHAIRS = SMOOTH | dict(code=LatentCode((6,), 1, 1), lam_circular=0.5, lam_uniform=0.3, z_dim=2)
CHAIRS |= dict(steps=6000)
STREETS = SMOOTH | dict(code=LatentCode((2,), 4), outside="edge", r1=0.3, lr_g=1e-3, steps=6000)
PORTRAITS = SMOOTH | dict(code=LatentCode((4,), 5), z_dim=8, outside="edge", steps=2500)

# Codes that count for hardly anything: with 0 the GAN would be a plain one.
NO_KINDS, NO_NUMBERS = dict(lam=1e-6), dict(lam_uniform=1e-6)


def lite(changes: dict) -> Settings:
    """The preset with changes, whole whatever INFOGAN_MAX_STEPS says."""
    return replace(PRESETS["lite"], **changes)


WORLDS = {
    "heads": World(
        lite(HEADS),
        ("azimuth", "elevation", "light", "width"),
        mirrored=("azimuth", "light"),
    ),
    "chairs": World(
        lite(CHAIRS),
        ("style", "azimuth", "width"),
        stages=(stage(0, **NO_KINDS, **NO_NUMBERS), stage(0.3, **NO_KINDS), stage(0.5)),
        blur=4.0,
        ink=True,
    ),
    "streets": World(
        lite(STREETS),
        ("digit", "bright_ink", "lighting", "gradient", "color", "ink", "blur"),
    ),
    "portraits": World(
        lite(PORTRAITS),
        ("azimuth", "glasses", "hair", "emotion", "shade", "skin", "wall"),
        stages=(stage(0, **NO_KINDS), stage(0.4)),
        mirrored=("azimuth",),
    ),
}


def described(world: World) -> str:
    """How a set is trained on and measured, as JSON, to tell its runs from those made otherwise.

    Not its factors, ``ink`` and ``mirrored``, which belong to the set: after a change of these the
    rows of the tables have to go by hand.
    """
    usual = World._field_defaults  # left out, so that tables older than an option stay valid
    options = ("tests", "lessons", "stages", "blur", "clear_from")
    more = {name: getattr(world, name) for name in options}
    more = {name: value for name, value in more.items() if value != usual[name]}
    return json.dumps(as_table(world.settings) | {"pictures": world.pictures} | more)
