"""From each page to the same page in the other language, and back: a Sphinx extension.

The English pages lie in ``_build/html``, the Korean ones in ``_build/html/ko``, and the names are
the same.  Where the other edition has not been built yet, its place is taken by a page that says
how to build it, so that no link is dead.
"""

from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx


class Edition(NamedTuple):
    """What an edition is called, where its pages lie seen from the other one, how to build it."""

    language: str
    name: str
    folder: str
    command: str
    missing: str


EDITIONS = {
    "en": Edition(
        "en",
        "English",
        "../",
        "jupyter-book build book",
        "영어판은 아직 만들지 않았습니다. 만드는 명령은 다음과 같습니다.",
    ),
    "ko": Edition(
        "ko",
        "한국어",
        "ko/",
        "jupyter-book build ko",
        "The Korean edition was not built here. This command builds it:",
    ),
}
MARK = "<!-- in place of a page that was not built -->"
PLACEHOLDER = """<!doctype html>
{mark}
<html lang="{here}"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.6 sans-serif; margin: 3rem }}</style>
</head><body><main><h1>{name}</h1><p>{missing}</p><pre><code>{command}</code></pre>
<p><a href="{back}" lang="{here}">{here_name}</a></p></main></body></html>
"""


def other(app: Sphinx) -> Edition:
    return EDITIONS["en" if app.config.language == "ko" else "ko"]


def add_link(app: Sphinx, config) -> None:
    """The link stands at the top of the page, before the theme's buttons."""
    config.templates_path.append(str(Path(__file__).parent / "templates"))
    buttons = ["other-edition.html", "article-header-buttons.html"]
    config.html_theme_options["article_header_end"] = buttons


def point(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    edition = other(app)
    url = f"{edition.folder}{page}.html"
    context["other_edition"] = edition._asdict() | {"url": url}
    tag = f'<link rel="alternate" hreflang="{edition.language}" href="{url}">'
    context["metatags"] = context.get("metatags", "") + tag


def clear(app: Sphinx) -> None:
    """A placeholder is newer than the page's text, so that Sphinx would leave it there."""
    for path in Path(app.outdir).glob("*.html"):
        if MARK in path.read_text(encoding="utf8")[:200]:
            path.unlink()


def fill_in(app: Sphinx, error: Exception | None) -> None:
    """Write a placeholder for each page that the other edition has not built."""
    if error or app.builder.format != "html":
        return
    edition, here = other(app), EDITIONS[app.config.language]
    folder = Path(app.outdir) / edition.folder
    folder.mkdir(parents=True, exist_ok=True)
    for page in [*app.env.found_docs, "search"]:
        path = folder / f"{page}.html"
        if not path.exists():
            words = edition._asdict() | {"here": here.language, "here_name": here.name}
            back = f"{here.folder}{page}.html"
            path.write_text(PLACEHOLDER.format(mark=MARK, back=back, **words), encoding="utf8")


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", add_link, priority=860)
    app.connect("builder-inited", clear)
    app.connect("html-page-context", point)
    app.connect("build-finished", fill_in)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
