"""What L_I is read against: the value of a Q that knows nothing, and of one that knows all.

Used in chapter 4.  Of a categorical factor these are 0 and ln K.
"""

import math

import torch


def uninformed_gaussian_bound() -> float:
    """The best L_I of one U(-1, 1) code when x says nothing about it: about -0.176 nats.

    It is that of a Gaussian as wide as the prior, of variance 1/3: ln 2 - (ln(2 pi / 3) + 1) / 2.
    """
    return math.log(2) - 0.5 * (math.log(2 * math.pi / 3) + 1)


def circular_limits(kappa: float) -> tuple[float, float]:
    """L_I in nats of one circular code: of a Q that knows nothing, and at most.

    L_I = kappa E cos(c - mean) - ln I0(kappa), and the mean cosine lies between 0, where the mean
    has nothing to do with c, and 1.  (A Q that is wrong on purpose reaches less.)
    """
    ceiling = -math.log(torch.special.i0e(torch.tensor(kappa, dtype=torch.float64)).item())
    return ceiling - kappa, ceiling
