"""Widgets on the built pages, without a kernel and without a network.

A page that has widgets loads one small script, ``infogan_lite/widgets/static/loader.js``, in place
of Jupyter's html-manager, which would come from another host.  It shows the widgets of
infogan_lite; any other widget is replaced by one line of text.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset_file

LOADER = Path(__file__).parents[2] / "infogan_lite" / "widgets" / "static" / "loader.js"
VIEW = '<script type="application/vnd.jupyter.widget-view+json">'
NO_SCRIPT = {
    "en": "<noscript>Here is an interactive figure; it needs JavaScript.</noscript>",
    "ko": "<noscript>여기에는 움직이는 그림이 있습니다. 자바스크립트를 켜야 보입니다.</noscript>",
}


def use_loader(app: Sphinx, config) -> None:
    """myst-nb adds these scripts to the pages that hold the state of widgets, and no others."""
    config.nb_ipywidgets_js = {LOADER.name: {"defer": "defer"}}


def copy_loader(app: Sphinx) -> None:
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        copy_asset_file(str(LOADER), str(folder))


def without_scripts(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Where scripts are off, say so in place of each widget."""
    if "body" in context:
        said = NO_SCRIPT[app.config.language]
        context["body"] = context["body"].replace(VIEW, said + VIEW)


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", use_loader, priority=100)
    app.connect("builder-inited", copy_loader)
    app.connect("html-page-context", without_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
