"""A channel and its noise, to turn by hand.

The figure is computed in the browser.

Used in chapter 3, *Mutual information*.
"""

import traitlets

from infogan_lite.inputs import whole
from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.packing import front_end


class Channel(Widget):
    """The widget that ``channel_explorer`` returns; ``noise`` and ``skew`` are from 0 to 1."""

    _esm = front_end("channel.js")
    _css = front_end("widgets.css")

    k = traitlets.Int(4).tag(sync=True)
    noise = traitlets.Float(0.3, min=0.0, max=1.0).tag(sync=True)
    skew = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)

    def what(self) -> str:
        return "A noisy channel with sliders, and how much its output says of its input"


def channel_explorer(k: int = 4) -> Channel:
    """A symmetric channel whose noise one turns: H(c), H(c|x) and I(c; x) follow.

    x is c, except that with probability ``noise`` it is drawn anew from all k values.  The
    prior is uniform, except that with probability ``skew`` c is the first value.

    Raises:
        ValueError: for fewer than 2 or more than 10 values.
    """
    return Channel(k=whole("k", k, 2, 10))
