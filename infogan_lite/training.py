"""The training loop of a GAN and of InfoGAN: one plain loop for both.

    min over G, Q   max over D   V(D, G) - lambda L_I(G, Q)             (equation 6)

Explained in chapter 1 (the GAN game) and chapter 5 (InfoGAN).
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import softplus

from infogan_lite.history import History, Processes, Run, start
from infogan_lite.information import lower_bound
from infogan_lite.networks import InfoGAN
from infogan_lite.objective import weighted
from infogan_lite.recipe import (
    lateness,
    look,
    practice,
    r1_is_due,
    r1_penalty,
    reads_twice,
    set_rates,
)
from infogan_lite.settings import Settings

Callback = Callable[[InfoGAN, History], None]


def train(
    images: Tensor,
    settings: Settings,
    callbacks: Sequence[Callback] = (),
    device: str | None = None,
    run: Run | None = None,
) -> tuple[InfoGAN, History]:
    """Train a GAN (``settings.lam == 0``) or an InfoGAN on images without labels.

    Each step draws real images x, noise z and codes c, makes G(z, c), and lets D's trunk look
    once at both kinds of pictures.  Then

    - D, trunk and head, learns to tell real from generated; the trunk follows L_I as well, as
      in the paper, unless ``info_to_trunk`` is off;
    - Q learns to raise L_I, and late in training to be sure of real pictures (``practice``);
    - G learns to fool D and to raise L_I.

    With lambda = 0 nobody but Q follows L_I: Q only watches, which is the baseline of
    Figure 1 in the paper.

    Ctrl-C ends training early, after a whole number of steps, and returns what there is.

    Args:
        images: shape (n, channels, h, w), values in [0, 1].
        settings: everything else.
        callbacks: called as ``callback(model, history)`` after each entry of the history.
        device: "cpu", "cuda" or "mps"; by itself the fastest there is.
        run: go on with this one (``load_run``) instead of starting anew.

    Returns:
        The model in eval mode, and the history.

    Raises:
        ValueError: for images of another form, fewer images than one batch, or a run with
            other settings or images.
        TrainingDiverged: if a loss is no longer finite.
    """
    check_images(images, settings)
    run = run or start(settings, tuple(images.shape[1:]), pick_device(device))
    run.check(settings, images)
    model, history, code = run.model.train(), run.history, settings.code
    G, D, Q = model.G, model.D, model.Q
    d, q, g = (list(net.parameters()) for net in (D, Q, G))
    images = images.to(model.device)
    history.interrupted = False
    began = time.perf_counter() - (history.seconds[-1] if history.seconds else 0.0)

    stop = Interrupts(run.processes)

    try:
        for step in range(run.step + 1, settings.steps + 1):
            stop.hold()
            set_rates(run.adam_dq, run.adam_g, settings, step)
            x, z, c = run.draw(images)
            fake = G(z, c)

            # One look at each picture serves D, Q and G.
            real, twice = look(x, run), reads_twice(settings, step)
            real = torch.cat([real, look(x, run)]) if twice else real
            real.requires_grad_(r1_is_due(settings, step))
            h_real, h_fake = D.trunk(real), D.trunk(look(fake, run))
            real_logit, fake_logit = D.head(h_real).squeeze(1), D.head(h_fake).squeeze(1)

            # The game, and the bound.
            loss_d = softplus(-real_logit).mean() + softplus(fake_logit).mean()  # -V(D, G)
            loss_g = softplus(-fake_logit).mean()
            bound = lower_bound(code, c, Q(h_fake))  # L_I of each factor
            info = weighted(bound, settings)  # lambda L_I; 0 for a plain GAN
            read = info if settings.lam > 0 else sum(bound.values())  # of a Q that only watches
            if lateness(settings, step) > 0:
                read = read + practice(Q(h_real), run, step)
            penalty = r1_penalty(real_logit, real, settings) if r1_is_due(settings, step) else 0.0
            felt = read if settings.lam > 0 and settings.info_to_trunk else 0.0

            # Who follows what.  All gradients are taken before anything moves, so G follows
            # the D that it was seen by, and one pass through the nets is enough.
            follow(d, loss_d + penalty - felt)
            follow(q, -read)
            follow(g, loss_g - info)
            run.adam_dq.step()
            run.adam_g.step()
            run.step = step

            due = step % settings.log_every == 0 or step == settings.steps
            if due:
                run.write(loss_d, loss_g, bound, began)
            stop.release()
            for callback in callbacks if due else ():
                callback(model, history)
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        stop.answer()
        model.eval()
    return model, history


class Interrupts:
    """Ctrl-C, and any signal that is treated alike, waits for the end of a step."""

    def __init__(self, processes: Processes) -> None:
        self.processes, self.pressed = processes, []
        main = threading.current_thread() is threading.main_thread()  # signals come nowhere else
        every, usual = signal.valid_signals() if main else (), signal.default_int_handler
        self.signals = [number for number in every if signal.getsignal(number) is usual]

    def answer(self, handler: Callable = signal.default_int_handler) -> None:
        for number in self.signals:
            signal.signal(number, handler)

    def hold(self) -> None:
        self.answer(lambda *_: self.pressed.append(True))

    def release(self) -> None:
        """Now Ctrl-C works again; one that came meanwhile stops all processes at this step."""
        self.answer()
        if self.processes.any(bool(self.pressed)):
            raise KeyboardInterrupt


def follow(weights: list[Tensor], loss: Tensor) -> None:
    """Put the gradient of a loss into these weights, and into no others."""
    for weight in weights:
        weight.grad = None
    loss.backward(inputs=weights, retain_graph=True)


def pick_device(choice: str | None = None) -> torch.device:
    """The device to train on: the one named, or the first there is of CUDA, MPS, CPU.

    Raises:
        ValueError: if the device named is not there.
    """
    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available.insert(0, "cuda")
    if choice is None:
        return torch.device(available[0])
    if choice.split(":")[0] not in available:
        raise ValueError(f"device {choice!r} is not here; there is: {', '.join(available)}")
    return torch.device(choice)


def check_images(images: Tensor, settings: Settings) -> None:
    """Fail before any work is done.

    Raises:
        ValueError: for images of another form or range, or fewer than one batch.
    """
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(
            f"images must have the shape (n, channels, height, width) with 1 or 3 channels, "
            f"got {tuple(images.shape)}"
        )
    if len(images) < settings.batch_size:
        raise ValueError(
            f"the batch ({settings.batch_size}) is larger than the data ({len(images)}): "
            "choose a smaller batch_size"
        )
    if not images.is_floating_point() or not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(
            f"images must be floats in [0, 1], got {images.dtype} "
            f"from {images.min().item():g} to {images.max().item():g}: "
            "divide bytes by 255 first"
        )
