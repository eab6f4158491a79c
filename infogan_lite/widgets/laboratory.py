"""The laboratory: a small InfoGAN in the plane that learns while one watches.

Everything happens in the browser, in a worker of the page: no kernel, no network, nothing
stored.  Its nets are small enough to be followed point by point.

Used in chapter 2, *Latent codes*.
"""

import json
import re
from numbers import Real

import traitlets

from infogan_lite.inputs import whole
from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.packing import front_end

DATA = ("ring", "unequal", "moons", "spiral", "own")
MOST_CODES = 12
EMPTY = 'const WORKER_TEXT = "";'  # of laboratory.js, which starts the worker from that text
INDENT = re.compile(r"^ +", re.MULTILINE)


def with_worker(page: str, worker: str) -> str:
    """The page's JavaScript with the worker's in it, without indentation, to weigh less."""
    text = f"const WORKER_TEXT = {json.dumps(INDENT.sub('', worker))};"
    return INDENT.sub("", page).replace(EMPTY, text)


class Laboratory(Widget):
    """The widget that ``laboratory`` returns; its traits say how it begins."""

    _esm = with_worker(front_end("laboratory/laboratory.js"), front_end("laboratory/worker.js"))
    _css = front_end("widgets.css") + front_end("laboratory/laboratory.css")

    data = traitlets.Unicode("ring").tag(sync=True)
    k = traitlets.Int(8).tag(sync=True)
    uniform = traitlets.Bool(False).tag(sync=True)
    lam = traitlets.Float(0.0).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)

    def what(self) -> str:
        return "A small InfoGAN that learns points in the plane when it is started"


def laboratory(
    data: str = "ring", k: int = 8, uniform: bool = False, lam: float = 0.0, seed: int = 0
) -> Laboratory:
    """Train an InfoGAN in the plane by hand: turn lambda, and see what the codes do.

    Args:
        data: "ring", "unequal", "moons", "spiral", or "own" for points that one draws.
        k: values of the categorical code c1, from 1 to 12.
        uniform: whether there is a uniform code c2 as well.
        lam: the weight of L_I to begin with, from 0 to 2.
        seed: of weights and batches, from 0 to 2**32 - 1.

    Raises:
        ValueError: for any other value.
    """
    if data not in DATA:
        raise ValueError(f"data is one of {', '.join(DATA)}, got {data!r:.200}")
    k, seed = whole("k", k, 1, MOST_CODES), whole("seed", seed, 0, 2**32 - 1)
    if uniform not in (True, False):
        raise ValueError(f"uniform is True or False, got {uniform!r:.200}")
    if not isinstance(lam, Real) or not 0 <= lam <= 2:
        raise ValueError(f"lam is a number from 0 to 2, got {lam!r:.200}")
    return Laboratory(data=data, k=k, uniform=bool(uniform), lam=float(lam), seed=seed)
