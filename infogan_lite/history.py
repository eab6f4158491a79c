"""``History``, what training writes down, and ``Run``, all that changes meanwhile (chapter 5)."""

import copy
import hashlib
import signal
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor
from torch.optim import Adam

from infogan_lite.codes import sample_noise
from infogan_lite.networks import ImageShape, InfoGAN
from infogan_lite.settings import Settings


@dataclass
class History:
    """What was seen during training, one entry every ``log_every`` steps.

    step, seconds: when.  loss_d, loss_g, bound: of that step's batch, in nats; L_I by factor.
    """

    step: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    loss_d: list[float] = field(default_factory=list)
    loss_g: list[float] = field(default_factory=list)
    bound: dict[str, list[float]] = field(default_factory=dict)
    interrupted: bool = False

    def append(self, step: int, seconds: float, loss_d: float, loss_g: float, bound: dict) -> None:
        self.step.append(step)
        self.seconds.append(seconds)
        self.loss_d.append(loss_d)
        self.loss_g.append(loss_g)
        for name, value in bound.items():
            self.bound.setdefault(name, []).append(value)


class TrainingDiverged(RuntimeError):
    """A loss is not finite; ``history``, and on a CPU the weights of ``model``, are from before."""

    def __init__(self, message: str, model: InfoGAN, history: History) -> None:
        super().__init__(message)
        self.model, self.history = model, history

    def __reduce__(self) -> tuple:  # so that joblib can send it from a process
        return type(self), (str(self), self.model, self.history), vars(self)


class Processes(NamedTuple):
    """Process ``rank`` of ``world``.  Here it is alone; ``running.distributed`` has several."""

    rank: int = 0
    world: int = 1

    def share(self, batch: Tensor) -> Tensor:
        return batch  # all rows of it

    def mean(self, values: Tensor) -> Tensor:
        return values  # over all processes

    def any(self, flag: bool) -> bool:
        return flag  # in any process


ALONE = Processes()


class Interrupts:
    """Ctrl-C, and each signal that is answered alike, waits for the end of a step."""

    def __init__(self, processes: Processes) -> None:
        self.processes, self.pressed = processes, []
        main = threading.current_thread() is threading.main_thread()  # signals come nowhere else
        every = signal.valid_signals() if main else ()
        self.signals = [n for n in every if signal.getsignal(n) is signal.default_int_handler]

    def answer(self, handler: Callable = signal.default_int_handler) -> None:
        for number in self.signals:
            signal.signal(number, handler)

    def hold(self) -> None:
        self.answer(lambda *_: self.pressed.append(True))

    def release(self) -> None:
        """Ctrl-C works again; one that came meanwhile stops all processes at this step."""
        self.answer()
        if self.processes.any(bool(self.pressed)):
            raise KeyboardInterrupt


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
    average: InfoGAN | None = None  # running averages of all weights; without batch norm's
    processes: Processes = ALONE
    data: str = ""  # the fingerprint of the images
    threads: int = field(default_factory=torch.get_num_threads)  # at the start

    def draw(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Real pictures x, each as likely as any other, and z and c for as many generated ones."""
        settings, generator, device = self.model.settings, self.generator, self.model.device
        n, share = settings.batch_size, self.processes.share
        index = torch.randint(len(images), (n,), generator=generator, device=device)
        z, c = sample_noise(n, settings.z_dim, generator), settings.code.sample(n, generator)
        return images[share(index)], share(z), share(c)

    def move(self) -> None:
        """A step of both optimizers; a FloatingPointError before it if a gradient is not finite."""
        sums = torch.stack([p.grad.sum() for p in self.model.parameters()])
        if sums.device.type == "cpu" and not sums.isfinite().all():  # a GPU would wait: see write
            raise FloatingPointError
        self.adam_dq.step()
        self.adam_g.step()
        self.step += 1
        if self.average:
            share = max(1 - self.model.settings.average, 1 / self.step)
            mean, now = ([w.data for w in m.parameters()] for m in (self.average, self.model))
            torch._foreach_lerp_(mean, now, share)

    def write(self, loss_d: Tensor, loss_g: Tensor, bound: dict[str, Tensor], began: float) -> None:
        """An entry of the history, as means over the whole batch; errors as ``move``."""
        values = self.processes.mean(torch.stack([loss_d, loss_g, *bound.values()]).detach()).cpu()
        if not values.isfinite().all():
            raise FloatingPointError
        loss_d, loss_g, *nats = values.tolist()
        seconds = time.perf_counter() - began
        self.history.append(self.step, seconds, loss_d, loss_g, dict(zip(bound, nats, strict=True)))

    def check(self, settings: Settings, images: Tensor) -> None:
        """Only the same settings and images make a resumed run what it would have been."""
        old, new = asdict(self.model.settings), asdict(settings)
        other = [f"{k} was {old[k]!r:.200}, is {new[k]!r:.200}" for k in old if old[k] != new[k]]
        if other:
            raise ValueError(f"this run was started with other settings: {'; '.join(other)}")
        if (shape := tuple(images.shape[1:])) != (begun := self.model.image_shape):
            raise ValueError(f"this run was started with images of shape {begun}, not {shape}")
        numbers = images.detach().cpu().contiguous().view(torch.uint8).numpy()  # of any dtype
        seen = f"{len(images)} images {hashlib.sha256(numbers).hexdigest()[:16]}"
        self.data = self.data or seen
        if self.data != seen:
            raise ValueError(f"this run was started with other images: {self.data}, not {seen}")
        if self.threads != (now := torch.get_num_threads()) and self.model.device.type == "cpu":
            text = f"this run was started with {self.threads} threads, not {now}"
            warnings.warn(f"{text}: last digits differ", stacklevel=5)


def start(settings: Settings, image_shape: ImageShape, device: str | torch.device = "cpu") -> Run:
    """A run before its first step; everything random in it follows from ``settings.seed``."""
    generator = torch.Generator("cpu").manual_seed(settings.seed)  # weights: the same everywhere
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        model = InfoGAN(settings, image_shape, generator).to(device).train()
    betas = (0.5, 0.999)  # as in DCGAN and in the authors' program
    adam_dq = Adam([*model.D.parameters(), *model.Q.parameters()], settings.lr_d, betas, fused=True)
    adam_g = Adam(model.G.parameters(), settings.lr_g, betas, fused=True)
    generator = torch.Generator(device).manual_seed(settings.seed)
    average = copy.deepcopy(model) if settings.average else None
    return Run(model, adam_dq, adam_g, generator, average=average)
