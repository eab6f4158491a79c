"""Information in nats: the variational lower bound L_I that InfoGAN trains with.

    L_I = E[ log Q(c|x) ] + H(c)  <=  I(c; G(z, c))                     (equation 5)

Explained in chapter 4; on small channels I itself can be computed (``measures.channels``).
"""

import math
from typing import NamedTuple

from torch import Tensor
from torch.nn import functional as F

from infogan_lite.codes import LatentCode
from infogan_lite.inputs import rows_of
from infogan_lite.settings import Settings


class Posterior(NamedTuple):
    """What the network Q says about c, given n images: the parameters of Q(c|x).

    logits: for each categorical factor the unnormalised log-probabilities, shape (n, K).
    mean, log_sigma: a Gaussian for each uniform factor, shape (n, uniform).
    """

    logits: tuple[Tensor, ...]
    mean: Tensor
    log_sigma: Tensor


def log_q(code: LatentCode, c: Tensor, q: Posterior) -> dict[str, Tensor]:
    """log Q(c_i | x) in nats for each factor: shape (n,), at the codes c of shape (n, dim).

    A categorical factor takes the log-softmax of the logits.  A uniform factor takes the
    log-density of a Gaussian, all constants kept, which may be positive.  A ValueError is for
    codes of another width, or a q that is not about as many codes like these.
    """
    c = rows_of(c, code.dim, "c")
    wanted = [*((len(c), k) for k in code.categorical), *[(len(c), code.uniform)] * 2]
    shapes = [tuple(part.shape) for part in (*q.logits, q.mean, q.log_sigma)]
    if shapes != wanted:
        raise ValueError(f"for these codes q must have the shapes {wanted}, got {shapes}")
    log_probability = {}
    for name, logits in zip(code.categorical_names, q.logits, strict=True):
        log_probability[name] = -F.cross_entropy(logits, code.category(c, name), reduction="none")
    for i, name in enumerate(code.uniform_names):
        mean, log_sigma = q.mean[:, i], q.log_sigma[:, i]
        distance = (c[:, code.slices[name]].squeeze(1) - mean) / log_sigma.exp()
        log_probability[name] = -0.5 * (distance**2 + math.log(2 * math.pi)) - log_sigma
    return log_probability


def lower_bound(code: LatentCode, c: Tensor, q: Posterior) -> dict[str, Tensor]:
    """L_I of each factor in nats, a scalar each: mean of log Q(c_i|x), plus H(c_i) (equation 5).

    Since the factors are independent and Q is factored, the bound for the whole code is their sum:
    ``sum(lower_bound(code, c, q).values())``.  For a categorical factor it cannot exceed ln K; for
    a uniform one there is no ceiling, and a Q that knows nothing reaches -0.176, not 0 (chapter 4).

    c, shape (n, dim), are the codes of images, and q is what Q says of these; errors as ``log_q``.
    """
    h = code.entropy()
    return {name: value.mean() + h[name] for name, value in log_q(code, c, q).items()}


def uninformed_gaussian_bound() -> float:
    """The best L_I of one U(-1, 1) code when x says nothing about it: about -0.176 nats.

    It is that of a Gaussian as wide as the prior, of variance 1/3: ln 2 - (ln(2 pi / 3) + 1) / 2.
    """
    return math.log(2) - 0.5 * (math.log(2 * math.pi / 3) + 1)


def weighted(bound: dict[str, Tensor], settings: Settings) -> Tensor:
    """lambda L_I: the factors' bounds in nats, each times its lambda, added up.

    That of the uniform factors is ``lam_uniform``; ``lam = 0`` makes the GAN plain, whatever it is.
    """
    zero = next(iter(bound.values())).new_zeros(())
    if settings.lam == 0:
        return zero
    lam = dict.fromkeys(settings.code.uniform_names, settings.lam_uniform)
    return sum((lam.get(name, settings.lam) * value for name, value in bound.items()), zero)
