"""Sliders over things already computed: finished pictures, and the course of a training run.

Used in chapter 5, *InfoGAN* (the replay), and wherever a row of figures reads better as one.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import anywidget
import numpy as np
import torch
import traitlets
from sklearn.metrics import confusion_matrix
from torch import Tensor

from infogan_lite.codes import sample_noise
from infogan_lite.datasets import Dataset
from infogan_lite.metrics import categories, reader
from infogan_lite.networks import InfoGAN
from infogan_lite.pictures import as_image, encode_within, front_end
from infogan_lite.training import History
from infogan_lite.traversals import vary

MAX_BYTES = 400_000  # of the pictures of one widget; a page takes a third more (base64)
SWEEP = (-2.0, -1.0, 0.0, 1.0, 2.0)  # values of c2 in the pictures of a replay


class Frames(anywidget.AnyWidget):
    """The widget that ``frames`` returns; ``index`` is the picture shown."""

    _esm = front_end("frames.js")
    _css = front_end("widgets.css")

    index = traitlets.Int(0).tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    values = traitlets.List().tag(sync=True)
    descriptions = traitlets.List().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    sizes = traitlets.List().tag(sync=True)


def frames(
    pictures: Sequence,
    values: Sequence,
    name: str,
    *,
    describe: Callable[[object], str] | Sequence[str],
    unit: str = "",
) -> Frames:
    """One slider over a row of pictures; it needs no kernel.

    Args:
        pictures: matplotlib figures, or arrays in [0, 1] of shape (h, w), (1, h, w) or
            (3, h, w); of one channel, 1 is black, as in ``show_grid``.
        values: what the slider says at each picture.
        name, unit: of the values, such as "lambda", "training step"; "nats".
        describe: what each picture shows, in words, for those who do not see it: a text for
            each, or a function from value to text.

    Raises:
        ValueError: if there is no picture, or not one value and description for each.
    """
    texts = [describe(v) for v in values] if callable(describe) else list(describe)
    if not len(pictures) == len(values) == len(texts) > 0:
        raise ValueError(
            "frames needs as many values and descriptions as pictures, at least one: "
            f"got {len(pictures)} pictures, {len(values)} values, {len(texts)} descriptions"
        )
    data = [encode_within(_ink(picture), MAX_BYTES // len(pictures)) for picture in pictures]
    return Frames(
        title=name,
        unit=unit,
        values=[v if isinstance(v, (int, str)) else f"{v:g}" for v in values],
        descriptions=texts,
        pictures=b"".join(data),
        sizes=[len(part) for part in data],
    )


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
        data: its held-out images and labels are sorted by Q each time.
        seed: of the one z.
    """

    def __init__(self, every: int, data: Dataset, seed: int = 0) -> None:
        self.every, self.data, self.seed = every, data, seed
        self.taken: list[Snapshot] = []

    def __len__(self) -> int:
        return len(self.taken)

    def __iter__(self):
        return iter(self.taken)

    def __call__(self, model: InfoGAN, history: History) -> None:
        """Take a snapshot if it is time, and at the last step.

        Raises:
            ValueError: if the code has no categorical factor.
        """
        if not model.code.categorical:
            raise ValueError("a replay needs a categorical factor: this code has none")
        step = history.step[-1]
        if step % self.every and step != model.settings.steps:
            return
        if self.taken and step <= self.taken[-1].step:
            self.taken.clear()  # another run begins
        before = self.taken[-1].step if self.taken else 0
        new = np.array(history.step) > before
        bound = {n: float(np.mean(np.array(v)[new])) for n, v in history.bound.items()}
        labels = self.data.y_test.numpy()
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
        c = code.encode(index, torch.zeros(1, code.uniform))
        if code.uniform:
            c = vary(code, c, code.uniform_names[0], SWEEP)[0]
        c = vary(code, c, "c1", range(code.categorical[0]))
        z = sample_noise(1, model.settings.z_dim, torch.Generator().manual_seed(self.seed))
        images = model.generate(z.expand(c.shape[0] * c.shape[1], -1), c.flatten(0, 1))
        return images.cpu().unflatten(0, c.shape[:2])


class Replay(anywidget.AnyWidget):
    """The widget that ``replay`` returns; ``index`` is the snapshot shown."""

    _esm = front_end("replay.js")
    _css = front_end("widgets.css")

    index = traitlets.Int(0).tag(sync=True)
    steps = traitlets.List().tag(sync=True)
    bound = traitlets.List().tag(sync=True)
    confusion = traitlets.List().tag(sync=True)
    layout_text = traitlets.Unicode().tag(sync=True)
    sheet = traitlets.Bytes().tag(sync=True)


def replay(snapshots: Snapshots | Sequence[Snapshot]) -> Replay:
    """One slider over training time: L_I of c1 below ln K, the pictures, and the confusion.

    Raises:
        ValueError: if there is no snapshot, or more than 100.
    """
    taken = list(snapshots)
    if not 0 < len(taken) <= 100:
        raise ValueError(f"a replay shows 1 to 100 snapshots, got {len(taken)}: change `every`")
    rows, k = taken[0].images.shape[:2]
    sheet = torch.stack([s.images for s in taken]).permute(0, 1, 4, 2, 5, 3)
    sheet = sheet.flatten(0, 2).flatten(1, 2).numpy()  # (snapshot, row, y), (column, x), channel
    text = f"a column for each of the {k} categories of c1"
    if rows > 1:
        text += f", c2 from {SWEEP[0]:g} at the top to {SWEEP[-1]:g} at the bottom"
    return Replay(
        index=len(taken) - 1,
        steps=[s.step for s in taken],
        bound=[s.bound["c1"] for s in taken],
        confusion=[s.confusion.tolist() for s in taken],
        layout_text=text,
        sheet=encode_within(_ink(sheet), MAX_BYTES),
    )


def _ink(picture) -> object:
    """One channel is ink on paper: 1 is black.  Figures and colors stay as they are."""
    image = as_image(picture)
    return 255 - np.asarray(image) if image.mode == "L" else np.asarray(image)
