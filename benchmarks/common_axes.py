"""Axes of the uniform codes that are at right angles in several looks at the pictures at once.

``recipe.principal_axes`` looks at pixels.  Where two codes change pixels equally much, any turn
of the two is as good to it, and G may settle half-way: a head's light and its azimuth did, at 45
degrees.  Edges (differences of pixels two apart) hardly see light and see azimuth well.  Axes
that are common to pixels and edges are arbitrary only where the two agree that two codes weigh
the same.  Pictures in color have a third look: how far each pixel is from its gray.  No label is
looked at.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import torch
from torch import Tensor

from benchmarks.blur import blurred
from infogan_lite import History, InfoGAN, Settings, sample_noise, train
from infogan_lite.history import start
from infogan_lite.recipe import FRESH, PRACTICE_FROM, STEP, in_old_order, turn

EVERY = 25  # steps from one turn to the next
TURN_FROM = 0.3  # part of training after which there are turns
SWEEPS = 20  # of Jacobi's turns through all pairs


class Stage(NamedTuple):
    """The part of training from which some settings are others, as (name, value); see ``stage``."""

    begin: float
    changes: tuple[tuple[str, float], ...]


def stage(begin: float, **changes: float) -> Stage:
    return Stage(begin, tuple(changes.items()))


def trained(
    images: Tensor,
    settings: Settings,
    stages: Sequence[Stage] = (),
    blur: float = 0.0,
    clear_from: float = 0.5,
) -> tuple[InfoGAN, History]:
    """``train``, but now and then the codes are turned to the axes common to all looks.

    stages: for codes that come one after the other, so that those of the first take what they are
        meant for before the others can (``planned``).
    blur, clear_from: of so many pixels at first, until that part of training (``blurred``).

    A ValueError is for settings with turns of their own, or that do not log every EVERY steps.
    """
    if settings.turn_every or settings.log_every != EVERY:
        raise ValueError(f"these turns need turn_every=0 and log_every={EVERY}, got others")
    plan = planned(settings, stages)
    run = start(plan[0], tuple(images.shape[1:]))

    def turn_now(model: InfoGAN, history: History) -> None:
        if history.step[-1] >= TURN_FROM * settings.steps:
            axes = common_axes(effects(model, settings.batch_size, history.step[-1]))
            for nets in filter(None, (model, run.average)):
                turn(nets, axes)

    callbacks = [turn_now] if settings.code.uniform > 1 else []
    with blurred(run, blur, clear_from * settings.steps) if blur else nullcontext():
        for part in plan:
            run.model.settings = part  # the same run goes on
            model, history = train(images, part, callbacks, "cpu", run)
    if settings.code.uniform > 1:
        turn(model, common_axes(effects(model, FRESH, 0)))
    return model, history


def planned(settings: Settings, stages: Sequence[Stage]) -> list[Settings]:
    """The settings of each part of training, with the step at which it ends.

    Before the last stage there is neither practice on real pictures nor do rates fall, as these
    go by the steps of the whole; a ValueError is for stages that begin later than they do, or
    that are not in order from 0 on.
    """
    begins = [begin for begin, _ in stages]
    latest = min(PRACTICE_FROM, settings.decay_from)
    if begins and not (begins[0] == 0 and begins == sorted(set(begins)) and begins[-1] <= latest):
        raise ValueError(f"stages must begin at 0, one after the other up to {latest}: {begins}")
    early = dict(lam_real=0.0, lam_alike=0.0, decay_from=1.0)
    ends = [max(1, int(begin * settings.steps)) for begin in begins[1:]]
    plan = []
    for (_, changes), end in zip(stages, ends, strict=False):  # all but the last
        plan.append(replace(settings, **dict(changes) | early, steps=end))
    return [*plan, replace(settings, **dict(stages[-1].changes if stages else ()))]


def effects(model: InfoGAN, n: int, seed: int) -> Tensor:
    """What each uniform code does to G's pictures, (n, codes, channels, h, w), a unit of it."""
    generator = torch.Generator().manual_seed(seed)
    z = sample_noise(n, model.settings.z_dim, generator)
    c = model.code.sample(n, generator)
    steps = STEP * torch.eye(c.shape[1])[model.code.uniform_columns]
    both = [model.generate(z, c + e) - model.generate(z, c - e) for e in steps]
    return torch.stack(both, dim=1) / (2 * STEP)


def common_axes(J: Tensor) -> Tensor:
    """The turn R, (codes, codes), after which effects J are at right angles in all looks."""
    looks = [J.flatten(2), edges(J)]
    if J.shape[2] == 3:
        looks.append((J - J.mean(2, keepdim=True)).flatten(2))
    grams = torch.stack([(x @ x.transpose(1, 2)).mean(0).double() for x in looks])
    weights = grams.diagonal(dim1=1, dim2=2).sum(1).clamp_min(1e-12)
    return in_old_order(jointly_diagonal(grams / weights[:, None, None])).to(J)


def edges(J: Tensor) -> Tensor:
    """Differences of pixels two apart, to the right and down, as (n, codes, numbers)."""
    right, down = J[..., 2:] - J[..., :-2], J[..., 2:, :] - J[..., :-2, :]
    return torch.cat([right.flatten(2), down.flatten(2)], dim=2)


def jointly_diagonal(matrices: Tensor) -> Tensor:
    """The turn R that makes R'AR as diagonal as it can be for all symmetric A, (m, k, k), at once.

    Jacobi's way: two axes at a time are turned by the angle that leaves the smallest sum of
    squares off the diagonals (Cardoso and Souloumiac, 1996).
    """
    R = torch.eye(matrices.shape[1], dtype=matrices.dtype)
    for i, j in SWEEPS * list(combinations(range(len(R)), 2)):
        A = R.T @ matrices @ R
        x, y = A[:, i, i] - A[:, j, j], 2 * A[:, i, j]
        angle = torch.atan2(2 * x @ y, x @ x - y @ y) / 4
        cos, sin = angle.cos(), angle.sin()
        R[:, [i, j]] = R[:, [i, j]] @ torch.stack([cos, -sin, sin, cos]).view(2, 2)
    return R
