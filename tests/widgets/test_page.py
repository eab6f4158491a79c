"""A page of its own: everything inside, nothing that can break out, and it works in Chromium."""

import json
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest

from infogan_lite import explore
from infogan_lite.figures.colors import finish_figure
from infogan_lite.widgets.page import Picture, page


def figure():
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    return finish_figure(fig)


def test_parts_stand_in_their_order_and_are_escaped(model):
    parts = ["a < b", "two\nlines", {"lam": "<1>"}, Picture(figure(), 'an "alt"')]
    text = page("Title & more", {"": ["first"], "Next": parts, "Sliders": [explore(model)]})
    marks = ["<h1>Title &amp; more</h1>", "<p>first</p>", "<h2>Next</h2>", "<p>a &lt; b</p>"]
    marks += ["<pre>two\nlines</pre>", "<td>&lt;1&gt;</td>", 'alt="an &quot;alt&quot;"']
    marks += ["<h2>Sliders</h2>", "widget-view+json"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert not re.search(r'(src|href)="(?!data:)', text)


@pytest.mark.parametrize(
    "name", ["</script><img src=x>", "</SCRIPT ><img src=x>", "<!--<script>", "<!-- <ScRiPt "]
)
def test_the_state_cannot_end_its_script(model, name):
    widget = explore(model, names={"c1": name})
    found, plain = Parts(), Parts()
    found.feed(page("x", {"": [widget]}))
    plain.feed(page("x", {"": [explore(model)]}))
    assert found.elements == plain.elements and "img" not in found.elements
    (state,) = [text for text in found.scripts if widget.model_id in text and "state" in text]
    assert json.loads(state)["state"][widget.model_id]["state"]["names"] == {"c1": name}
    assert not any("<!--" in text for text in found.scripts)  # or </script> may end nothing


class Parts(HTMLParser):
    """The elements of a page by their names, and what stands in its scripts."""

    def __init__(self):
        super().__init__()
        self.elements, self.scripts = [], []

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)

    def handle_data(self, data):
        if self.elements and self.elements[-1] == "script":
            self.scripts.append(data)


@pytest.mark.browser
def test_sliders_move_in_a_page_without_network(browser, model, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(page("x", {"": [explore(model, ink=False)], "b": ["c"]}), encoding="utf-8")
    context = browser.new_context()
    outside, errors = [], []

    def route(r):
        inside = r.request.url.startswith(("file:", "blob:", "data:"))
        return r.continue_() if inside else (outside.append(r.request.url), r.abort())

    context.route("**/*", route)
    tab = context.new_page()
    tab.on("pageerror", lambda e: errors.append(str(e)))
    tab.goto(path.as_uri())
    tab.wait_for_selector("[data-ready]")
    shown = [numbers(tab)]
    tab.locator("input[type=range]").first.fill("2")
    shown.append(numbers(tab))
    context.close()
    assert not outside and not errors
    assert np.abs(shown[0] - shown[1]).max() > 1e-3


def numbers(tab) -> np.ndarray:
    script = "canvas => Array.from(canvas.numbers)"
    return np.array(tab.locator(".igl-picture").evaluate(script))
