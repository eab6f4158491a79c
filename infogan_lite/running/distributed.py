"""Several processes, one training run: each takes its share of every batch.

    torchrun --nproc-per-node=2 -m infogan_lite train

Every process holds the same nets and draws the same random numbers for the whole batch, but
works on its own share of them.  Three things must then be brought together: the gradients,
before an optimizer moves the weights; the statistics of batch norm; and what is written into
the history.  ``join`` arranges all three in a run, and ``train`` need not know.  The weights
move as those of one process would that has the whole batch.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.optim import Optimizer

from infogan_lite.history import ALONE, Processes, Run


@contextmanager
def processes(device: str | None = None) -> Iterator[str | None]:
    """Meet the other processes that torchrun started; yields the device of this one.

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


class Share(Processes):
    """Process ``rank`` of ``world``: each has an equal part of every batch."""

    def share(self, batch: Tensor) -> Tensor:
        """This process's rows of a whole batch."""
        return batch.chunk(self.world)[self.rank]

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all processes."""
        return _Sum.apply(values) / self.world


def together() -> Processes:
    """This process among those that met in ``processes``; alone if there was no such meeting."""
    if dist.is_available() and dist.is_initialized():
        return Share(dist.get_rank(), dist.get_world_size())
    return ALONE


def join(run: Run) -> Run:
    """Let this process train its share of a run; alone it has all of it, and nothing changes.

    Raises:
        ValueError: for a batch that the processes cannot share evenly.
    """
    share, n = together(), run.model.settings.batch_size
    if share.world == 1:
        return run
    if n % share.world:
        raise ValueError(
            f"{share.world} processes cannot share a batch of {n} evenly: "
            "choose a batch_size that they divide"
        )
    run.processes = share
    for parent in list(run.model.modules()):
        for name, child in parent.named_children():
            if type(child) in (nn.BatchNorm1d, nn.BatchNorm2d):
                setattr(parent, name, WholeBatchNorm(child))
    for adam in (run.adam_dq, run.adam_g):
        adam.register_step_pre_hook(average_gradients)
    return run


def average_gradients(optimizer: Optimizer, *_) -> None:
    """Each gradient becomes its mean over all processes: just before the weights move."""
    gradients = [p.grad for group in optimizer.param_groups for p in group["params"]]
    flat = torch.cat([g.flatten() for g in gradients])  # one message, not one for each weight
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    sizes = [g.numel() for g in gradients]
    for gradient, mean in zip(gradients, flat.split(sizes), strict=True):
        gradient.copy_(mean.view_as(gradient))


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
        share = together()  # asked each time: the processes may have parted since
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
