"""A page of widgets as the book has it, and how long a slider takes to be answered."""

import json
import re

import pytest

from benchmarks import widgets
from infogan_lite import bound_explorer, channel_explorer


def test_a_page_holds_the_state_and_a_place_for_each_widget(tmp_path):
    shown = [channel_explorer(), bound_explorer()]
    page, size = widgets.write_page(shown, tmp_path, "dark")
    text = page.read_text(encoding="utf8")
    state = re.search(r'widget-state\+json">(.*?)</script>', text, re.DOTALL)[1]
    state = state.replace(r"<\/script>", "</script>")
    assert size == len(state) and 'data-theme="dark"' in text
    views = [json.loads(v) for v in re.findall(r'widget-view\+json">(.*?)</script>', text)]
    models = json.loads(state)["state"]
    assert [view["model_id"] for view in views] == [w.model_id for w in shown]
    assert all(view["model_id"] in models for view in views)
    assert (tmp_path / "loader.js").is_file()


@pytest.mark.browser
def test_a_slider_is_answered_in_finite_time(browser):
    numbers = widgets.answering(channel_explorer(), browser, moves=3)
    assert all(value > 0 for value in numbers.values())
    assert numbers["drawn, median ms"] <= numbers["drawn, worst ms"]
    assert numbers["drawn, median ms"] <= numbers["with the frame, median ms"]


def test_without_chromium_it_is_said(monkeypatch):
    monkeypatch.setattr(widgets.chromium, "find", lambda: None)
    with pytest.raises(SystemExit, match="Chromium is missing: install"):
        widgets.launch(None)
