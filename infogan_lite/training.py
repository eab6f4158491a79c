"""The training loop of a GAN (chapter 1) and of InfoGAN (chapter 5): one plain loop for both.

min over G, Q   max over D   V(D, G) - lambda L_I(G, Q)             (equation 6)
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import torch
from torch import Tensor
from torch.nn.functional import softplus

from infogan_lite import recipe
from infogan_lite.history import ALONE, History, Interrupts, Run, TrainingDiverged, start
from infogan_lite.information import lower_bound, weighted
from infogan_lite.inputs import as_images
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings


@torch.inference_mode(False)  # a surrounding no_grad or inference_mode ends here
@torch.enable_grad()
def train(
    images: Tensor,
    settings: Settings,
    callbacks: Sequence[Callable[[InfoGAN, History], None]] = (),
    device: str | torch.device | None = None,
    run: Run | None = None,
) -> tuple[InfoGAN, History]:
    """Train a GAN (``settings.lam == 0``) or an InfoGAN on images without labels.

    Each step draws real images x, noise z and codes c, makes G(z, c), and lets D's trunk look once
    at both.  D learns to tell them apart, its trunk also to raise L_I as in the paper; Q to raise
    L_I, later to be sure of real pictures too; G to fool D and to raise L_I.  With lambda = 0 only
    Q follows L_I, and watches (the paper's Figure 1).  Ctrl-C ends it early, with what there is.

    Args:
        images, settings: shape (n, channels, h, w), values in [0, 1]; and everything else.
        callbacks: called as ``callback(model, history)`` after each entry of the history.
        device: of a new run, "cpu", "cuda" or "mps"; by itself the fastest there is.
        run: go on with this one (``load_run``) instead of starting anew.

    Returns the model in eval mode (``recipe.finish``) and the history.  A ValueError is for images
    of another form, too few or other ones than the run's; TrainingDiverged for a loss not finite.
    """
    if not isinstance(settings, Settings):
        raise TypeError(f'settings must be Settings, as preset("lite"), got {settings!r:.200}')
    callbacks = (callbacks or ()) if isinstance(callbacks, Sequence | None) else [callbacks]
    if not all(map(callable, callbacks)) or not isinstance(run, Run | None):
        text = "callbacks must be functions of (model, history), and run one of load_run or start"
        raise TypeError(f"{text}, got {callbacks!r:.99} and {run!r:.99}")
    images = as_images(images)
    if (n := len(images)) < (batch := settings.batch_size):
        raise ValueError(f"the batch ({batch}) is larger than the data ({n}): lower batch_size")
    stop = Interrupts(run.processes if run else ALONE)
    stop.hold()  # Adam imports half of torch, and an import that is cut short spoils the next one
    try:
        run = run or start(settings, tuple(images.shape[1:]), pick_device(device))
    finally:
        stop.release()
    run.check(settings, images)
    model, history, code = run.model.train(), run.history, settings.code
    G, D, Q = model.G, model.D, model.Q
    d, q, g = (list(net.parameters()) for net in (D, Q, G))
    images = images.to(model.device)
    history.interrupted = False
    began = time.perf_counter() - (history.seconds[-1] if history.seconds else 0.0)

    try:
        for step in range(run.step + 1, settings.steps + 1):
            stop.hold()  # Ctrl-C waits until this step is whole
            recipe.set_rates(run.adam_dq, run.adam_g, settings, step)
            x, z, c = run.draw(images)  # (n, channels, h, w), (n, z_dim), (n, code.dim)
            fake = G(z, c)

            # One look at each picture serves D, Q and G.
            real, _ = recipe.look(x, run, twice=recipe.reads_twice(settings, step))
            seen, maps = recipe.look(fake, run)
            real.requires_grad_(recipe.r1_is_due(settings, step))
            h_real, h_fake = D.trunk(real), D.trunk(seen)  # (n, hidden); real: 2n if twice
            real_logit, fake_logit = D.head(h_real).squeeze(1), D.head(h_fake).squeeze(1)

            # The game, and the bound.
            loss_d, loss_g = loss_of_d(real_logit, fake_logit), loss_of_g(fake_logit)
            bound = lower_bound(code, c, Q(h_fake, maps))  # L_I of each factor
            info = weighted(bound, settings)  # lambda L_I; 0 for a plain GAN
            to_q = info if settings.lam > 0 else sum(bound.values())  # lambda 0: Q only watches
            gain = recipe.practice(h_real, run, step)  # 0 until PRACTICE_FROM
            penalty = recipe.r1_penalty(real_logit, real, settings)  # 0 unless it is due
            to_trunk = (info if settings.info_to_trunk else 0.0) + gain  # passes by D's head

            # Who follows what.  All gradients come before any move: G follows the D that saw it.
            follow(d, loss_d + penalty - to_trunk)
            follow(q, -to_q - gain)
            follow(g, loss_g - info, free_graph=True)
            run.move()
            recipe.turn_now_and_then(run, z, c)  # no loss and no gradient: a choice of axes

            due = step % settings.log_every == 0 or step == settings.steps
            if due:
                run.write(loss_d, loss_g, bound, began)
            stop.release()
            for callback in callbacks if due else ():
                callback(model, history)
                model.train()  # whatever the callback did
    except KeyboardInterrupt:
        history.interrupted = True
    except FloatingPointError as error:
        if error.args:
            raise  # a callback's own
        text = f"a loss or its gradient is not finite at step {step}: try smaller lr_d and lr_g; "
        text += "this error has .history and .model, on a CPU with the weights of before"
        raise TrainingDiverged(text, model, history) from None
    finally:
        stop.answer()
        model.eval()
    stop.hold()  # training is over, whatever is pressed meanwhile
    try:
        return recipe.finish(run, images), history
    finally:
        stop.answer()


def loss_of_d(real_logit: Tensor, fake_logit: Tensor) -> Tensor:
    """-V(D, G) in nats (equation 1), from D's logits (n,) of real and of generated pictures."""
    return softplus(-real_logit).mean() + softplus(fake_logit).mean()


def loss_of_g(fake_logit: Tensor) -> Tensor:
    """The mean of -log D(G(z, c)) in nats, which G lowers: the non-saturating loss."""
    return softplus(-fake_logit).mean()


def follow(weights: list[Tensor], loss: Tensor, free_graph: bool = False) -> None:
    """Give these weights alone the gradient of a loss; FloatingPointError if it is not finite."""
    if loss.device.type == "cpu" and not loss.isfinite():  # a GPU would wait: see Run.write
        raise FloatingPointError
    for weight in weights:
        weight.grad = None
    loss.backward(inputs=weights, retain_graph=not free_graph)


def pick_device(choice: str | torch.device | None = None) -> torch.device:
    """The device named, or the first there is of CUDA, MPS, CPU; a ValueError if not there."""
    cuda = torch.cuda.is_available() and torch.cuda.device_count()
    count = {"cuda": cuda, "mps": torch.backends.mps.is_available(), "cpu": 1}
    there = [name for name in count if count[name]]
    with suppress(RuntimeError):  # what is no name of a device
        device = torch.device(there[0] if choice is None else str(choice))
        if (device.index or 0) < count.get(device.type, 0):
            return device
    raise ValueError(f"device {str(choice)!r:.200} is not here; there is: {', '.join(there)}")
