"""A page of widgets in Chromium that asks for nothing from outside and has no error."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Page

from benchmarks.widgets import write_page

Value = TypeVar("Value")

# A notebook's shortcuts: JupyterLab's come before the widget, others' after it.
NOTEBOOK = """() => {
  window.taken = [];
  const take = (event) => { taken.push(event.key); event.preventDefault(); };
  const early = (event) => {
    for (let node = event.target; node; node = node.parentElement) {
      if (node.hasAttribute("data-lm-suppress-shortcuts")) return;
      if (node.matches(":focus:not(:read-write), body")) return take(event);
    }
  };
  document.addEventListener("keydown", early, true);
  document.addEventListener("keydown", take);
}"""


def settled(page: Page, read: Callable[[], Value], quiet: int = 500) -> Value:
    """What ``read`` gives when it has stayed the same for ``quiet`` ms; a busy machine may wait."""
    value = read()
    for _ in range(20):
        page.wait_for_timeout(quiet)
        before, value = value, read()
        if value == before:
            return value
    raise TimeoutError(f"not at rest for {quiet} ms within {20 * quiet / 1000:g} s: {value!r:.200}")


def watched(tab: Page, path: Path) -> Page:
    """Open a built page; ``problems`` and ``outside`` hold what it complains of and asks for.

    Requests to other hosts are refused.
    """
    tab.problems, tab.outside = [], []

    def refuse(route) -> None:
        tab.outside.append(route.request.url)
        route.abort()

    tab.route(re.compile(r"^(?!file:|data:|blob:)"), refuse)
    tab.on("console", lambda m: tab.problems.append(m.text) if m.type == "error" else None)
    tab.on("pageerror", lambda error: tab.problems.append(str(error)))
    tab.goto(path.as_uri())
    tab.evaluate("() => window.MathJax?.startup?.promise")
    return tab


@contextmanager
def opened(
    browser: Browser, folder: Path, widgets: list, theme="light", width=1280, **options
) -> Iterator[Page]:
    """Write a page into ``folder`` and open it; at the end the test fails unless all was quiet."""
    context = browser.new_context(viewport={"width": width, "height": 1000}, **options)
    outside, errors = [], []

    def route(r):
        if r.request.url.startswith(("file:", "blob:", "data:")):
            return r.continue_()
        outside.append(r.request.url)
        return r.abort()

    context.route("**/*", route)
    page = context.new_page()
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    path, _ = write_page(widgets, folder, theme)
    page.goto(path.as_uri())
    yield page
    context.close()
    assert outside == []
    assert errors == []
