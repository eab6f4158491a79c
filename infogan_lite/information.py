"""Information in nats: the variational lower bound L_I that InfoGAN trains with.

    L_I = E[ log Q(c|x) ] + H(c)  <=  I(c; G(z, c))                     (equation 5)

Explained in chapter 4; on small channels I itself can be computed (``measures.channels``).
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from infogan_lite.codes import LatentCode
from infogan_lite.settings import Settings


class Posterior(NamedTuple):
    """What the network Q says about c, given n images: the parameters of Q(c|x).

    logits: for each categorical factor the unnormalised log-probabilities, shape (n, K).
    mean, log_sigma: a Gaussian for each uniform factor, shape (n, uniform).
    direction, kappa: a von Mises for each circular factor, by the cosine and the sine of its mean,
    a unit vector, shape (n, circular, 2), and by a concentration that is the same for all.
    """

    logits: tuple[Tensor, ...]
    mean: Tensor
    log_sigma: Tensor
    direction: Tensor | None = None  # needed only where there are circular factors
    kappa: float = 6.0


def log_q(code: LatentCode, c: Tensor, q: Posterior) -> dict[str, Tensor]:
    """log Q(c_i | x) in nats for each factor: shape (n,), at the codes c of shape (n, dim).

    A categorical factor takes the log-softmax of the logits.  A uniform one takes the log-density
    of a Gaussian, a circular one that of a von Mises, all constants kept; these may be positive.
    A ValueError is for rows of another width, or a q that is not about as many codes like these.
    """
    c, parts = code.rows(c), [*q.logits, q.mean, q.log_sigma]
    wanted = [*((len(c), k) for k in code.categorical), *[(len(c), code.uniform)] * 2]
    if code.circular or q.direction is not None:
        wanted, parts = [*wanted, (len(c), code.circular, 2)], [*parts, q.direction]
    shapes = [tuple(getattr(part, "shape", ())) for part in parts]
    if shapes != wanted:
        raise ValueError(f"for these codes q must have the shapes {wanted}, got {shapes}")
    log_probability = {}
    for name, logits in zip(code.categorical_names, q.logits, strict=True):
        log_probability[name] = -F.cross_entropy(logits, code.category(c, name), reduction="none")
    for i, name in enumerate(code.uniform_names):
        mean, log_sigma = q.mean[:, i], q.log_sigma[:, i]
        distance = (c[:, code.slices[name]].squeeze(1) - mean) / log_sigma.exp()
        log_probability[name] = -0.5 * (distance**2 + math.log(2 * math.pi)) - log_sigma
    for i, name in enumerate(code.circular_names):
        cosine = (c[:, code.slices[name]] * q.direction[:, i]).sum(1)
        i0e = torch.special.i0e(torch.tensor(q.kappa, dtype=torch.float64)).item()
        log_probability[name] = q.kappa * (cosine - 1) - math.log(2 * math.pi * i0e)
    return log_probability


def lower_bound(code: LatentCode, c: Tensor, q: Posterior) -> dict[str, Tensor]:
    """L_I of each factor in nats, a scalar each: mean of log Q(c_i|x), plus H(c_i) (equation 5).

    Since the factors are independent and Q is factored, the bound for the whole code is their sum:
    ``sum(lower_bound(code, c, q).values())``.  Ceiling, and what a Q that knows nothing reaches:
    ln K and 0 if categorical; none and -0.176 if uniform, but 0.978 and -0.874 with a fixed sigma
    of 0.3; kappa - ln I0(kappa) and -ln I0(kappa) if circular: 1.79 and -4.21 if kappa is 6.

    c, shape (n, dim), are the codes of images, and q is what Q says of these; errors as ``log_q``.
    """
    h = code.entropy()
    return {name: value.mean() + h[name] for name, value in log_q(code, c, q).items()}


def weighted(bound: dict[str, Tensor], settings: Settings) -> Tensor:
    """lambda L_I: the factors' bounds in nats, each times its lambda, added up.

    Uniform and circular factors have a lambda of their own; ``lam = 0`` makes the GAN plain.
    """
    if settings.lam == 0:
        return next(iter(bound.values())).new_zeros(())
    lam = dict.fromkeys(settings.code.uniform_names, settings.lam_uniform)
    lam |= dict.fromkeys(settings.code.circular_names, settings.lam_circular)
    return sum(lam.get(name, settings.lam) * value for name, value in bound.items())
