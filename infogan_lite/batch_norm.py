"""Batch norm in eval mode: its averages, taken anew from the pictures that nets are to see."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


@torch.no_grad()
def settle(nets: Sequence[nn.Module], pass_all: Callable[[], object]) -> None:
    """Take the averages of batch norm, which eval mode uses, anew from what reaches each layer.

    ``pass_all`` sends all pictures through in eval mode, in batches of any size.  It is called for
    each layer in turn, so each sees what the layers before it, settled already, pass on.
    """
    for norm in [m for net in nets for m in net.modules() if isinstance(m, _BatchNorm)]:
        seen = []
        hook = norm.register_forward_pre_hook(lambda _, x, seen=seen: seen.append(_moments(*x)))
        pass_all()
        hook.remove()
        counts, means, variances = (torch.stack(part) for part in zip(*seen, strict=True))
        n = counts.sum(0)
        mean = (counts * means).sum(0) / n
        norm.running_mean.copy_(mean)
        # Variance within the batches and between them; unbiased, as batch norm keeps it.
        norm.running_var.copy_((counts * (variances + (means - mean) ** 2)).sum(0) / (n - 1))


def _moments(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    x = x.transpose(0, 1).flatten(1)
    variance, mean = torch.var_mean(x, dim=1, correction=0)
    return tuple(t.cpu().double() for t in (torch.full_like(mean, x.shape[1]), mean, variance))
