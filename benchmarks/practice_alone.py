"""Practice alone: what Q finds in real pictures without a GAN, without L_I, without labels.

A control.  Where it names digits as well as InfoGAN does, neither G nor the bound was needed.
"""

import torch
from torch import Tensor

from infogan_lite import InfoGAN, Settings
from infogan_lite.history import start
from infogan_lite.recipe import disagreement, look, read_information, set_rates
from infogan_lite.training import follow


def practice_alone(images: Tensor, settings: Settings) -> InfoGAN:
    """Trunk and Q of InfoGAN, with its optimizer and for as many steps, but G never moves.

    From the first step on Q gains by being sure of each real picture while it uses all
    categories alike, and by reading two looks at a picture alike (``recipe.practice``).

    Args:
        images: shape (n, channels, h, w), values in [0, 1].
        settings: everything else; their weights of practice count.

    Returns:
        The model in eval mode.
    """
    run = start(settings, tuple(images.shape[1:]))
    model, numbers = run.model.train(), torch.arange(len(images))
    weights = [*model.D.trunk.parameters(), *model.Q.net.parameters()]
    for step in range(1, settings.steps + 1):
        set_rates(run.adam_dq, run.adam_g, settings, step)
        index, _, _ = run.draw(numbers)
        seen, _ = look(images[index], run, twice=True)
        q = model.Q(model.D.trunk(seen))
        gain = settings.lam_real * sum(read_information(q))
        gain = gain - settings.lam_alike * sum(disagreement(q))
        follow(weights, -gain)
        run.adam_dq.step()
    return model.eval()
