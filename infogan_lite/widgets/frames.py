"""A slider over finished pictures, wherever a row of figures reads better as one."""

from collections.abc import Callable, Sequence

import traitlets
from PIL import Image

from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.packing import MAX_BYTES, encode_fitting, front_end, inked


class Frames(Widget):
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

    def what(self) -> str:
        return f"Pictures on a slider, by {self.title}. The first: {self.descriptions[0]}"


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

    Pictures that do not fit into a page are made smaller, by halves, until they do.

    Raises:
        ValueError: if there is no picture, or not one value and description for each; for
            pictures of other shapes or numbers.
    """
    texts = [describe(v) for v in values] if callable(describe) else list(describe)
    if not len(pictures) == len(values) == len(texts) > 0:
        raise ValueError(
            "frames needs as many values and descriptions as pictures, at least one: "
            f"got {len(pictures)} pictures, {len(values)} values, {len(texts)} descriptions"
        )
    images = [Image.fromarray(inked(picture)) for picture in pictures]
    data = [encode_fitting(image.reduce, MAX_BYTES // len(images))[0] for image in images]
    return Frames(
        title=name,
        unit=unit,
        values=[_in_words(value) for value in values],
        descriptions=texts,
        pictures=b"".join(data),
        sizes=[len(part) for part in data],
    )


def _in_words(value: object) -> int | str:
    """Whole numbers and texts as they are, other numbers to six digits."""
    value = value.item() if hasattr(value, "item") else value  # of numpy or torch
    if isinstance(value, (int, str)):
        return value
    return f"{value:g}" if isinstance(value, float) else str(value)
