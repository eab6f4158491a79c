"""Can H(c) be learned?  InfoGAN on digits of unequal number, with a prior of c1 that learns.

The paper fixes the distribution of c and says that its entropy may be optimized as well.  Here
the probabilities of c1's categories are weights, drawn through the straight-through
Gumbel-softmax (Jang et al., 2017, https://arxiv.org/abs/1611.01144), and follow what G follows.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot
from torch.optim import Adam

from infogan_lite import InfoGAN, Settings, lower_bound
from infogan_lite.history import start
from infogan_lite.information import Posterior, weighted
from infogan_lite.recipe import (
    finish,
    look,
    r1_is_due,
    r1_penalty,
    set_rates,
    turn_now_and_then,
)
from infogan_lite.training import follow, loss_of_d, loss_of_g

TEMPERATURE = 0.5


class Prior(nn.Module):
    """P(c1) over K categories, equal at first; the other factors are drawn as always."""

    def __init__(self, categories: int) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(categories))

    def draw(self, c: Tensor, generator: torch.Generator) -> Tensor:
        """Codes (n, dim) with a c1 drawn anew: one-hot, with a gradient to the probabilities."""
        k = len(self.logits)
        uniform = torch.rand(len(c), k, generator=generator).clamp(1e-7, 1 - 1e-7)
        gumbel = -(-uniform.log()).log()
        soft = ((self.logits.log_softmax(0) + gumbel) / TEMPERATURE).softmax(1)
        hard = one_hot(soft.argmax(1), k).to(soft)
        return torch.cat([hard + (soft - soft.detach()), c[:, k:]], dim=1)

    def entropy(self) -> Tensor:
        """H(c1) in nats, at most ln K."""
        log_p = self.logits.log_softmax(0)
        return -(log_p.exp() * log_p).sum()

    def bound(self, c: Tensor, q: Posterior) -> Tensor:
        """L_I of c1 in nats: mean of log Q(c1|x), plus the H(c1) of this prior.

        As Q's target c stands still; its gradient comes through the picture.  Otherwise every
        draw would make its own category likelier, and one would be left.
        """
        drawn = c[:, : len(self.logits)].detach()
        return (drawn * q.logits[0].log_softmax(1)).sum(1).mean() + self.entropy()


def with_learned_prior(images: Tensor, settings: Settings) -> tuple[InfoGAN, Prior]:
    """``train`` with a prior that learns, and without practice, which holds categories equal.

    Args:
        images: shape (n, channels, h, w), values in [0, 1].
        settings: with one categorical factor and no practice.

    Returns:
        The model in eval mode, and the prior.

    Raises:
        ValueError: for other settings.
    """
    if len(settings.code.categorical) != 1 or settings.lam_real or settings.lam_alike:
        raise ValueError("a prior is learned for one categorical factor, without practice")
    run = start(settings, tuple(images.shape[1:]))
    G, D, Q = run.model.G, run.model.D, run.model.Q
    d, q, g = (list(net.parameters()) for net in (D, Q, G))
    prior = Prior(settings.code.categorical[0])
    adam = Adam(prior.parameters(), settings.lr_g, (0.5, 0.999))
    for step in range(1, settings.steps + 1):
        set_rates(run.adam_dq, run.adam_g, settings, step)
        x, z, c = run.draw(images)
        c = prior.draw(c, run.generator)
        real, (seen, maps) = look(x, run)[0], look(G(z, c), run)
        real.requires_grad_(r1_is_due(settings, step))
        h_real, h_fake = D.trunk(real), D.trunk(seen)
        real_logit, fake_logit = D.head(h_real).squeeze(1), D.head(h_fake).squeeze(1)
        read = Q(h_fake, maps)
        bound = lower_bound(settings.code, c, read) | {"c1": prior.bound(c, read)}
        info = weighted(bound, settings)
        penalty = r1_penalty(real_logit, real, settings)
        follow(d, loss_of_d(real_logit, fake_logit) + penalty - info)
        follow(q, -info)
        follow([*g, prior.logits], loss_of_g(fake_logit) - info)  # the prior follows what G does
        run.move()
        adam.step()
        turn_now_and_then(run, z, c.detach())
    return finish(run, images), prior
