"""One html file with widgets and figures that works without a kernel and without a network."""

import base64
import html
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import anywidget
from ipywidgets.embed import dependency_state, embed_data
from matplotlib.figure import Figure

from infogan_lite.figures.grids import as_png
from infogan_lite.widgets.packing import front_end

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif;
  background: #fff; color: #1f2933; }
figure { margin: 1rem 0; } img { max-width: 100%; height: auto; background: #fff; }
table { border-collapse: collapse; } td, th { padding: .1rem 1rem .1rem 0; text-align: left; }
pre { white-space: pre-wrap; } a { color: #0072b2; }
@media (prefers-color-scheme: dark) {
  body { background: #14181e; color: #e4e7eb; } a { color: #62b7ea; }
}
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{style}</style></head>
<body><main><h1>{title}</h1>
{body}
</main>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script>{loader}</script></body></html>
"""
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{}</script>'
VIEW += "<noscript>Here are sliders; they need JavaScript.</noscript>"


class Picture(NamedTuple):
    """A figure, and the words for those who do not see it."""

    figure: Figure
    alt: str


Part = str | Mapping[str, object] | Picture | anywidget.AnyWidget


def page(title: str, sections: Mapping[str, Sequence[Part]]) -> str:
    """The text of an html file; all that it shows is inside of it.

    Args:
        title: of the page.
        sections: for each heading its parts: a text, a table of names and values, a
            ``Picture`` or a widget.  The heading "" is none.
    """
    parts = [part for section in sections.values() for part in section]
    widgets = [part for part in parts if isinstance(part, anywidget.AnyWidget)]
    state, views = _embedded(widgets)
    body = []
    for heading, section in sections.items():
        if heading:
            body.append(f"<h2>{html.escape(heading)}</h2>")
        body += [_as_html(part, views) for part in section]
    return PAGE.format(
        title=html.escape(title),
        style=STYLE,
        body="\n".join(body),
        state=state,
        loader=front_end("loader.js"),
    )


def _embedded(widgets: Sequence[anywidget.AnyWidget]) -> tuple[str, dict[str, str]]:
    """The state of all widgets, and for each by its id the mark of its place."""
    if not widgets:
        return "{}", {}
    state = dependency_state(widgets, drop_defaults=False)
    data = embed_data(views=widgets, state=state, drop_defaults=False)
    marks = [VIEW.format(_as_json(view)) for view in data["view_specs"]]
    ids = [widget.model_id for widget in widgets]
    return _as_json(data["manager_state"]), dict(zip(ids, marks, strict=True))


def _as_json(value: object) -> str:
    """JSON that cannot end the script element that it stands in."""
    return json.dumps(value).replace("<", r"\u003c")


def _as_html(part: Part, views: Mapping[str, str]) -> str:
    if isinstance(part, anywidget.AnyWidget):
        return views[part.model_id]
    if isinstance(part, Picture):
        source = base64.b64encode(as_png(part.figure, dpi=110)).decode()
        alt = html.escape(part.alt, quote=True)
        return f'<figure><img src="data:image/png;base64,{source}" alt="{alt}"></figure>'
    if isinstance(part, str):
        return f"<pre>{html.escape(part)}</pre>" if "\n" in part else f"<p>{html.escape(part)}</p>"
    rows = ((html.escape(str(k)), html.escape(str(v))) for k, v in part.items())
    cells = "".join(f'<tr><th scope="row">{k}</th><td>{v}</td></tr>' for k, v in rows)
    return f"<table>{cells}</table>"
