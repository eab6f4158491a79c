"""The laboratory of digits: "lite" of version 0.2.0 learns handwriting in the page, from noise.

Training runs in a worker of the browser, with a matrix product in WebAssembly: no kernel, no
network, nothing pretrained.  The digits travel with the widget, packed; their labels serve to
measure c1, as ``evaluate`` does, and training never sees them.

That preset has two uniform factors, read with a sigma of 0.5, and rates that fall.  It neither
averages weights nor turns the axes of the codes, and Q is not told the maps of augmentation: all
that came later.  Its penalty R1 is left out, which takes a second derivative.
"""

import gzip

import numpy as np
import traitlets

from infogan_lite.datasets.digits import digits
from infogan_lite.inputs import whole
from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.laboratory import with_worker
from infogan_lite.widgets.packing import front_end

FOLDER = "digits_laboratory"
STEPS = 1500


class DigitsLaboratory(Widget):
    """The widget that ``digits_laboratory`` returns; its traits say how it begins."""

    _esm = with_worker(
        front_end(f"{FOLDER}/digits_laboratory.js"), front_end(f"{FOLDER}/worker.js")
    )
    _css = (
        front_end("widgets.css")
        + front_end("laboratory/laboratory.css")
        + front_end(f"{FOLDER}/digits_laboratory.css")
    )

    digits = traitlets.Bytes().tag(sync=True)
    held = traitlets.Int(1000).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    steps = traitlets.Int(STEPS).tag(sync=True)

    def what(self) -> str:
        return "A small InfoGAN that learns digits when it is started"


def digits_laboratory(seed: int = 0, steps: int = STEPS) -> DigitsLaboratory:
    """Train InfoGAN on 3,500 handwritten digits in the page, and explore what it learned.

    Args:
        seed: of weights, batches and noise, from 0 to 2**32 - 1.
        steps: of training, at least 1; learning rates fall over the second half.

    Raises:
        ValueError: for any other value.
    """
    seed, steps = whole("seed", seed, 0, 2**32 - 1), whole("steps", steps, 1, 2**31 - 1)
    return DigitsLaboratory(digits=packed_digits(), seed=seed, steps=steps)


def packed_digits() -> bytes:
    """All digits as bytes, those held out last, then their labels, packed by gzip."""
    data = digits()
    parts = (255 * data.x_train, 255 * data.x_test, data.y_train, data.y_test)
    numbers = [np.round(part.numpy()).astype(np.uint8).tobytes() for part in parts]
    return gzip.compress(b"".join(numbers), 9, mtime=0)
