"""The nets: generator G, discriminator D, and Q, which shares D's trunk (chapter 5).

Their shape is that of Table 1 of the paper, and with ``preset("paper")`` so are their widths.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn

from infogan_lite.bend import Bend
from infogan_lite.codes import sample_noise
from infogan_lite.information import Posterior
from infogan_lite.inputs import as_images, rows_of, whole
from infogan_lite.settings import Settings

ImageShape = tuple[int, int, int]  # channels, height, width
LEAK = 0.1  # slope of the leaky ReLUs left of 0, as in Table 1


class Generator(nn.Module):
    """x = G(z, c): noise and code to an image with values in [0, 1].

    Linear layers make a small picture, each later one doubles it; ``Bend`` has the uniform factors.
    """

    def __init__(self, settings: Settings, image_shape: ImageShape) -> None:
        super().__init__()
        first, widest = settings.channels[0], settings.channels[-1]
        side = image_shape[1] // 2 ** len(settings.channels)
        self.code, bent = settings.code, settings.code.uniform if settings.bend else 0
        self.dense = nn.Sequential(
            nn.Linear(settings.z_dim + self.code.dim - bent, settings.hidden, bias=False),
            nn.BatchNorm1d(settings.hidden),
            nn.ReLU(),
            nn.Linear(settings.hidden, widest * side * side, bias=False),
            nn.Unflatten(1, (widest, side, side)),
            nn.BatchNorm2d(widest),
            nn.ReLU(),
        )
        layers = []
        for before, after in pairwise(reversed(settings.channels)):
            double = doubling(before, after, settings, bias=False)
            layers += [double, nn.BatchNorm2d(after), nn.ReLU()]
        self.upsample = nn.Sequential(*layers, doubling(first, image_shape[0], settings))
        self.bend = Bend(settings) if settings.bend else None
        self.ink = nn.Sigmoid()

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        """z of shape (n, z_dim) and c of shape (n, code.dim) to images (n, channels, h, w)."""
        uniform = self.code.uniform_columns
        drawn = torch.cat([c[:, : uniform.start], c[:, uniform.stop :]], dim=1) if self.bend else c
        drawing = self.upsample(self.dense(torch.cat([z, drawn], dim=1)))
        return self.ink(self.bend(drawing, z, c) if self.bend else drawing)

    def entrance(self) -> Tensor:
        """The weights by which the uniform factors come in, shape (m, uniform): a view."""
        of_c = self.dense[0].weight[:, -self.code.dim :]
        return self.bend.directions if self.bend else of_c[:, self.code.uniform_columns]


def doubling(before: int, after: int, settings: Settings, bias: bool = True) -> nn.Module:
    """A layer that doubles the side of a picture; resized first, it shows no checkerboard."""
    if not settings.resize:
        return nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=bias)
    resize = nn.Upsample(scale_factor=2, mode="bilinear")
    return nn.Sequential(resize, nn.Conv2d(before, after, 3, padding=1, bias=bias))


class Discriminator(nn.Module):
    """Is x real?  A trunk, which Q uses as well, and a head: D(x) is the logit's sigmoid."""

    def __init__(self, settings: Settings, image_shape: ImageShape) -> None:
        super().__init__()
        side = image_shape[1] // 2 ** len(settings.channels)
        layers = []
        for before, after in pairwise([image_shape[0], *settings.channels]):
            # No batch norm on the first layer: D must see the true scale of the pixels.
            norm = [nn.BatchNorm2d(after)] if layers else []
            conv = nn.Conv2d(before, after, 4, stride=2, padding=1, bias=not norm)
            layers += [conv, *norm, nn.LeakyReLU(LEAK)]
        self.trunk = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(settings.channels[-1] * side * side, settings.hidden, bias=False),
            nn.BatchNorm1d(settings.hidden),
            nn.LeakyReLU(LEAK),
        )
        self.head = nn.Linear(settings.hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Images (n, channels, h, w) to logits (n,)."""
        return self.head(self.trunk(x)).squeeze(1)


class Recognition(nn.Module):
    """Q(c|x): a small head on D's trunk that names the parameters of a distribution over c."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        code, self.sigma, self.kappa = settings.code, settings.sigma, settings.kappa
        widths = [*code.categorical, code.uniform, 0 if self.sigma else code.uniform]
        self.widths = [*widths, 2 * code.circular]
        tell = settings.tell and settings.augment > 0 and code.uniform > 0
        self.told = nn.Parameter(torch.zeros(code.uniform, 6)) if tell else None
        self.net = nn.Sequential(
            nn.Linear(settings.hidden, settings.q_hidden, bias=False),
            nn.BatchNorm1d(settings.q_hidden),
            nn.LeakyReLU(LEAK),
            nn.Linear(settings.q_hidden, sum(self.widths)),
        )

    def forward(self, h: Tensor, maps: Tensor | None = None) -> Posterior:
        """Features of the trunk (n, hidden), and six numbers of maps (n, 6), to Q(c|x)."""
        *logits, mean, log_sigma, pairs = self.net(h).split(self.widths, dim=1)
        if self.sigma:
            log_sigma = torch.full_like(mean, self.sigma).log()
        if maps is not None and self.told is not None:
            mean = mean + maps @ self.told.T
        pairs = pairs.unflatten(1, (pairs.shape[1] // 2, 2))
        direction = nn.functional.normalize(pairs, dim=2, eps=1e-3)  # of a bounded slope near 0
        return Posterior(tuple(logits), mean, log_sigma, direction, self.kappa)


class InfoGAN(nn.Module):
    """G, D and Q together: what training returns.  ``Q(D.trunk(x))`` is Q(c|x).

    First weights come from ``generator``; an image shape is (channels, height, width).
    """

    def __init__(self, settings: Settings, image_shape: ImageShape, generator=None) -> None:
        super().__init__()
        channels, height, width = image_shape
        if height != width or height % 2 ** len(settings.channels):
            text = f"images must be square with a side divisible by {2 ** len(settings.channels)}"
            raise ValueError(f"{text} (a halving for each convolution), got {height} x {width}")
        self.settings, self.code = settings, settings.code
        self.image_shape = (channels, height, width)
        self.G = Generator(settings, self.image_shape)
        self.D = Discriminator(settings, self.image_shape)
        self.Q = Recognition(settings)
        self.to(memory_format=torch.channels_last)  # pixels, then channels: faster on a CPU
        initialise(self, generator)

    device = property(lambda self: next(self.parameters()).device)

    @torch.no_grad()
    def generate(self, z: Tensor, c: Tensor) -> Tensor:
        """G(z, c) of (n, z_dim) and (n, code.dim) in eval mode: no picture depends on its batch."""
        z, c = rows_of(z, self.settings.z_dim, "z"), self.code.rows(c)
        if len(z) != len(c):
            raise ValueError(f"z and c must have as many rows, got {len(z)} and {len(c)}")
        return self._in_eval(self.G, z, c)

    @torch.no_grad()
    def recognise(self, x: Tensor) -> Posterior:
        """Q(c|x) in eval mode, for n images or a single one; errors as ``as_images``."""
        return self._in_eval(lambda x: self.Q(self.D.trunk(x)), as_images(x, self.image_shape))

    def _in_eval(self, call: Callable, *given: Tensor) -> Tensor | Posterior:
        training, like = self.training, next(self.parameters())
        self.eval()
        try:
            return call(*(x.to(like) for x in given))
        finally:
            self.train(training)

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """n images from fresh z and c, shape (n, channels, h, w)."""
        generator = torch.Generator().manual_seed(whole("seed", seed))
        z = sample_noise(n, self.settings.z_dim, generator)
        return self.generate(z, self.code.sample(n, generator))


def initialise(model: InfoGAN, generator: torch.Generator | None) -> None:
    """Normal weights with deviation 0.02, as in DCGAN; biases 0."""
    layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.modules.conv._ConvNd))]
    cpu = {"dtype": torch.float32, "device": "cpu"}  # a seed draws the same on each device
    for weight in [w for layer in layers for w in layer.parameters()]:
        torch.empty(weight.shape, **cpu).uniform_(generator=generator)  # unused: as in stored runs
    deviations = [(layer.weight, 0.02) for layer in layers]
    if model.G.bend is not None:  # larger: drawings are laid out in many ways from the start
        deviations += [(model.G.bend.linear.weight, 0.3), (model.G.bend.directions, 0.1)]
    for weight, deviation in deviations:
        drawn = torch.empty(weight.shape, **cpu).normal_(0, deviation, generator=generator)
        weight.data.copy_(drawn)
    for bias in [layer.bias for layer in layers if layer.bias is not None]:
        nn.init.zeros_(bias)
