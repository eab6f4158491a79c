"""Is a factored Gaussian enough?  Richer posteriors for c2 and c3 on the trunk's features.

G and the trunk stand still.  Three heads of the same hidden layer learn Q(c2, c3|x) from the
same generated pictures: a product of two Gaussians as in the paper, a Gaussian with any
covariance, and a mixture of five of these.  The last contain the first.
"""

import math

import torch
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution, MixtureSameFamily, MultivariateNormal

from infogan_lite import InfoGAN, sample_noise

KINDS = {"factored": (1, False), "full": (1, True), "mixture": (5, True)}


class Head(nn.Module):
    """Features (n, hidden) to a distribution over d numbers: ``parts`` Gaussians, mixed."""

    def __init__(self, hidden: int, d: int, parts: int, correlated: bool) -> None:
        super().__init__()
        self.d, self.parts, self.correlated = d, parts, correlated
        outputs = parts * (1 + 2 * d + d * (d - 1) // 2)
        self.net = nn.Sequential(nn.Linear(hidden, 128), nn.ReLU(), nn.Linear(128, outputs))

    def forward(self, h: Tensor) -> Distribution:
        d, n = self.d, len(h)
        numbers = self.net(h).view(n, self.parts, -1)
        weight, mean, log_sigma, below = numbers.split([1, d, d, d * (d - 1) // 2], dim=2)
        factor = torch.diag_embed(log_sigma.clamp(-6, 2).exp())  # covariance = factor factor^T
        if self.correlated:
            row, column = torch.tril_indices(d, d, -1)
            factor[:, :, row, column] = below
        gaussians = MultivariateNormal(mean, scale_tril=factor)
        return MixtureSameFamily(Categorical(logits=weight.squeeze(2)), gaussians)


def compare_posteriors(model: InfoGAN, n: int = 5000, steps: int = 1500) -> dict[str, float]:
    """L_I of all uniform codes together, in nats, under each kind of head.

    Every step shows 256 new pictures, the same to all heads, so that none can learn some by
    heart; the result is on ``n`` others.
    """
    generator = torch.Generator().manual_seed(1)
    h, c = features_and_codes(model, 5000, generator)
    mean, deviation = h.mean(0), h.std(0) + 1e-6
    heads, entropy = {}, model.code.uniform * math.log(2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for kind, (parts, correlated) in KINDS.items():
            heads[kind] = Head(h.shape[1], c.shape[1], parts, correlated)
    adam = torch.optim.Adam([w for head in heads.values() for w in head.parameters()], 2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    for _ in range(steps):
        h, c = features_and_codes(model, 256, generator)
        h = (h - mean) / deviation
        loss = -sum(head(h).log_prob(c).mean() for head in heads.values())
        adam.zero_grad()
        loss.backward()
        adam.step()
        schedule.step()
    h, c = features_and_codes(model, n, torch.Generator().manual_seed(2))
    h = (h - mean) / deviation
    with torch.no_grad():
        scores = {kind: head(h).log_prob(c).mean().item() for kind, head in heads.items()}
    return {f"L_I {kind}": score + entropy for kind, score in scores.items()}


@torch.no_grad()
def features_and_codes(model: InfoGAN, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Trunk features of n generated pictures, (n, hidden), and their uniform codes."""
    c = model.code.sample(n, generator)
    x = model.generate(sample_noise(n, model.settings.z_dim, generator), c)
    h = torch.cat([model.D.eval().trunk(part) for part in x.split(1000)])
    return h, c[:, model.code.uniform_columns]
