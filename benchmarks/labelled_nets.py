"""What labels can do: a conditional GAN, a supervised net, and probes of features.

Both nets have the trunk of InfoGAN's D, its first weights, its optimizer and as many steps.
A probe is a linear model on the features of a trunk that stands still, whoever taught it.
"""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss, softplus
from torch.optim import Adam

from infogan_lite import InfoGAN, Settings, sample_noise
from infogan_lite.history import start
from infogan_lite.networks import Discriminator
from infogan_lite.recipe import augment, r1_is_due, r1_penalty, set_rates


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
    G, generator, n = run.model.G, run.generator, settings.batch_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        judge = Projection(run.model.D, labels.shape[1]).train()
    adam = Adam(judge.parameters(), settings.lr_d, (0.5, 0.999), fused=True)
    for step in range(1, settings.steps + 1):
        set_rates(adam, run.adam_g, settings, step)
        index = torch.randint(len(images), (n,), generator=generator)
        real, y = images[index], labels[index]  # real and generated pictures of the same labels
        fake = G(sample_noise(n, settings.z_dim, generator), y)
        if settings.augment > 0:
            real = augment(real, settings.augment, generator, outside=settings.outside)
            fake = augment(fake, settings.augment, generator, outside=settings.outside)

        # Step 1: D.  What G made is data here.
        penalty = r1_is_due(settings, step)
        real.requires_grad_(penalty)
        real_logit, fake_logit = judge(real, y), judge(fake.detach(), y)
        loss = (softplus(-real_logit) + softplus(fake_logit)).mean()
        if penalty:
            loss = loss + r1_penalty(real_logit, real, settings)
        adam.zero_grad()
        loss.backward()
        adam.step()

        # Step 2: G.  D stands still.
        judge.requires_grad_(False)
        loss = softplus(-judge(fake, y)).mean()
        run.adam_g.zero_grad()
        loss.backward()
        run.adam_g.step()
        judge.requires_grad_(True)
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
    trunk, generator = run.model.D.trunk, run.generator
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        head = nn.Linear(settings.hidden, outputs)
    loss_of = mse_loss if targets.is_floating_point() else cross_entropy
    parameters = [*trunk.parameters(), *head.parameters()]
    adam = Adam(parameters, settings.lr_d, (0.5, 0.999), fused=True)
    for step in range(1, settings.steps + 1):
        set_rates(adam, run.adam_g, settings, step)  # G has no part in it
        index = torch.randint(len(images), (settings.batch_size,), generator=generator)
        x = images[index]
        if settings.augment > 0:
            x = augment(x, settings.augment, generator, outside=settings.outside)
        loss = loss_of(head(trunk(x)), targets[index])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return run.model.eval(), head.eval()


def balanced_order(y: Tensor, seed: int) -> Tensor:
    """Indices in a random order in which the first K, the next K, ... hold each class once.

    So the first 100 of 10 classes are 10 of each, and they are among the first 1,000.
    """
    shuffled = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    members = [shuffled[y[shuffled] == label] for label in y.unique()]
    least = min(len(m) for m in members)
    return torch.stack([m[:least] for m in members], dim=1).flatten()


def probe_error(h: np.ndarray, y: np.ndarray, h_test: np.ndarray, y_test: np.ndarray) -> float:
    """The part misread by a logistic regression on features; its penalty was never tuned."""
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000))
    return 1 - probe.fit(h, y).score(h_test, y_test)


def probe_fit(h: np.ndarray, v: np.ndarray, h_test: np.ndarray, v_test: np.ndarray) -> float:
    """R^2 of a ridge regression; leave-one-out on its own labels sets the penalty."""
    probe = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 13)))
    return probe.fit(h, v).score(h_test, v_test)


@torch.no_grad()
def features(net: InfoGAN, images: Tensor, new: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """What the trunk makes of training pictures and of new ones."""
    parts = [torch.cat([net.D.trunk(x) for x in x.split(1000)]) for x in (images, new)]
    return parts[0].numpy(), parts[1].numpy()
