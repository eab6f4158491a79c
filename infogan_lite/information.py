"""Information in nats: exact on small channels, and the variational lower bound L_I.

The first half works on tables of probabilities, where everything can be computed
(chapter 3).  The second half is what InfoGAN trains with (chapter 4)::

    L_I = E[ log Q(c|x) ] + H(c)  <=  I(c; G(z, c))                     (equation 5)
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from infogan_lite.codes import LatentCode

# --- Exact, on tables of probabilities ------------------------------------------------


def entropy(p: Tensor) -> Tensor:
    """H = -sum p ln p in nats, over the last axis; 0 ln 0 counts as 0."""
    return -torch.xlogy(p, p).sum(dim=-1)


def kl(p: Tensor, q: Tensor) -> Tensor:
    """KL(p || q) = sum p ln(p / q) in nats, over the last axis; infinite where q misses p."""
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)


def joint(prior: Tensor, channel: Tensor) -> Tensor:
    """P(c, x) = P(c) P(x|c).

    Args:
        prior: P(c), shape (K,).
        channel: P(x|c), shape (K, X), each row a distribution.

    Raises:
        ValueError: if the shapes do not fit or a row does not sum to 1.
    """
    if channel.ndim != 2 or prior.shape != channel.shape[:1]:
        raise ValueError(
            f"a channel has one row for each of the {len(prior)} values of c, "
            f"got shape {tuple(channel.shape)}"
        )
    for name, rows in (("prior", prior), ("channel", channel)):
        if (rows < 0).any() or not torch.allclose(rows.sum(-1), torch.ones_like(rows.sum(-1))):
            raise ValueError(f"the {name} is not a distribution: values >= 0 with sum 1")
    return prior[:, None] * channel


def mutual_information(p_cx: Tensor) -> Tensor:
    """I(c; x) in nats from the joint table P(c, x), shape (K, X).

    Computed as KL(P(c, x) || P(c) P(x)), which equals H(c) - H(c|x) (equation 2).
    """
    independent = p_cx.sum(1, keepdim=True) * p_cx.sum(0, keepdim=True)
    return kl(p_cx.flatten(), independent.flatten())


def posterior(p_cx: Tensor) -> Tensor:
    """P(c|x) from the joint table, shape (K, X): column x sums to 1.

    Where P(x) = 0 the posterior is undefined; it is set to P(c), and nothing depends on it.
    """
    p_x = p_cx.sum(0, keepdim=True)
    p_c = p_cx.sum(1, keepdim=True)
    return torch.where(p_x > 0, p_cx / p_x.clamp_min(torch.finfo(p_cx.dtype).tiny), p_c)


def exact_lower_bound(p_cx: Tensor, q: Tensor) -> Tensor:
    """L_I = E[log Q(c|x)] + H(c) in nats for a table Q(c|x) of shape (K, X) (equation 5)."""
    return torch.xlogy(p_cx, q).sum() + entropy(p_cx.sum(1))


# --- Estimated, on samples ------------------------------------------------------------


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

    A categorical factor takes the log-softmax of the logits (once: not a softmax of a
    softmax).  A uniform factor takes the log-density of a Gaussian, all constants kept,
    which may be positive.
    """
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

    Since the factors are independent and Q is factored, the bound for the whole code is
    their sum: ``sum(lower_bound(code, c, q).values())``.

    Args:
        code: the prior.
        c: the codes that the images were made from, shape (n, dim).
        q: what Q says, given those images.

    Returns:
        A dictionary from factor name to L_I.  For a categorical factor the expectation
        cannot exceed ln K; for a uniform factor there is no ceiling, and a Q that knows
        nothing reaches -0.176, not 0 (chapter 4).
    """
    h = code.entropy()
    return {name: value.mean() + h[name] for name, value in log_q(code, c, q).items()}


def uninformed_gaussian_bound() -> float:
    """The best L_I of one U(-1, 1) code when x says nothing about it: about -0.176 nats.

    The best Gaussian has the mean 0 and the variance 1/3 of the prior; its cross-entropy
    is (ln(2 pi / 3) + 1) / 2, from which H(c) = ln 2 is taken.
    """
    return math.log(2) - 0.5 * (math.log(2 * math.pi / 3) + 1)
