"""The nets of InfoGAN-CR, as its authors' program has them for dSprites (Lin et al., 2020).

https://github.com/fjxmlzn/InfoGAN-CR.  D, Q and H have spectral norm in every layer but H's last,
and no batch norm; G has batch norm behind its activations.  Pictures here have half the side of
theirs, so each net has one layer of strides less: of 32, 32, 64, 64 channels one 64 is left out.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from infogan_lite import InfoGAN, Settings
from infogan_lite.networks import ImageShape, initialise

SLOPE = 0.2  # of their leaky ReLUs, left of 0


class Drawer(nn.Module):
    """G(z, c): pictures (n, channels, h, w) of z (n, z_dim), whose numbers it makes uniform."""

    bend = None

    def __init__(self, settings: Settings, image_shape: ImageShape) -> None:
        super().__init__()
        widths, side = settings.channels[::-1], image_shape[1] // 2 ** len(settings.channels)
        layers: list[nn.Module] = [
            *(nn.Linear(settings.z_dim + settings.code.dim, settings.hidden), nn.ReLU()),
            *(nn.BatchNorm1d(settings.hidden), nn.Linear(settings.hidden, widths[0] * side**2)),
            *(nn.ReLU(), nn.BatchNorm1d(widths[0] * side**2)),
            nn.Unflatten(1, (widths[0], side, side)),
        ]
        for before, after in pairwise(widths):
            layers += [nn.ConvTranspose2d(before, after, 4, 2, 1), nn.LeakyReLU(SLOPE)]
            layers += [nn.BatchNorm2d(after)]
        last = nn.ConvTranspose2d(widths[-1], image_shape[0], 4, 2, 1)
        self.net = nn.Sequential(*layers, last, nn.Sigmoid())

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        # Theirs is uniform in [-1, 1]; all that draws z here draws it normal.
        return self.net(torch.cat([torch.erf(z / 2**0.5), c], dim=1))


def trunk(settings: Settings, image_shape: ImageShape) -> nn.Sequential:
    """Pictures to features (n, hidden), by convolutions that halve the side, without batch norm."""
    side, layers = image_shape[1] // 2 ** len(settings.channels), []
    for before, after in pairwise([image_shape[0], *settings.channels]):
        layers += [nn.Conv2d(before, after, 4, 2, 1), nn.LeakyReLU(SLOPE)]
    dense = nn.Linear(settings.channels[-1] * side**2, settings.hidden)
    return nn.Sequential(*layers, nn.Flatten(), dense, nn.LeakyReLU(SLOPE))


class Judge(nn.Module):
    """H: which code do two gray pictures (n, 1, h, w) share?  Logits (n, k)."""

    def __init__(self, settings: Settings, side: int, generator: torch.Generator) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
            self.trunk = trunk(settings, (2, side, side))
            self.head = nn.Linear(settings.hidden, settings.code.uniform)
            for layer in layers_of(self):
                nn.init.normal_(layer.weight, 0, 0.02)
                nn.init.zeros_(layer.bias)
            normalise(self.trunk)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        return self.head(self.trunk(torch.cat([x, other], dim=1)))


def authors_nets(settings: Settings, image_shape: ImageShape) -> InfoGAN:
    """An InfoGAN with these nets in place of its own; everything random follows from the seed."""
    width, generator = settings.q_hidden, torch.Generator().manual_seed(settings.seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        model = InfoGAN(settings, image_shape, generator)
        model.G, model.D.trunk = Drawer(settings, image_shape), trunk(settings, image_shape)
        layers = nn.Linear(settings.hidden, width), nn.Linear(width, settings.code.uniform)
        model.Q.net = nn.Sequential(layers[0], nn.LeakyReLU(SLOPE), layers[1])
        initialise(model, generator)
        normalise(model.D)
        normalise(model.Q)
    return model.to(memory_format=torch.channels_last)


def layers_of(net: nn.Module) -> list[nn.Module]:
    return [m for m in net.modules() if isinstance(m, (nn.Linear, nn.modules.conv._ConvNd))]


def normalise(net: nn.Module) -> None:
    """Spectral norm for each layer, whose first directions torch's own generator draws."""
    for layer in layers_of(net):
        spectral_norm(layer)
