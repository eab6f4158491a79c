"""The bound L_I and its gap, to turn by hand.

The figure is computed in the browser.

Used in chapter 4, *The variational bound*.
"""

from collections.abc import Sequence

import torch
import traitlets

from infogan_lite.inputs import as_tensor
from infogan_lite.measures.channels import joint
from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.packing import front_end


class Bound(Widget):
    """The widget that ``bound_explorer`` returns.

    mix: share of the uniform guess in Q, from 0 to 1.  temperature: from 0.1 to 4.
    q: a Q typed in by hand, shape (K, X), or empty; moving a slider empties it.
    """

    _esm = front_end("bound.js")
    _css = front_end("widgets.css")

    joint = traitlets.List().tag(sync=True)
    mix = traitlets.Float(0.3, min=0.0, max=1.0).tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.1, max=4.0).tag(sync=True)
    q = traitlets.List().tag(sync=True)
    codes = traitlets.List().tag(sync=True)
    pictures = traitlets.List().tag(sync=True)

    def what(self) -> str:
        return "A channel and a Q with sliders, and how far L_I lies below I"


def bound_explorer(
    prior: Sequence[float] = (0.4, 0.3, 0.2, 0.1),
    channel: Sequence[Sequence[float]] | None = None,
    codes: Sequence[str] | None = None,
    pictures: Sequence[str] | None = None,
) -> Bound:
    """A known channel, and a Q that one moves away from the posterior: L_I sinks below I.

    Q is moved by two sliders, or typed in cell by cell; each of its columns keeps its sum 1.

    Args:
        prior: P(c), shape (K,).
        channel: P(x|c), shape (K, X); by default the channel of ``channel_explorer`` with
            noise 0.4.  What has probability 0 counts nothing: 0 ln 0 is 0.
        codes, pictures: names of the rows and columns; by default numbers from 0.

    Raises:
        ValueError: if these are no distributions, or not one name for each row and column.
    """
    prior = as_tensor(prior, "prior").detach().cpu().double()
    if channel is None:
        k = prior.numel()
        table = 0.6 * torch.eye(k, dtype=torch.float64) + 0.4 / max(k, 1)
    else:
        table = as_tensor(channel, "channel").detach().cpu().double()
    p_cx = joint(prior, table)
    names = []
    for what, given, n in zip(("codes", "pictures"), (codes, pictures), p_cx.shape, strict=True):
        names.append([str(i) for i in range(n)] if given is None else list(given))
        if len(names[-1]) != n:
            raise ValueError(f"{what} needs {n} names, got {len(names[-1])}")
    return Bound(joint=p_cx.tolist(), codes=names[0], pictures=names[1])
