"""What InfoGAN adds to the game of a GAN, explained in chapter 5: the bound L_I.

min over G, Q   max over D   V(D, G) - lambda L_I(G, Q)             (equation 6)
"""

from torch import Tensor

from infogan_lite.settings import Settings


def weighted(bound: dict[str, Tensor], settings: Settings) -> Tensor:
    """lambda L_I: the factors' bounds in nats, each times its lambda, added up.

    The uniform factors have a lambda of their own, ``lam_uniform``: their bound has no
    ceiling.  ``lam = 0`` makes the GAN a plain one, whatever ``lam_uniform`` is.
    """
    total = next(iter(bound.values())).new_zeros(())
    if settings.lam == 0:
        return total
    for name, value in bound.items():
        categorical = name in settings.code.categorical_names
        total = total + (settings.lam if categorical else settings.lam_uniform) * value
    return total
