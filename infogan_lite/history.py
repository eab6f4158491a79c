"""What training writes down, and all that changes while it goes on.

``History`` is for looking at.  ``Run`` is for going on: nets, optimizers, random numbers.

Explained in chapter 5, *InfoGAN*.
"""

from dataclasses import asdict, dataclass, field

import torch
from torch import Tensor
from torch.optim import Adam

from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings


@dataclass
class History:
    """What was seen during training, one entry every ``log_every`` steps.

    step, seconds: when.  loss_d, loss_g: the two sides of the game, in nats.
    bound: L_I in nats for each factor, on that step's generated batch.
    """

    step: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    loss_d: list[float] = field(default_factory=list)
    loss_g: list[float] = field(default_factory=list)
    bound: dict[str, list[float]] = field(default_factory=dict)
    images_per_second: float = float("nan")
    interrupted: bool = False

    def append(self, step: int, seconds: float, loss_d: float, loss_g: float, bound: dict) -> None:
        self.step.append(step)
        self.seconds.append(seconds)
        self.loss_d.append(loss_d)
        self.loss_g.append(loss_g)
        for name, value in bound.items():
            self.bound.setdefault(name, []).append(value)


class TrainingDiverged(RuntimeError):
    """A loss became NaN or infinite.  ``model`` and ``history`` hold what there is."""

    def __init__(self, message: str, model: InfoGAN, history: History) -> None:
        super().__init__(message)
        self.model, self.history = model, history


@dataclass
class Run:
    """A training run after ``step`` steps: all that the next step depends on, but the images.

    ``train(images, settings, run=run)`` goes on with it; ``checkpoints.save_run`` keeps it.
    """

    model: InfoGAN
    adam_dq: Adam
    adam_g: Adam
    generator: torch.Generator
    step: int = 0
    history: History = field(default_factory=History)

    def check(self, settings: Settings, images: Tensor) -> None:
        """Only the same settings and images make a resumed run what it would have been.

        Raises:
            ValueError: names what is different.
        """
        old, new = asdict(self.model.settings), asdict(settings)
        other = [f"{k} was {old[k]!r}, is {new[k]!r}" for k in old if old[k] != new[k]]
        if other:
            raise ValueError(f"this run was started with other settings: {'; '.join(other)}")
        if tuple(images.shape[1:]) != self.model.image_shape:
            raise ValueError(
                f"this run was started with images of shape {self.model.image_shape}, "
                f"not {tuple(images.shape[1:])}"
            )


def start(
    settings: Settings,
    image_shape: tuple[int, int, int],
    device: str | torch.device = "cpu",
) -> Run:
    """A run before its first step; everything random in it follows from ``settings.seed``.

    The weights are drawn on the CPU, so that they are the same on every device, and without
    a trace in the random state of the caller.

    Raises:
        ValueError: for an image shape that the nets cannot make.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(settings.seed)  # not torch.manual_seed: GPUs stay
        model = InfoGAN(settings, image_shape).to(device).train()
    betas = (settings.beta1, 0.999)
    dq = [*model.D.parameters(), *model.Q.parameters()]
    return Run(
        model,
        adam_dq=Adam(dq, settings.lr_d, betas, fused=True),
        adam_g=Adam(model.G.parameters(), settings.lr_g, betas, fused=True),
        generator=torch.Generator(device).manual_seed(settings.seed),
    )
