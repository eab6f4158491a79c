"""What stands in the place of a widget where none can be shown, as on GitHub."""

import numpy as np
import torch
from anywidget import AnyWidget

from infogan_lite import digits_laboratory, explore, laboratory, replay
from infogan_lite.widgets import base
from infogan_lite.widgets.bound import bound_explorer
from infogan_lite.widgets.channel import channel_explorer
from infogan_lite.widgets.frames import frames
from infogan_lite.widgets.prediction import predict, predict_number
from infogan_lite.widgets.replay import Snapshot


def every_widget(model) -> list[base.Widget]:
    pictures = np.zeros((2, 4, 4))
    return [
        explore(model),
        channel_explorer(),
        bound_explorer(),
        laboratory(),
        digits_laboratory(),
        replay([Snapshot(1, {"c1": 0.5}, torch.rand(2, 3, 1, 4, 4), np.eye(3, dtype=int))]),
        frames(pictures, (0, 1), "step", describe=lambda v: f"nothing at step {v}"),
        predict("Does it rise?", {"yes": "So it is.", "no": "It does."}, "yes", "It rose."),
        predict_number("How far does it rise", 0, 5, [(5, "So it is.")], "By 3."),
    ]


def said(widget: base.Widget) -> str:
    """The text of a cell's output, for those who cannot show the widget in it."""
    (data, _) = widget._repr_mimebundle_()
    assert len(data) == 2 and "application/vnd.jupyter.widget-view+json" in data
    return data["text/plain"]


def test_each_widget_says_in_a_sentence_what_it_is_and_where_it_works(model):
    texts = [said(widget) for widget in every_widget(model)]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text.endswith(f" {base.WHERE}.)") and "0x" not in text
        assert ".." not in text and "?." not in text and "\n" not in text


def test_every_kind_of_widget_has_such_words(model):
    kinds = {kind.__name__ for kind in base.Widget.__subclasses__()}
    assert kinds == {type(widget).__name__ for widget in every_widget(model)}
    ours = [kind for kind in AnyWidget.__subclasses__() if "infogan_lite" in kind.__module__]
    assert {kind.__name__ for kind in ours} == {"Widget"}


def test_a_question_and_a_row_of_pictures_say_what_they_are_about(model):
    *_, row, question, number = every_widget(model)
    assert "by step. The first: nothing at step 0." in said(row)
    assert "Does it rise? It can be used" in said(question)
    assert "How far does it rise. It can" in said(number)
