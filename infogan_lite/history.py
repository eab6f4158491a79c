"""What training writes down, and all that changes while it goes on.

``History`` is for looking at.  ``Run`` is for going on: nets, optimizers, random numbers.

Explained in chapter 5, *InfoGAN*.
"""

import hashlib
import math
import time
import warnings
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor
from torch.optim import Adam

from infogan_lite.codes import sample_noise
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


class Processes(NamedTuple):
    """Who trains together: process ``rank`` of ``world``.  This one is alone.

    ``running.distributed`` puts another in its place, where the two methods do something.
    """

    rank: int = 0
    world: int = 1

    def share(self, batch: Tensor) -> Tensor:
        """This process's rows of a whole batch: all of them."""
        return batch

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all processes: the values themselves."""
        return values

    def any(self, flag: bool) -> bool:
        """Whether it is true in any process: the flag itself."""
        return flag


ALONE = Processes()


class Batch(NamedTuple):
    """What one step is about: real pictures x, and z and c for as many generated ones."""

    x: Tensor
    z: Tensor
    c: Tensor


@dataclass
class Run:
    """A training run after ``step`` steps: all that the next step depends on, but the images.

    ``train(images, settings, run=run)`` goes on with it; ``save_run`` keeps it on disk.
    """

    model: InfoGAN
    adam_dq: Adam
    adam_g: Adam
    generator: torch.Generator
    step: int = 0
    history: History = field(default_factory=History)
    processes: Processes = ALONE
    data: str = ""  # the fingerprint of the images
    threads: int = field(default_factory=torch.get_num_threads)  # at the start

    def draw(self, images: Tensor) -> Batch:
        """Real pictures of a batch, each as likely as any other, and fresh z and c."""
        settings, generator, device = self.model.settings, self.generator, self.model.device
        n, share = settings.batch_size, self.processes.share
        index = torch.randint(len(images), (n,), generator=generator, device=device)
        z = sample_noise(n, settings.z_dim, generator)
        c = settings.code.sample(n, generator)
        return Batch(images[share(index)], share(z), share(c))

    def write(self, loss_d: Tensor, loss_g: Tensor, bound: dict[str, Tensor], began: float) -> None:
        """An entry of the history, as means over the whole batch.

        Raises:
            TrainingDiverged: if one of the numbers is not finite.
        """
        values = torch.stack([loss_d, loss_g, *bound.values()]).detach()
        loss_d, loss_g, *nats = self.processes.mean(values).tolist()
        seconds = time.perf_counter() - began
        self.history.append(self.step, seconds, loss_d, loss_g, dict(zip(bound, nats, strict=True)))
        self.history.images_per_second = self.step * self.model.settings.batch_size / seconds
        if not all(map(math.isfinite, (loss_d, loss_g, *nats))):
            raise TrainingDiverged(
                f"a loss is not finite at step {self.step}: try smaller lr_d and lr_g; "
                "the history so far is in this error's .history",
                self.model,
                self.history,
            )

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
        numbers = images.detach().cpu().contiguous().numpy()
        seen = f"{len(images)} images {hashlib.sha256(numbers).hexdigest()[:16]}"
        self.data = self.data or seen
        if self.data != seen:
            raise ValueError(f"this run was started with other images: {self.data}, not {seen}")
        if self.threads != (now := torch.get_num_threads()) and self.model.device.type == "cpu":
            text = (
                f"this run was started with {self.threads} threads, not {now}: last digits differ"
            )
            warnings.warn(text, stacklevel=3)


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
    betas = (0.5, 0.999)  # as in DCGAN and in the authors' program
    dq = [*model.D.parameters(), *model.Q.parameters()]
    return Run(
        model,
        adam_dq=Adam(dq, settings.lr_d, betas, fused=True),
        adam_g=Adam(model.G.parameters(), settings.lr_g, betas, fused=True),
        generator=torch.Generator(device).manual_seed(settings.seed),
    )
