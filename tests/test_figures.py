"""Figures show the right thing at the right place, and callbacks work outside a notebook too."""

import math
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb

from infogan_lite import (
    History,
    LatentCode,
    LivePlot,
    ProgressBar,
    plot_bound,
    plot_losses,
    show_grid,
    show_table,
    train,
    traverse,
)
from infogan_lite.figures import colors, live

CODE = LatentCode((10,), 2)


def history(steps: int = 3, offset: float = 0.0) -> History:
    result = History()
    for step in range(1, steps + 1):
        bound = {"c1": offset + step / 10, "c2": offset - step / 10, "c3": offset}
        result.append(10 * step, step / 2, 1.0 + step, 2.0 + step, bound)
    return result


def lines(ax) -> dict[str, tuple[list[float], list[float]]]:
    """Label of each line to its data."""
    return {line.get_label(): (*map(list, line.get_data()),) for line in ax.get_lines()}


def words(ticks) -> list[str]:
    return [tick.get_text() for tick in ticks]


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """An open figure would be shown a second time by a notebook."""
    yield
    assert plt.get_fignums() == []


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


@pytest.mark.parametrize(
    ("name", "height", "label"),
    [("c1", math.log(10), "ceiling H(c1) = 2.303"), ("c2", -0.17649, "knows nothing: -0.176")],
)
def test_the_bound_is_drawn_with_what_it_is_read_against(name, height, label):
    (ax,) = plot_bound({"InfoGAN": history(), "GAN": history(offset=1)}, CODE, name).axes
    drawn = lines(ax)
    ((reference, (_, y)),) = [(k, v) for k, v in drawn.items() if k not in ("InfoGAN", "GAN")]
    assert label in reference
    assert y == pytest.approx([height, height], abs=1e-5)
    sign = 1 if name == "c1" else -1
    assert drawn["InfoGAN"] == ([10, 20, 30], pytest.approx([sign * t / 10 for t in (1, 2, 3)]))
    assert drawn["GAN"][1] == pytest.approx([1 + sign * t / 10 for t in (1, 2, 3)])
    assert words(ax.get_legend().get_texts()) == ["InfoGAN", "GAN", reference]
    assert "nats" in ax.get_ylabel() and "step" in ax.get_xlabel()


@pytest.mark.parametrize("count", [1, 4, 6])
def test_every_history_gets_its_curve(count):
    (ax,) = plot_bound({f"seed {i}": history(offset=i) for i in range(count)}, CODE).axes
    assert {f"seed {i}" for i in range(count)} <= lines(ax).keys()


def test_the_losses_are_drawn_with_the_value_of_a_draw():
    (ax,) = plot_losses(history()).axes
    drawn = lines(ax)
    assert drawn["loss of D"] == ([10, 20, 30], [2, 3, 4])
    assert drawn["loss of G"] == ([10, 20, 30], [3, 4, 5])
    # A D that says 1/2 to everything pays ln 2 for real images and ln 2 for generated ones.
    (guess,) = [y for label, (_, y) in drawn.items() if "guess" in label]
    assert guess == pytest.approx([-math.log(0.5) - math.log(1 - 0.5)] * 2)


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


def luminance(colour) -> float:
    """Relative luminance as WCAG defines it."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(a, b) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("value", np.linspace(0, 1, 11))
def test_the_numbers_in_a_table_can_be_read_on_their_background(value):
    (ax,) = show_table(np.array([[value, 1.0]]), "ab", "u").axes
    background = ax.images[0].to_rgba(np.array([[value]]))[0, 0]
    assert contrast(ax.texts[0].get_color(), background) >= 3


def test_a_table_of_zeros_can_be_drawn():
    (ax,) = show_table(np.zeros((2, 2)), "ab", "uv").axes
    assert {text.get_text() for text in ax.texts} == {"0.00"}


@pytest.mark.parametrize(
    "draw",
    [
        lambda: show_grid(torch.rand(1, 2, 1, 4, 4)),
        lambda: plot_bound({"run": history()}, CODE),
        lambda: plot_losses(history()),
        lambda: show_table(np.eye(2), "ab", "uv"),
    ],
    ids=["grid", "bound", "losses", "table"],
)
def test_every_figure_is_a_white_card(draw):
    assert to_rgb(draw().get_facecolor()) == (1, 1, 1)


@pytest.mark.parametrize("colour", [*colors.COLORS, colors.GRAY])
def test_lines_can_be_seen_on_white(colour):
    assert contrast(colour, "white") >= 3


# --- Callbacks ------------------------------------------------------------------------


class Handle:
    """What IPython's display gives in a notebook."""

    def __init__(self) -> None:
        self.updates = 0

    def update(self, fig) -> None:
        self.updates += 1


@pytest.mark.parametrize("in_a_notebook", [True, False])
@pytest.mark.parametrize(("name", "height"), [("c1", math.log(3)), ("c2", -0.17649)])
def test_the_live_plot_follows_training(tiny, images, monkeypatch, in_a_notebook, name, height):
    handle = Handle() if in_a_notebook else None
    shown = []
    monkeypatch.setattr(live, "display", lambda fig, display_id: shown.append(fig) or handle)
    settings = replace(tiny, steps=7)
    plot = LivePlot(settings, name, every=2)
    _, trained = train(images, settings, [plot], device="cpu")
    assert shown == [plot.fig]
    drawn = list(lines(plot.ax).values())
    assert drawn[0] == (trained.step, trained.bound[name]) and trained.step[-1] == 7
    assert drawn[1][1] == pytest.approx([height, height], abs=1e-5)
    assert plot.ax.get_xlim() == (0, 7)
    if handle:
        assert handle.updates == 4  # after steps 2, 4, 6 and at the end


def test_the_live_plot_needs_no_notebook(tiny, images, capsys):
    plot = LivePlot(tiny, every=1)
    train(images, tiny, [plot], device="cpu")
    assert plot.handle is None and len(lines(plot.ax)) == 2


def test_the_progress_bar_shows_steps_and_bounds(tiny, images, monkeypatch, capsys):
    monkeypatch.delenv("INFOGAN_QUIET", raising=False)
    bar = ProgressBar(tiny)
    _, trained = train(images, tiny, [bar], device="cpu")
    assert bar.bar.n == bar.bar.total == 5
    shown = capsys.readouterr().err
    assert "5/5" in shown and f"c1={trained.bound['c1'][-1]:.2f}" in shown


def test_the_progress_bar_is_quiet_where_it_is_asked_to_be(tiny, images, monkeypatch, capsys):
    monkeypatch.setenv("INFOGAN_QUIET", "1")
    train(images, tiny, [ProgressBar(tiny)], device="cpu")
    assert capsys.readouterr() == ("", "")
