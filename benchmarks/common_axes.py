"""Axes of the uniform codes that are at right angles in several looks at the pictures at once.

``recipe.principal_axes`` looks at pixels.  Where two codes change pixels equally much, any turn
of the two is as good to it, and G may settle half-way: a head's light and its azimuth did, at 45
degrees.  Edges (differences of pixels two apart) hardly see light and see azimuth well.  Axes
that are common to pixels and edges are arbitrary only where the two agree that two codes weigh
the same.  Pictures in color have a third look: how far each pixel is from its gray.  No label is
looked at.
"""

from dataclasses import replace
from itertools import combinations

import torch
from torch import Tensor

from infogan_lite import History, InfoGAN, Settings, sample_noise, train
from infogan_lite.history import start
from infogan_lite.recipe import FRESH, STEP, in_old_order, turn

EVERY = 25  # steps from one turn to the next
TURN_FROM = 0.3  # part of training after which there are turns
SWEEPS = 20  # of Jacobi's turns through all pairs


def trained(
    images: Tensor, settings: Settings, numbers_first: float = 0.0
) -> tuple[InfoGAN, History]:
    """``train``, but now and then the codes are turned to the axes common to all looks.

    numbers_first: the part of training in which categories have hardly a weight, so that the
    uniform codes take what varies by degrees before categories cut it into pieces.

    A ValueError is for settings with turns of their own, or that do not log every EVERY steps.
    """
    if settings.turn_every or settings.log_every != EVERY:
        raise ValueError(f"these turns need turn_every=0 and log_every={EVERY}, got others")
    first = replace(settings, lam=1e-6, lam_real=0.0, lam_alike=0.0, decay_from=1.0)
    first = replace(first, steps=max(1, int(numbers_first * settings.steps)))
    run = start(first if numbers_first else settings, tuple(images.shape[1:]))

    def turn_now(model: InfoGAN, history: History) -> None:
        if history.step[-1] >= TURN_FROM * settings.steps:
            axes = common_axes(effects(model, settings.batch_size, history.step[-1]))
            turn(model, axes, run.average)

    if numbers_first:
        train(images, first, [turn_now], "cpu", run)
        run.model.settings = settings  # the same run goes on with all weights
    model, history = train(images, settings, [turn_now], "cpu", run)
    turn(model, common_axes(effects(model, FRESH, 0)))
    return model, history


def effects(model: InfoGAN, n: int, seed: int) -> Tensor:
    """What each uniform code does to G's pictures, (n, codes, channels, h, w), a unit of it."""
    generator = torch.Generator().manual_seed(seed)
    z = sample_noise(n, model.settings.z_dim, generator)
    c, k = model.code.sample(n, generator), model.code.uniform
    steps = STEP * torch.eye(c.shape[1])[c.shape[1] - k :]
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
