"""What labels can do: a conditional GAN and a supervised net.

Both have the trunk of InfoGAN's D, its first weights, its optimizer and as many steps.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss
from torch.optim import Adam

from infogan_lite import InfoGAN, Settings
from infogan_lite.history import start
from infogan_lite.networks import Discriminator
from infogan_lite.recipe import look, r1_is_due, r1_penalty, set_rates
from infogan_lite.training import follow, loss_of_d, loss_of_g


class Projection(nn.Module):
    """D(x, y): is x real, and a picture of y?  The logit is head(h) + <e(y), h>.

    h are the trunk's features and e is linear (Miyato and Koyama, 2018,
    https://arxiv.org/abs/1802.05637).
    """

    def __init__(self, D: Discriminator, labels: int) -> None:
        super().__init__()
        self.D = D
        self.embed = nn.Linear(labels, D.head.in_features, bias=False)
        nn.init.normal_(self.embed.weight, 0.0, 0.02)  # as all weights of D

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Pictures (n, channels, h, w) and labels (n, labels) to logits (n,)."""
        h = self.D.trunk(x)
        return self.D.head(h).squeeze(1) + (self.embed(y) * h).sum(1)


def conditional(images: Tensor, labels: Tensor, settings: Settings) -> InfoGAN:
    """A conditional GAN: G is given the label of a real picture, D is shown both.

    The recipe is that of ``infogan_lite.train`` without L_I and all that belongs to Q.

    Args:
        images: shape (n, channels, h, w), values in [0, 1].
        labels: shape (n, settings.code.dim), one-hot or numbers; they take the place of c.
        settings: everything else.

    Returns:
        The model in eval mode; its Q has learned nothing.
    """
    run = start(settings, tuple(images.shape[1:]))
    G, numbers = run.model.G, torch.arange(len(images))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        judge = Projection(run.model.D, labels.shape[1]).train()
    d, g = list(judge.parameters()), list(G.parameters())
    adam = Adam(d, settings.lr_d, (0.5, 0.999), fused=True)
    for step in range(1, settings.steps + 1):
        set_rates(adam, run.adam_g, settings, step)
        index, z, _ = run.draw(numbers)  # of the pictures, as their labels are needed too
        y = labels[index]  # real and generated pictures of the same labels
        real, fake = look(images[index], run)[0], look(G(z, y), run)[0]
        real.requires_grad_(r1_is_due(settings, step))
        real_logit, fake_logit = judge(real, y), judge(fake, y)
        penalty = r1_penalty(real_logit, real, settings)  # mostly 0: it is not due
        follow(d, loss_of_d(real_logit, fake_logit) + penalty)
        follow(g, loss_of_g(fake_logit))
        adam.step()
        run.adam_g.step()
    return run.model.eval()


def supervised(
    images: Tensor, targets: Tensor, outputs: int, settings: Settings
) -> tuple[InfoGAN, nn.Linear]:
    """D's trunk and a linear head, trained to tell the targets: no GAN.

    Args:
        images: the pictures whose targets are known, shape (n, channels, h, w).
        targets: integers (n,) are classes, for the cross-entropy; numbers (n, outputs) are
            values, for the squared error.
        outputs: numbers that the head puts out.
        settings: of the trunk, the batch, the steps, the rate of D and the augmentation.

    Returns:
        A model of which only D's trunk is trained, in eval mode, and the head.
    """
    run = start(settings, tuple(images.shape[1:]))
    trunk, numbers = run.model.D.trunk, torch.arange(len(images))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        head = nn.Linear(settings.hidden, outputs)
    loss_of = mse_loss if targets.is_floating_point() else cross_entropy
    weights = [*trunk.parameters(), *head.parameters()]
    adam = Adam(weights, settings.lr_d, (0.5, 0.999), fused=True)
    for step in range(1, settings.steps + 1):
        set_rates(adam, run.adam_g, settings, step)  # G has no part in it
        index, _, _ = run.draw(numbers)
        follow(weights, loss_of(head(trunk(look(images[index], run)[0])), targets[index]))
        adam.step()
    return run.model.eval(), head.eval()
