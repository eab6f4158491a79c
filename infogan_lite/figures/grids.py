"""Grids: pictures in rows and columns, and tables of numbers."""

import io
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

from infogan_lite.figures.colors import finish_figure
from infogan_lite.inputs import as_images, as_tensor, whole

MOST_PIXELS = 2**16 - 1  # on a side of a figure in a file: more than that few programs open
SIDES = {"webp": 16_383, "jpeg": 65_500, "jpg": 65_500}  # of formats that can hold no more


def show_grid(
    images: Tensor,
    columns: Sequence[str] = (),
    rows: Sequence[str] = (),
    title: str = "",
    xlabel: str = "",
    scale: float = 0.62,
    ink: bool = True,
) -> Figure:
    """Pictures in rows and columns.

    Args:
        images: shape (rows, columns, channels, h, w), values in [0, 1] or bytes; pictures of
            shape (n, channels, h, w) are one row.
        columns, rows: labels of columns and rows.
        title, xlabel: text above and below.
        scale: side of one picture in inches.
        ink: whether 1 is black, as for handwriting; with False gray 1 is white, as in a
            photograph.  Pictures in color are shown as they are.

    Raises:
        ValueError: for images of another shape, with NaN or other values than these in them, or
            more labels than there are columns or rows.
    """
    images = as_tensor(images, "images").cpu()
    if images.ndim == 4:
        images = images[None]
    if images.ndim != 5 or images.shape[2] not in (1, 3) or not images.numel():
        raise ValueError(
            "images must have the shape (rows, columns, 1 or 3 channels, h, w), "
            f"got {tuple(images.shape)}"
        )
    n_rows, n_columns, channels, h, w = images.shape
    images = as_images(images.flatten(0, 1)).clamp(0, 1).unflatten(0, (n_rows, n_columns))
    _count("columns", columns, n_columns)
    _count("rows", rows, n_rows)
    canvas = images.permute(0, 3, 1, 4, 2).reshape(n_rows * h, n_columns * w, channels).numpy()
    fig, ax = plt.subplots(figsize=(n_columns * scale + 0.9, n_rows * scale + 0.8))
    ax.imshow(
        canvas[..., 0] if channels == 1 else canvas,
        cmap="gray_r" if ink else "gray",
        vmin=0,
        vmax=1,
    )
    centers = np.arange(max(n_rows, n_columns))
    ax.set_xticks(centers[: len(columns)] * w + w / 2 - 0.5, columns)
    ax.set_yticks(centers[: len(rows)] * h + h / 2 - 0.5, rows)
    ax.set(title=title, xlabel=xlabel)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return finish_figure(fig)


def _count(what: str, labels: Sequence[str], most: int) -> None:
    if len(labels) > most:
        raise ValueError(f"there are {most} {what}, but {len(labels)} labels for them")


def show_sheet(images: Tensor, columns: int = 12, rows: int = 5, ink: bool = False) -> Figure:
    """The first pictures of a set, as many as fit; the places that are left stay white.

    Args:
        images: shape (n, channels, h, w), values in [0, 1].
        columns, rows: how many at most.
        ink: as for ``show_grid``; here 1 is white, as in a photograph, unless told otherwise.

    Raises:
        ValueError: for images of another shape, none of them, or no place for one.
    """
    images, columns = as_tensor(images, "images"), whole("columns", columns, 1)
    if images.ndim != 4 or not len(images):
        raise ValueError(f"images must be of shape (n, channels, h, w), got {tuple(images.shape)}")
    images = as_images(images)
    shown = images[: columns * whole("rows", rows, 1)]
    columns = min(columns, len(shown))
    empty = shown.new_full((-len(shown) % columns, *shown.shape[1:]), 0.0 if ink else 1.0)
    return show_grid(torch.cat([shown, empty]).unflatten(0, (-1, columns)), ink=ink)


def as_png(figure: Figure, kind: str = "png", dpi: int = 150) -> bytes:
    """A figure as the content of a file, a PNG or another kind that matplotlib writes.

    With fewer pixels to an inch than ``dpi`` if a side would have more than there may be.

    Raises:
        ValueError: for a kind that matplotlib does not write to one file.
    """
    if kind.lower() == "pgf":  # which matplotlib says only where a TeX is installed
        raise ValueError("pgf keeps pictures in files of their own: choose .png, .pdf or .svg")
    file = io.BytesIO()
    most = SIDES.get(kind.lower(), MOST_PIXELS)
    figure.savefig(file, dpi=min(dpi, most / max(figure.get_size_inches())), format=kind)
    return file.getvalue()


def show_table(
    values: Tensor | np.ndarray,
    columns: Sequence[str],
    rows: Sequence[str],
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    digits: int = 2,
    top: float | None = None,
) -> Figure:
    """A table of numbers as a heat map with the numbers written in: a channel, a confusion.

    Args:
        values: shape (rows, columns).
        digits: decimals to write.
        top: the value of the darkest color, by itself the largest one; the same ``top`` makes
            two tables comparable.

    Raises:
        ValueError: for values of another shape, or not one label for each column and row.
    """
    digits = whole("digits", digits)
    values = as_tensor(values, "values").detach().cpu().numpy()
    if values.shape != (len(rows), len(columns)) or not values.size:
        wanted = f"{len(rows)} labels of rows and {len(columns)} of columns"
        raise ValueError(
            f"values must have the shape of their labels: {wanted}, "
            f"but values of shape {values.shape}"
        )
    top = max(values.max(), 1e-12) if top is None else top
    n_rows, n_columns = values.shape
    fig, ax = plt.subplots(figsize=(0.62 * n_columns + 1.6, 0.5 * n_rows + 1.3))
    ax.imshow(values, cmap="Blues", vmin=0, vmax=top)
    for i, j in np.ndindex(n_rows, n_columns):
        dark = values[i, j] > 0.6 * top
        text = f"{values[i, j]:.{digits}f}"
        ax.text(j, i, text, ha="center", va="center", color="white" if dark else "black")
    ax.set_xticks(range(n_columns), columns)
    ax.set_yticks(range(n_rows), rows)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return finish_figure(fig)
