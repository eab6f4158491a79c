"""A channel and its noise, to turn by hand.

The figure is computed in the browser; ``channel_numbers`` are the same numbers in Python.

Used in chapter 3, *Mutual information*.
"""

import anywidget
import torch
import traitlets

from infogan_lite.inputs import whole
from infogan_lite.measures.channels import entropy, joint, mutual_information
from infogan_lite.widgets.packing import front_end


class Channel(anywidget.AnyWidget):
    """The widget that ``channel_explorer`` returns; ``noise`` and ``skew`` are from 0 to 1."""

    _esm = front_end("channel.js")
    _css = front_end("widgets.css")

    k = traitlets.Int(4).tag(sync=True)
    noise = traitlets.Float(0.3, min=0.0, max=1.0).tag(sync=True)
    skew = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)


def channel_explorer(k: int = 4) -> Channel:
    """A symmetric channel whose noise one turns: H(c), H(c|x) and I(c; x) follow.

    x is c, except that with probability ``noise`` it is drawn anew from all k values.  The
    prior is uniform, except that with probability ``skew`` c is the first value.

    Raises:
        ValueError: for fewer than 2 or more than 10 values.
    """
    return Channel(k=whole("k", k, 2, 10))


def channel_numbers(noise: float, skew: float, k: int = 4) -> dict[str, float]:
    """H(c), H(c|x) and I(c; x) in nats, as the channel explorer shows them."""
    prior = torch.full((k,), (1 - skew) / k, dtype=torch.float64)
    prior[0] += skew
    channel = (1 - noise) * torch.eye(k, dtype=torch.float64) + noise / k
    p_cx = joint(prior, channel)
    h, i = entropy(prior).item(), mutual_information(p_cx).item()
    return {"H": h, "conditional": h - i, "I": i}
