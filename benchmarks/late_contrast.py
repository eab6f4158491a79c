"""How InfoGAN-CR is trained in its authors' program: the contrast comes late, G moves twice a step.

H learns to name the code that two pictures share; then D and Q move together; then G moves twice,
with the same z and c.  Rates are constant.  H starts anew where the contrast comes on, and before
that G does not feel it, so up to there it is left out.
"""

import copy
import time
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils import parametrize
from torch.optim import Adam

from benchmarks.contrast import pairs
from benchmarks.spectral_nets import Judge, authors_nets
from infogan_lite import InfoGAN, Settings, sample_noise
from infogan_lite.information import lower_bound, weighted
from infogan_lite.training import follow, loss_of_d, loss_of_g

BETAS = (0.5, 0.999)
MOVES_OF_G = 2


class Trained(NamedTuple):
    """Nets in eval mode, and the seconds from the first step on; H where there is one."""

    model: InfoGAN
    judge: Judge | None
    seconds: float


class Game:
    """A run after so many steps: nets, their optimizers, and what draws for each step."""

    def __init__(self, settings: Settings, side: int) -> None:
        self.settings, self.side, self.seconds = settings, side, 0.0
        self.model, self.judge = authors_nets(settings, (1, side, side)).train(), None
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.of_dq = [*self.model.D.parameters(), *self.model.Q.parameters()]
        self.of_g = list(self.model.G.parameters())
        self.adam_dq = Adam(self.of_dq, settings.lr_d, BETAS, fused=True)
        self.adam_g = Adam(self.of_g, settings.lr_g, BETAS, fused=True)

    def __deepcopy__(self, memo: dict) -> "Game":
        """A copy that goes on as this one would, and leaves it alone."""
        new = object.__new__(Game)
        memo[id(self)] = new
        for name, value in vars(self).items():
            if isinstance(value, torch.Generator):  # which cannot be copied otherwise
                value = torch.Generator().set_state(value.get_state())
            else:
                value = copy.deepcopy(value, memo)
            setattr(new, name, value)
        return new

    def go_on(self, images: Tensor, steps: int, alpha: float | None = None) -> "Game":
        """So many steps more: without H (None), with an H that watches (0), with one that counts.

        A FloatingPointError is for a loss, or in the end a weight, that is no longer finite.
        """
        began = time.perf_counter()
        if alpha is not None:
            # A generator of its own, so that an H that watches leaves all else as it is.
            self.of_pairs = torch.Generator().manual_seed(self.settings.seed)
            self.judge = Judge(self.settings, self.side, self.of_pairs)
            self.of_h = list(self.judge.parameters())
            self.adam_h = Adam(self.of_h, self.settings.lr_d, BETAS, fused=True)
        for _ in range(steps):
            self.step(images, alpha)
        if not all(weight.isfinite().all() for weight in self.model.parameters()):
            raise FloatingPointError
        self.seconds += time.perf_counter() - began
        return self

    def step(self, images: Tensor, alpha: float | None) -> None:
        G, s, n = self.model.G, self.settings, self.settings.batch_size
        real = images[torch.randint(len(images), (n,), generator=self.generator)]
        z, c = sample_noise(n, s.z_dim, self.generator), s.code.sample(n, self.generator)
        if alpha is not None:
            both = sample_noise(n, s.z_dim, self.of_pairs)  # z of a pair: one for both
            first, second, shared = pairs(s.code, n, self.of_pairs)
            G.train(alpha > 0)  # an H that watches leaves no trace in G's batch norm
            with torch.no_grad():
                x, other = G(both, first), G(both, second)
            G.train()
            follow(self.of_h, cross_entropy(self.judge(x, other), shared))
            self.adam_h.step()

        with torch.no_grad():
            fake = G(z, c)
        with parametrize.cached():  # one norm for real and generated pictures
            logit, info = self.look(torch.cat([real, fake]), c)
        follow(self.of_dq, loss_of_d(*logit.chunk(2)) - info)
        self.adam_dq.step()

        for _ in range(MOVES_OF_G):
            with parametrize.cached():
                logit, info = self.look(G(z, c), c)
            loss = loss_of_g(logit) - info
            if alpha:
                guess = self.judge(G(both, first), G(both, second))
                loss = loss + alpha * cross_entropy(guess, shared)
            follow(self.of_g, loss)
            self.adam_g.step()

    def look(self, x: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """D's logits (m,) of pictures, and lambda L_I of the last of them, whose codes c are."""
        D, code = self.model.D, self.settings.code
        h = D.trunk(x)
        info = weighted(lower_bound(code, c, self.model.Q(h[-len(c) :])), self.settings)
        return D.head(h).squeeze(1), info

    def ended(self) -> Trained:
        judge = self.judge and copy.deepcopy(self.judge).eval()
        return Trained(copy.deepcopy(self.model).eval(), judge, self.seconds)


def branches(
    images: Tensor, settings: Settings, alpha: float, late: int
) -> dict[str, Trained | None]:
    """One seed, four nets: untrained, before the contrast, from there on without it and with it.

    The last two share all steps but the last, ``late`` many: the contrast alone tells them apart.
    None stands for a run that diverged.
    """
    game = Game(settings, images.shape[-1])
    nets: dict[str, Trained | None] = {"untrained": game.ended()}
    nets |= dict.fromkeys(("before", "InfoGAN", "InfoGAN-CR"))
    try:
        nets["before"] = game.go_on(images, settings.steps - late).ended()
    except FloatingPointError:
        return nets
    for kind, weight in (("InfoGAN", 0.0), ("InfoGAN-CR", alpha)):
        try:
            nets[kind] = copy.deepcopy(game).go_on(images, late, weight).ended()
        except FloatingPointError:
            continue
    return nets
