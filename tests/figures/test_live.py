"""The live plot follows a training, in a notebook and outside of one."""

import math
from dataclasses import replace

import pytest

from drawn import lines
from infogan_lite import LivePlot, train
from infogan_lite.figures import live


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


@pytest.mark.parametrize(("every", "log_every"), [(25, 10), (5, 10), (200, 30)])
def test_a_distance_that_callbacks_cannot_keep_is_refused_before_training(tiny, every, log_every):
    """Drawn each 50 steps where 25 were asked for, and nobody is told."""
    with pytest.raises(
        ValueError, match=f"multiple of log_every, which is {log_every}, got {every}"
    ):
        LivePlot(replace(tiny, log_every=log_every), every=every)
