"""A slider over the course of a training run.

Used in chapter 5, *InfoGAN*.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import traitlets
from sklearn.metrics import confusion_matrix
from torch import Tensor

from infogan_lite.classifier import categories, integers, reader
from infogan_lite.codes import sample_noise
from infogan_lite.figures.live import need_multiple
from infogan_lite.history import History
from infogan_lite.inputs import Dataset, as_images, whole
from infogan_lite.networks import InfoGAN
from infogan_lite.traversals import vary
from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.packing import MAX_BYTES, encode_fitting, front_end, inked, smaller

MOST = 100  # snapshots in one replay
MOST_LABELS = 100  # columns of its table
SWEEP = (-2.0, -1.0, 0.0, 1.0, 2.0)  # values of c2 in the pictures of a replay


class Snapshot(NamedTuple):
    """One moment of training, as ``Snapshots`` takes it.

    step: when.  bound: L_I in nats of each factor, the mean since the snapshot before.
    images: shape (rows, K, channels, h, w), a column for each category of c1 and a row for
    each of c2 = -2, -1, 0, 1, 2; z and the other codes are always the same.
    confusion: counts on held-out images, shape (K, labels): c1 under Q against the label.
    """

    step: int
    bound: dict[str, float]
    images: Tensor
    confusion: np.ndarray


class Snapshots:
    """A callback for ``train`` that takes a snapshot every so many steps, for ``replay``.

    Args:
        every: steps between two snapshots; a multiple of ``settings.log_every``.
        data: its held-out images and labels, from 0 to 99, are sorted by Q each time.
        seed: of the one z.

    Raises:
        ValueError: for other numbers, or labels.
    """

    def __init__(self, every: int, data: Dataset, seed: int = 0) -> None:
        self.every, self.data, self.seed = whole("every", every, 1), data, whole("seed", seed)
        self.labels, self.seen = integers("y_test", data.y_test), None
        if not len(self.labels) or (largest := self.labels.max()) >= MOST_LABELS:
            found = f"a {largest}" if len(self.labels) else "none"
            raise ValueError(f"a replay needs labels from 0 to {MOST_LABELS - 1}, got {found}")
        if len(data.x_test) != len(self.labels):
            found = f"{len(data.x_test)} and {len(self.labels)}"
            raise ValueError(f"x_test and y_test must be a picture and a label each, got {found}")
        self.taken: list[Snapshot] = []

    def __len__(self) -> int:
        return len(self.taken)

    def __iter__(self):
        return iter(self.taken)

    def __call__(self, model: InfoGAN, history: History) -> None:
        """Take a snapshot if it is time, and at the last step.

        Raises:
            ValueError: if the code has no categorical factor, the pictures are others than the
                model's, ``every`` is no multiple of ``log_every``, or there will be more
                snapshots than a replay can show: at the first entry of the history, long
                before there is a snapshot to take.
        """
        if not model.code.categorical:
            raise ValueError("a replay needs a categorical factor: this code has none")
        need_multiple(self.every, model.settings)
        if model.settings.steps / self.every > MOST:
            raise ValueError(
                f"a snapshot every {self.every} of {model.settings.steps} steps is more than the "
                f"{MOST} that a replay shows: choose a larger `every`"
            )
        if self.seen != model.image_shape:
            for name in ("x_train", "x_test"):
                as_images(getattr(self.data, name), model.image_shape, name)
            self.seen = model.image_shape
        step = history.step[-1]
        if step % self.every and step != model.settings.steps:
            return
        if self.taken and step <= self.taken[-1].step:
            self.taken.clear()  # another run begins
        before = self.taken[-1].step if self.taken else 0
        new = np.array(history.step) > before
        bound = {n: float(np.mean(np.array(v)[new])) for n, v in history.bound.items()}
        labels = self.labels
        k, n_labels = model.code.categorical[0], int(labels.max()) + 1
        counts = confusion_matrix(
            categories(reader(model, self.data.x_train), self.data.x_test),
            labels,
            labels=range(max(k, n_labels)),
        )
        self.taken.append(Snapshot(step, bound, self._sweep(model), counts[:k, :n_labels]))

    def _sweep(self, model: InfoGAN) -> Tensor:
        code = model.code
        index = [torch.zeros(1, dtype=torch.long) for _ in code.categorical]
        c = code.encode(index, torch.zeros(1, code.uniform), torch.zeros(1, code.circular))
        if code.uniform:
            c = vary(code, c, code.uniform_names[0], SWEEP)[0]
        c = vary(code, c, "c1", range(code.categorical[0]))
        z = sample_noise(1, model.settings.z_dim, torch.Generator().manual_seed(self.seed))
        images = model.generate(z.expand(c.shape[0] * c.shape[1], -1), c.flatten(0, 1))
        return images.cpu().unflatten(0, c.shape[:2])


class Replay(Widget):
    """The widget that ``replay`` returns; ``index`` is the snapshot shown."""

    _esm = front_end("replay.js")
    _css = front_end("widgets.css")

    index = traitlets.Int(0).tag(sync=True)
    steps = traitlets.List().tag(sync=True)
    bound = traitlets.List().tag(sync=True)
    confusion = traitlets.List().tag(sync=True)
    layout_text = traitlets.Unicode().tag(sync=True)
    sheet = traitlets.Bytes().tag(sync=True)

    def what(self) -> str:
        return "A training to play back, with its curve and its pictures"


def replay(snapshots: Snapshots | Sequence[Snapshot]) -> Replay:
    """One slider over training time: L_I of c1 below ln K, the pictures, and the confusion.

    Pictures that do not fit into a page are made smaller, by halves, until they do.

    Raises:
        ValueError: if there is no snapshot, or more than 100.
    """
    taken = list(snapshots)
    if not 0 < len(taken) <= MOST:
        raise ValueError(f"a replay shows 1 to {MOST} snapshots, got {len(taken)}: change `every`")
    rows, k = taken[0].images.shape[:2]
    images = torch.stack([s.images for s in taken])
    sheet, _ = encode_fitting(lambda shrink: inked(_sheet(images, shrink)), MAX_BYTES)
    text = f"a column for each of the {k} categories of c1"
    if rows > 1:
        text += f", c2 from {SWEEP[0]:g} at the top to {SWEEP[-1]:g} at the bottom"
    return Replay(
        index=len(taken) - 1,
        steps=[s.step for s in taken],
        bound=[s.bound["c1"] for s in taken],
        confusion=[s.confusion.tolist() for s in taken],
        layout_text=text,
        sheet=sheet,
    )


def _sheet(images: Tensor, shrink: int) -> np.ndarray:
    """All pictures: (snapshot, row, y), (column, x), channel."""
    small = smaller(images.flatten(0, 2), shrink).unflatten(0, images.shape[:3])
    return small.permute(0, 1, 4, 2, 5, 3).flatten(0, 2).flatten(1, 2).numpy()
