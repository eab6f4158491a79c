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
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.optim import Optimizer

from infogan_lite.history import ALONE, Processes, Run

PATIENCE = timedelta(seconds=30)  # to wait for another process before giving up


class LostProcess(OSError):
    """Another process of this training has ended, or answers no more."""


@contextmanager
def processes(device: str | None = None) -> Iterator[str | None]:
    """Meet the other processes that torchrun started; yields the device of this one.

    Without torchrun nothing happens.  On GPUs the processes talk by nccl, one GPU each; on
    CPUs by gloo.  If something fails, the first process that notices says so: in it the error
    goes on, the others end with the status 2.

    Raises:
        ValueError: for a device that processes cannot share.
        LostProcess: if another process is gone.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield device
        return
    if device not in (None, "cpu", "cuda"):
        raise ValueError(f"several processes train on cpu or cuda, not on {device!r:.200}")
    gpu = torch.cuda.is_available() and device in (None, "cuda")
    if gpu:
        local, there = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
        if local >= there:
            raise ValueError(f"each process needs a GPU of its own, there are {there}")
        device = f"cuda:{local}"
        torch.cuda.set_device(device)
    try:
        store, rank, world = next(dist.rendezvous("env://", timeout=PATIENCE))
        backend = "nccl" if gpu else "gloo"
        dist.init_process_group(backend, store=store, rank=rank, world_size=world, timeout=PATIENCE)
    except RuntimeError as error:
        raise LostProcess(
            f"the processes of this training do not meet ({_brief(error)})"
        ) from error
    try:
        yield device if gpu else "cpu"
    except SystemExit:
        _is_first(store)
        raise
    except BaseException as error:
        if not _is_first(store):
            raise SystemExit(2) from None
        error.add_note("the first of all processes")
        if type(error) in (RuntimeError, dist.DistBackendError):
            reason = f"a process of this training ended or hangs ({_brief(error)})"
            raise LostProcess(reason) from error
        raise
    finally:
        dist.destroy_process_group()


def _is_first(store: dist.Store) -> bool:
    """Whether this is the first process in trouble: that one speaks for all."""
    try:
        return store.add("in trouble", 1) == 1
    except RuntimeError:  # the store is gone with its process
        return True


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:200]


class Share(Processes):
    """Process ``rank`` of ``world``: each has an equal part of every batch."""

    def share(self, batch: Tensor) -> Tensor:
        """This process's rows of a whole batch."""
        return batch.chunk(self.world)[self.rank]

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all processes."""
        return _Sum.apply(values) / self.world

    def any(self, flag: bool) -> bool:
        """Whether it is true in any process."""
        device = "cuda" if dist.get_backend() == "nccl" else "cpu"
        flags = torch.tensor(float(flag), device=device)
        dist.all_reduce(flags)
        return flags.item() > 0


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
