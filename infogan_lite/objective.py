"""What the training step adds to the GAN game: L_I with its weights, and three more terms.

    lambda L_I                        equation 6 of the paper
    the penalty R1                    keeps D's slope small (preset "lite")
    information read from real x      makes Q sure of real pictures (preset "lite")
    disagreement of two looks         and of the same mind when it looks again (preset "lite")

Explained in chapter 5, *InfoGAN*.
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from infogan_lite.distributed import WHOLE, Share
from infogan_lite.information import Posterior, entropy
from infogan_lite.settings import Settings


def weigh(bound: dict[str, Tensor], settings: Settings, watching: bool = False) -> Tensor:
    """lambda L_I: the factors' bounds in nats, each times its lambda, added up.

    A Q that only watches a plain GAN learns with weight 1: it has no lambda.
    """
    categorical = settings.code.categorical_names
    total = torch.zeros(())
    for name, value in bound.items():
        lam = settings.lam if name in categorical else settings.lam_uniform
        total = total + (1.0 if watching else lam) * value
    return total


def r1_penalty(real_logit: Tensor, real: Tensor, settings: Settings) -> Tensor:
    """r1 / 2 times the squared slope of D at real pictures (Mescheder et al., 2018)."""
    (slope,) = torch.autograd.grad(real_logit.sum(), real, create_graph=True)
    return settings.r1 / 2 * slope.square().sum(dim=(1, 2, 3)).mean()


def lateness(settings: Settings, step: int) -> float:
    """How far Q may practice on real pictures: 0 until ``real_from``, then up to 1.

    Q must first have learned from generated pictures what its categories are.  A Q that
    only watches a plain GAN (lambda = 0) never practices, nor does one without categories.
    """
    practice = settings.lam_real > 0 or settings.lam_alike > 0
    if settings.lam == 0 or not practice or not settings.code.categorical:
        return 0.0
    risen = (step / settings.steps - settings.real_from) / 0.1  # over a tenth of training
    return min(max(risen, 0.0), 1.0)


def read_information(q: Posterior, share: Share = WHOLE) -> list[Tensor]:
    """Information in nats between a real picture and the category that Q reads from it.

    For each categorical factor H(mean of Q(c|x)) - mean of H(Q(c|x)), over a batch of real x.
    It is large, up to ln K, if Q is sure of each picture and uses all categories alike.
    No label and no code is needed, as a real picture has none.  (Springenberg, 2016, for
    the discriminator of a GAN; Hu et al., 2017, for clustering.)
    """
    result = []
    for logits in q.logits:
        log_p = logits.log_softmax(1)
        mean = share.mean(log_p.exp().mean(0))
        h_given_x = -(log_p.exp() * log_p).sum(1).mean()
        result.append(entropy(mean.clamp_min(1e-12)) - h_given_x)
    return result


def disagreement(q: Posterior) -> list[Tensor]:
    """How unlike two readings of real pictures are: -E log second(c|x), c ~ first, in nats.

    The first half of the batch are some pictures, the second half are the same pictures in
    the same order, augmented otherwise.  The first reading stands still, the second one
    learns from it.  One number for each categorical factor.  (Hu et al., 2017.)
    """
    pairs = [logits.chunk(2) for logits in q.logits]
    return [cross_entropy(second, first.detach().softmax(1)) for first, second in pairs]
