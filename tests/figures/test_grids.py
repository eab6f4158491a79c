"""Grids and tables show the right thing at the right place."""

import math

import numpy as np
import pytest
import torch

from drawn import contrast, words
from infogan_lite import LatentCode, show_grid, show_sheet, show_table, traverse

CODE = LatentCode((10,), 2)


def test_a_grid_puts_each_picture_at_its_row_and_column():
    pictures = torch.rand(2, 3, 1, 4, 5)
    (ax,) = show_grid(pictures).axes
    by_hand = np.vstack([np.hstack([p[0].numpy() for p in row]) for row in pictures])
    assert by_hand.shape == (2 * 4, 3 * 5)
    assert np.array_equal(ax.images[0].get_array(), by_hand)
    assert ax.images[0].get_clim() == (0, 1)  # gray values mean the same in every figure


def test_a_grid_of_colour_pictures():
    pictures = torch.rand(2, 2, 3, 4, 4)
    (ax,) = show_grid(pictures).axes
    canvas = np.asarray(ax.images[0].get_array())
    assert canvas.shape == (8, 8, 3)
    assert np.array_equal(canvas[4:, :4], pictures[1, 0].permute(1, 2, 0).numpy())


def test_the_labels_of_a_grid_stand_at_the_middle_of_their_pictures():
    fig = show_grid(torch.rand(2, 3, 1, 4, 6), "abc", ["up", "down"], title="T", xlabel="X")
    (ax,) = fig.axes
    assert words(ax.get_xticklabels()) == ["a", "b", "c"]
    assert words(ax.get_yticklabels()) == ["up", "down"]
    # Pixel i is drawn from i - 0.5 to i + 0.5: three pictures of 6 pixels from -0.5 to 17.5.
    assert ax.get_xticks() == pytest.approx([2.5, 8.5, 14.5])
    assert ax.get_yticks() == pytest.approx([1.5, 5.5])
    assert (ax.get_title(), ax.get_xlabel()) == ("T", "X")


def test_a_grid_of_one_picture_without_labels():
    (ax,) = show_grid(torch.rand(1, 1, 1, 8, 8)).axes
    assert ax.images[0].get_array().shape == (8, 8)
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0


def test_a_traversal_can_be_shown(model):
    (ax,) = show_grid(traverse(model, "c1", rows=2), columns="012").axes
    assert ax.images[0].get_array().shape == (2 * 8, 3 * 8)


@pytest.mark.parametrize("kind", [torch.tensor, np.array])
def test_a_table_has_its_numbers_written_in(kind):
    values = kind([[0.0, 0.25, 0.5], [1.0, 0.125, 0.0]])
    fig = show_table(values, "abc", ["u", "v"], title="T", xlabel="X", ylabel="Y", digits=1)
    (ax,) = fig.axes
    written = {t.get_position(): t.get_text() for t in ax.texts}
    assert written == {
        (0, 0): "0.0", (1, 0): "0.2", (2, 0): "0.5",
        (0, 1): "1.0", (1, 1): "0.1", (2, 1): "0.0",
    }  # fmt: skip
    assert np.array_equal(ax.images[0].get_array(), np.asarray(values))
    assert words(ax.get_xticklabels()) == ["a", "b", "c"]
    assert words(ax.get_yticklabels()) == ["u", "v"]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("T", "X", "Y")


@pytest.mark.parametrize("value", np.linspace(0, 1, 11))
def test_the_numbers_in_a_table_can_be_read_on_their_background(value):
    (ax,) = show_table(np.array([[value, 1.0]]), "ab", "u").axes
    background = ax.images[0].to_rgba(np.array([[value]]))[0, 0]
    assert contrast(ax.texts[0].get_color(), background) >= 3


def test_a_table_of_zeros_can_be_drawn():
    (ax,) = show_table(np.zeros((2, 2)), "ab", "uv").axes
    assert {text.get_text() for text in ax.texts} == {"0.00"}


def test_pictures_in_one_row_need_no_axis_for_it():
    figure = show_grid(torch.rand(4, 1, 8, 8))
    assert figure.axes[0].images[0].get_array().shape == (8, 32)


@pytest.mark.parametrize("shape", [(8, 8), (2, 3, 8, 8, 1), (0, 4, 1, 8, 8), (2, 2, 2, 8, 8)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="images must have the shape"):
        show_grid(torch.rand(shape))


@pytest.mark.parametrize("kind", ["bytes", "half", "array", "list"])
def test_pictures_of_other_kinds_are_drawn_alike(kind):
    """Bytes were drawn all black: what is larger than 1 is cut off."""
    x = torch.arange(0, 256, 4).view(1, 1, 8, 8) / 255
    other = {"bytes": (255 * x).round().to(torch.uint8), "half": x.half(), "array": x.numpy()}
    other["list"] = x.tolist()
    drawn = [show(other[kind]).axes[0].images[0].get_array() for show in (show_grid, show_sheet)]
    for pixels in drawn:
        assert np.allclose(pixels, x[0, 0], atol=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: show_grid(torch.full((2, 1, 8, 8), math.nan)), "NaN among them"),
        (lambda: show_grid("x.png"), "images must be an array of real numbers"),
        (lambda: show_sheet(torch.zeros(0, 1, 8, 8)), r"got \(0, 1, 8, 8\)"),
        (lambda: show_sheet(torch.zeros(3, 8, 8)), r"got \(3, 8, 8\)"),
        (lambda: show_sheet(torch.zeros(3, 1, 8, 8), columns=0), "columns must be a whole number"),
        (lambda: show_sheet(torch.zeros(3, 1, 8, 8), rows=0), "rows must be a whole number from 1"),
    ],
)
def test_what_cannot_be_drawn_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("pictures", "labels", "said"),
    [
        (
            255 * torch.ones(2, 1, 4, 4),
            {},
            r"images must lie in \[0, 1\], got 255 to 255: divide bytes by 255",
        ),
        (-torch.ones(2, 3, 4, 4), {}, r"must lie in \[0, 1\], got -1 to -1"),
        (torch.full((1, 1, 4, 4), math.inf), {}, "got inf to inf"),
        (torch.rand(2, 1, 4, 4), {"columns": "abc"}, "there are 2 columns, but 3 labels"),
        (torch.rand(2, 1, 4, 4), {"rows": ["u", "v"]}, "there are 1 rows, but 2 labels"),
    ],
)
def test_pictures_that_would_be_drawn_wrong_are_refused(pictures, labels, said):
    with pytest.raises(ValueError, match=said):
        show_grid(pictures, **labels)


def test_rounding_beyond_white_is_cut_off():
    (ax,) = show_grid(torch.tensor([[[[-1e-5, 1 + 1e-5]]]])).axes
    assert np.array_equal(ax.images[0].get_array(), [[0.0, 1.0]])


@pytest.mark.parametrize("values", [[1.0, 2.0], [[1.0, 2.0, 3.0]], [[1.0], [2.0]], [[]], 3.0])
def test_a_table_of_another_shape_than_its_labels_is_refused(values):
    with pytest.raises(ValueError, match="1 labels of rows and 2 of columns, but values of shape"):
        show_table(np.array(values), "ab", ["u"])
