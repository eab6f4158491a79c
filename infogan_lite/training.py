"""The training loop of a GAN and of InfoGAN: one plain loop for both.

    min over G, Q   max over D   V(D, G) - lambda L_I(G, Q)             (equation 6)

Explained in chapter 1 (the GAN game) and chapter 5 (InfoGAN).
"""

import math
import time
from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import softplus

from infogan_lite.augment import augment
from infogan_lite.codes import sample_noise
from infogan_lite.distributed import Share, my_share, replicate
from infogan_lite.history import History, Run, TrainingDiverged, start
from infogan_lite.information import lower_bound
from infogan_lite.networks import InfoGAN
from infogan_lite.objective import disagreement, lateness, r1_penalty, read_information, weigh
from infogan_lite.settings import Settings

Callback = Callable[[InfoGAN, History], None]


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


def train(
    images: Tensor,
    settings: Settings,
    callbacks: Sequence[Callback] = (),
    device: str | None = None,
    run: Run | None = None,
) -> tuple[InfoGAN, History]:
    """Train a GAN (``settings.lam == 0``) or an InfoGAN on images without labels.

    Each step draws real images x, noise z and codes c, makes G(z, c) and looks at it once, and

    1. moves D (trunk and head) to tell real from generated, and Q to raise L_I;
       with ``info_to_trunk`` L_I moves the trunk too, as in the paper;
       late in training Q also practices on two looks at real x (``read_information``);
    2. moves G to fool D and to raise L_I.

    Both gradients are taken before anything moves, so that one pass through the trunk is
    enough: G follows the D that stands there, not the one that has just moved.

    With lambda = 0 neither G nor the trunk ever feels L_I: Q only watches, which is the
    baseline of Figure 1 in the paper.

    Ctrl-C ends training early and returns what there is.

    Args:
        images: shape (n, channels, h, w), values in [0, 1].
        settings: everything else.
        callbacks: called as ``callback(model, history)`` after each entry of the history.
        device: "cpu", "cuda" or "mps"; by itself the fastest there is.
        run: go on with this one (``checkpoints.load_run``) instead of starting anew.

    Returns:
        The model in eval mode, and the history.

    Raises:
        ValueError: for images of another form, fewer images than one batch, a batch that
            the processes cannot share, or a run with other settings or images.
        TrainingDiverged: if a loss is no longer finite.
    """
    share = my_share()  # with one process: the whole batch
    _check(images, settings, share)
    if run is None:
        run = start(settings, tuple(images.shape[1:]), pick_device(device))
    run.check(settings, images)
    model, history, generator = run.model.train(), run.history, run.generator
    where, code, n = model.device, model.code, settings.batch_size
    images = images.to(where)
    G, D, Q = replicate(model)  # with one process: model.G, model.D, model.Q
    look = {"strength": settings.augment, "outside": settings.outside}
    view = partial(augment, generator=generator, share=share, **look)
    dq, g = run.adam_dq.param_groups[0]["params"], run.adam_g.param_groups[0]["params"]
    history.interrupted = False
    began = time.perf_counter() - (history.seconds[-1] if history.seconds else 0.0)

    try:
        for step in range(run.step + 1, settings.steps + 1):
            set_rates(run.adam_dq, run.adam_g, settings, step)
            index = torch.randint(len(images), (n,), generator=generator, device=where)
            z = share.of(sample_noise(n, settings.z_dim, generator))
            c = share.of(code.sample(n, generator))
            real, fake = images[share.of(index)], G(z, c)
            late = lateness(settings, step)
            two_looks = late > 0 and settings.lam_alike > 0 and settings.augment > 0
            if settings.augment > 0:
                real = torch.cat([view(real) for _ in range(1 + two_looks)])
                fake = view(fake)

            # One look at the pictures serves both steps.
            penalty = settings.r1 > 0 and step % settings.r1_every == 0
            real.requires_grad_(penalty)
            h_real, h = D.trunk(real), D.trunk(fake)
            real_logit, fake_logit = D.head(h_real).squeeze(1), D.head(h).squeeze(1)

            # Step 1: D and Q.
            loss_d = softplus(-real_logit).mean() + softplus(fake_logit).mean()
            watch_only = settings.lam == 0 or not settings.info_to_trunk
            bound = lower_bound(code, c, Q(h.detach() if watch_only else h))
            objective = loss_d - weigh(bound, settings, watching=settings.lam == 0)
            if late > 0:
                q = Q(h_real.detach() if watch_only else h_real)
                gain = settings.lam_real * sum(read_information(q, share))
                if two_looks:
                    gain = gain - settings.lam_alike * sum(disagreement(q))
                objective = objective - late * gain
            if penalty:
                objective = objective + settings.r1_every * r1_penalty(real_logit, real, settings)
            run.adam_dq.zero_grad()
            objective.backward(inputs=dq, retain_graph=True)  # G is not among them

            # Step 2: G.  D and Q are the judges here: the gradient passes through them.
            objective = loss_g = softplus(-fake_logit).mean()
            if settings.lam > 0:
                felt = lower_bound(code, c, Q(h)) if watch_only else bound
                objective = loss_g - weigh(felt, settings)
            run.adam_g.zero_grad()
            objective.backward(inputs=g)

            # Both gradients belong to the same weights; only now do these move.
            run.adam_dq.step()
            run.adam_g.step()
            run.step = step

            if step % settings.log_every == 0 or step == settings.steps:
                seconds = time.perf_counter() - began
                if not _log(history, step, seconds, loss_d, loss_g, bound, n, share):
                    raise TrainingDiverged(
                        f"a loss is not finite at step {step}: try smaller lr_d and lr_g; "
                        "the history so far is in this error's .history",
                        model,
                        history,
                    )
                for callback in callbacks if share.rank == 0 else ():
                    callback(model, history)
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        model.eval().requires_grad_(True)  # also when a step was broken off in the middle
    return model, history


def set_rates(adam_dq, adam_g, settings: Settings, step: int) -> None:
    """Learning rates of this step: constant at first, then linearly down to 0."""
    rest = 1 - (step - 1) / settings.steps
    factor = min(1.0, rest / max(1 - settings.decay_from, 1e-9))
    adam_dq.param_groups[0]["lr"] = factor * settings.lr_d
    adam_g.param_groups[0]["lr"] = factor * settings.lr_g


def _log(history: History, step, seconds, loss_d, loss_g, bound, n, share: Share) -> bool:
    """Write down this step, as means over the whole batch; whether all of it is finite."""
    values = torch.stack([loss_d, loss_g, *bound.values()]).detach()
    loss_d, loss_g, *numbers = share.mean(values).tolist()
    history.append(step, seconds, loss_d, loss_g, dict(zip(bound, numbers, strict=True)))
    history.images_per_second = step * n / seconds
    return all(map(math.isfinite, (loss_d, loss_g, *numbers)))


def _check(images: Tensor, settings: Settings, share: Share) -> None:
    """Fail before any work is done."""
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
    if settings.batch_size % share.world:
        raise ValueError(
            f"{share.world} processes cannot share a batch of {settings.batch_size} evenly: "
            "choose a batch_size that they divide"
        )
    if not images.is_floating_point() or not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(
            f"images must be floats in [0, 1], got {images.dtype} "
            f"from {images.min().item():g} to {images.max().item():g}: "
            "divide bytes by 255 first"
        )
