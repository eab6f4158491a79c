"""Information in nats, exactly: on small channels, whose probabilities are tables.

Explained in chapter 3, *Mutual information*, and chapter 4, *The variational bound*.
"""

import torch
from torch import Tensor

from infogan_lite.inputs import as_tensor

# Every table is checked to be a distribution, and computed with in float64: a probability of
# 1e-25 is nothing special there, while its square is 0 in float32.  Not every GPU has float64, so
# it is the CPU that computes.  Results have the table's own dtype and device.


def _table(name: str, values: Tensor, dim: int | None = -1) -> Tensor:
    """A table as float64, after a check that it sums to 1 along ``dim`` (None: as a whole)."""
    table = as_tensor(values, name)
    if table.ndim == 0 or table.numel() == 0:
        raise ValueError(f"{name} needs at least one value, got shape {tuple(table.shape)}")
    exact = table.cpu().double()
    seen = exact.detach()
    sums = seen.sum() if dim is None else seen.sum(dim)
    slack = 1e-5 if not table.is_floating_point() else max(1e-5, torch.finfo(table.dtype).eps)
    wrong = ~((sums - 1).abs() <= slack)  # NaN is wrong too
    if wrong.any() or not (seen >= 0).all():
        worst = f"sum {sums[wrong].flatten()[0]:g}" if wrong.any() else f"{seen.min():g}"
        whole = {None: "", -1: "", 0: " in each column"}[dim]
        raise ValueError(
            f"the {name} is not a distribution: values >= 0 with sum 1{whole} are wanted, "
            f"got {worst}; divide weights or counts by their sum"
        )
    return exact


def _joint_table(p_cx: Tensor) -> Tensor:
    shape = tuple(as_tensor(p_cx, "joint table").shape)
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"a joint table P(c, x) has the shape (K, X), got {shape}")
    return _table("joint table", p_cx, dim=None)


def _like(result: Tensor, table: Tensor) -> Tensor:
    """A result in the dtype, and on the device, of the table that it was asked for."""
    table = as_tensor(table, "table")
    dtype = table.dtype if table.is_floating_point() else torch.get_default_dtype()
    return result.to(dtype).to(table.device)


def entropy(p: Tensor) -> Tensor:
    """H = -sum p ln p in nats, over the last axis; 0 ln 0 counts as 0.

    Raises:
        ValueError: if p is not a distribution along its last axis.
    """
    exact = _table("p", p)
    return _like(-torch.xlogy(exact, exact).sum(dim=-1), p)


def kl(p: Tensor, q: Tensor) -> Tensor:
    """KL(p || q) = sum p ln(p / q) in nats, over the last axis; infinite where q misses p.

    Raises:
        ValueError: if p or q is not a distribution along its last axis, or if they have
            different numbers of values.
    """
    exact_p, exact_q = _table("p", p), _table("q", q)
    if exact_p.shape[-1] != exact_q.shape[-1]:
        raise ValueError(f"p has {exact_p.shape[-1]} values, but q {exact_q.shape[-1]}")
    terms = torch.xlogy(exact_p, exact_p) - torch.xlogy(exact_p, exact_q)
    return _like(terms.sum(dim=-1), p)


def joint(prior: Tensor, channel: Tensor) -> Tensor:
    """P(c, x) = P(c) P(x|c).

    Args:
        prior: P(c), shape (K,).
        channel: P(x|c), shape (K, X), each row a distribution.

    Raises:
        ValueError: if the shapes do not fit or a row does not sum to 1.
    """
    prior, channel = as_tensor(prior, "prior"), as_tensor(channel, "channel")
    if prior.ndim != 1:
        raise ValueError(f"prior must have the shape (K,), got {tuple(prior.shape)}")
    if channel.ndim != 2 or prior.shape != channel.shape[:1]:
        raise ValueError(
            f"a channel has one row for each of the {prior.numel()} values of c, "
            f"got shape {tuple(channel.shape)}"
        )
    _table("prior", prior)
    _table("channel", channel)
    return prior[:, None] * channel


def mutual_information(p_cx: Tensor) -> Tensor:
    """I(c; x) in nats from the joint table P(c, x), shape (K, X).

    Computed as KL(P(c, x) || P(c) P(x)), which equals H(c) - H(c|x) (equation 2), with
    ln P(c) + ln P(x) in place of the logarithm of the product.

    Raises:
        ValueError: if the table is not a distribution as a whole.
    """
    exact = _joint_table(p_cx)
    p_c, p_x = exact.sum(1, keepdim=True), exact.sum(0, keepdim=True)
    terms = torch.xlogy(exact, exact) - torch.xlogy(exact, p_c) - torch.xlogy(exact, p_x)
    return _like(terms.sum(), p_cx)


def posterior(p_cx: Tensor) -> Tensor:
    """P(c|x) from the joint table, shape (K, X): column x sums to 1.

    Where P(x) = 0 the posterior is undefined; it is set to P(c), and nothing depends on it.

    Raises:
        ValueError: if the table is not a distribution as a whole.
    """
    exact = _joint_table(p_cx)
    p_c, p_x = exact.sum(1, keepdim=True), exact.sum(0, keepdim=True)
    return _like(torch.where(p_x > 0, exact / torch.where(p_x > 0, p_x, 1), p_c), p_cx)


def exact_lower_bound(p_cx: Tensor, q: Tensor) -> Tensor:
    """L_I = E[log Q(c|x)] + H(c) in nats for a table Q(c|x) of shape (K, X) (equation 5).

    Raises:
        ValueError: if the joint table is not a distribution as a whole, if q has another shape
            or if a column of q is not a distribution.
    """
    exact = _joint_table(p_cx)
    if (shape := tuple(as_tensor(q, "q").shape)) != tuple(exact.shape):
        raise ValueError(
            f"q must have the shape of the joint table, {tuple(exact.shape)}, got {shape}"
        )
    p_c = exact.sum(1)
    bound = torch.xlogy(exact, _table("table q", q, dim=0)).sum() - torch.xlogy(p_c, p_c).sum()
    return _like(bound, p_cx)
