"""Several processes, one training run: each takes its share of every batch.

    torchrun --nproc-per-node=2 -m infogan_lite train

Every process holds the same nets and draws the same random numbers for the whole batch, but
works on its own share of them.  Two things must then be added up over the processes: the
gradients (DistributedDataParallel does that) and the statistics of batch norm (below).  So
the weights move as those of one process would that has the whole batch.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from infogan_lite.networks import Discriminator, InfoGAN


class Share(NamedTuple):
    """Which part of a batch is this process's: share ``rank`` of ``world`` equal ones."""

    rank: int = 0
    world: int = 1

    def of(self, batch: Tensor) -> Tensor:
        """This process's rows of a whole batch."""
        return batch.chunk(self.world)[self.rank]

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all processes; with one process the values themselves."""
        return values if self.world == 1 else _Sum.apply(values) / self.world


WHOLE = Share()


def my_share() -> Share:
    """The share of this process: the whole batch unless ``processes`` has joined others."""
    if dist.is_available() and dist.is_initialized():
        return Share(dist.get_rank(), dist.get_world_size())
    return WHOLE


@contextmanager
def processes(device: str | None = None) -> Iterator[str | None]:
    """Join the other processes that torchrun started; yields the device of this one.

    Without torchrun nothing happens.  On GPUs the processes talk by nccl, one GPU each; on
    CPUs by gloo.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield device
        return
    gpu = torch.cuda.is_available() and device in (None, "cuda")
    if gpu:
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if gpu else "gloo")
    try:
        yield device if gpu else "cpu"
    finally:
        dist.destroy_process_group()


def replicate(model: InfoGAN) -> tuple[nn.Module, nn.Module, nn.Module]:
    """G, D and Q as the training loop uses them: with one process simply those of the model.

    With several, the three share their weights with the model and add up their gradients;
    the batch norms of the model itself are changed to see the whole batch.
    """
    if my_share().world == 1:
        return model.G, model.D, model.Q
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if type(child) in (nn.BatchNorm1d, nn.BatchNorm2d):
                setattr(parent, name, WholeBatchNorm(child))
    return _Replica(model.G), _ReplicatedDiscriminator(model.D), _Replica(model.Q)


class _Replica(DistributedDataParallel):
    """Gradients are averaged over processes, but only while the weights are learning."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__(net, broadcast_buffers=False)

    def forward(self, *inputs: Tensor):
        self.require_backward_grad_sync = any(p.requires_grad for p in self.parameters())
        return super().forward(*inputs)


class _ReplicatedDiscriminator(Discriminator):
    """The same D(x), D.trunk and D.head, each replicated: the loop calls them one by one."""

    def __init__(self, D: Discriminator) -> None:
        nn.Module.__init__(self)
        self.trunk, self.head = _Replica(D.trunk), _Replica(D.head)


class WholeBatchNorm(nn.modules.batchnorm._BatchNorm):
    """Batch norm with mean and variance of the batch of all processes.

    ``torch.nn.SyncBatchNorm`` needs GPUs and has no second derivative, which the penalty R1
    takes.  In eval mode, or alone, this is the batch norm that it was made from.
    """

    def __init__(self, norm: nn.modules.batchnorm._BatchNorm) -> None:
        super().__init__(norm.num_features, norm.eps, norm.momentum)
        self._parameters, self._buffers = norm._parameters, norm._buffers
        self.training = norm.training

    def _check_input_dim(self, x: Tensor) -> None:
        """Batches of vectors and of images alike."""

    def forward(self, x: Tensor) -> Tensor:
        share = my_share()
        if not self.training or share.world == 1:
            return super().forward(x)
        axes = [0, *range(2, x.ndim)]
        moments = share.mean(torch.stack([x.mean(axes), x.square().mean(axes)]))
        mean, var = moments[0], (moments[1] - moments[0].square()).clamp_min(0)
        with torch.no_grad():  # for eval mode
            n = share.world * x.numel() / x.shape[1]
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(var * n / (n - 1), self.momentum)
            self.num_batches_tracked += 1
        shape = [1, -1] + [1] * (x.ndim - 2)
        scale = self.weight * (var + self.eps).rsqrt()
        return (x - mean.view(shape)) * scale.view(shape) + self.bias.view(shape)


class _Sum(torch.autograd.Function):
    """The sum over processes.  Each process's loss feels each one's part: gradients add up too."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:
        return _Sum.apply(gradient.contiguous())
