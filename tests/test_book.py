"""The built book: no warnings, nothing unresolved, and every page opened in Chromium."""

import functools
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import browser as chromium  # noqa: E402

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
PAGES = [TOC["root"], *(c["file"] for part in TOC["parts"] for c in part["chapters"])]
CHAPTERS = [page for page in PAGES if (ROOT / f"book/{page}.ipynb").exists()]
pages = pytest.mark.parametrize("page", PAGES)


class Built(NamedTuple):
    html: Path
    status: int
    log: str


def build(output: Path, *options: str, **variables: str) -> Built:
    """Build the book as a reader would, with a warning as an error."""
    program = str(Path(sys.executable).with_name("jupyter-book"))
    command = [program, "build", "book", "-W", "--keep-going", "--path-output", str(output)]
    result = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    log = re.sub(r"\x1b\[[\d;]*m", "", result.stdout + result.stderr)
    return Built(output / "_build/html", result.returncode, log)


@pytest.fixture(scope="session")
def book(tmp_path_factory) -> Built:
    """The book without an address, every cell executed at the small budget of conftest.py."""
    return build(tmp_path_factory.mktemp("book"), INFOGAN_REPOSITORY="")


@pytest.fixture(scope="session")
def linked(tmp_path_factory) -> Path:
    """The pages of a book that has an address, built without executing anything."""
    folder = tmp_path_factory.mktemp("linked")
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    config["execute"]["execute_notebooks"] = "off"
    extensions = config["sphinx"]["local_extensions"]
    config["sphinx"]["local_extensions"] = {k: str(ROOT / v) for k, v in extensions.items()}
    (folder / "_config.yml").write_text(yaml.safe_dump(config))
    url, branch = "https://github.com/example/infogan-book", "draft"
    return build(
        folder,
        "--config",
        str(folder / "_config.yml"),
        INFOGAN_REPOSITORY=url,
        INFOGAN_BRANCH=branch,
    ).html


class Attributes(HTMLParser):
    """All elements of a page, as (tag, attributes)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))


def hrefs(page: Path) -> list[str]:
    elements = Attributes(page.read_text(encoding="utf8")).elements
    return [attrs["href"] for tag, attrs in elements if tag == "a" and attrs.get("href")]


def test_builds_without_warnings(book):
    words = ("WARNING:", "ERROR", "Error", "Traceback")
    assert [line for line in book.log.splitlines() if any(w in line for w in words)] == []
    assert book.status == 0, book.log[-3000:]


@functools.cache
def ids(page: Path) -> set[str]:
    elements = Attributes(page.read_text(encoding="utf8")).elements
    return {attrs["id"] for _, attrs in elements if "id" in attrs}


@pages
def test_links_inside_the_book_have_their_target(book, page):
    for href in hrefs(book.html / f"{page}.html"):
        if re.match(r"[a-z]+:", href):
            continue
        name, _, anchor = href.partition("#")
        target = book.html / (name or f"{page}.html")
        assert target.exists(), href
        assert not anchor or anchor in ids(target), href


@pages
def test_page_loads_nothing_from_elsewhere(book, page):
    text = (book.html / f"{page}.html").read_text(encoding="utf8")
    for tag, attrs in Attributes(text).elements:
        if tag in ("script", "img", "link", "iframe"):
            address = attrs.get("src") or attrs.get("href") or ""
            assert not address.startswith(("http", "//")), address


@pages
def test_no_markup_is_left_over(book, page):
    text = (book.html / f"{page}.html").read_text(encoding="utf8")
    assert not re.search(r"<blockquote>\s*<div><p><strong>", text)  # every box was recognized
    assert 'class="problematic"' not in text
    assert "tag_colab-setup" not in text


@pytest.mark.parametrize("page", CHAPTERS)
def test_chapter_links_to_colab_and_binder(linked, page):
    found = hrefs(linked / f"{page}.html")
    path = f"book/{page}.ipynb"
    colab = "https://colab.research.google.com/github/example/infogan-book/blob/draft/"
    binder = "https://mybinder.org/v2/gh/example/infogan-book/draft?urlpath=lab/tree/"
    assert colab + path in found
    assert binder + path in found


@pytest.mark.parametrize("page", CHAPTERS)
def test_chapter_shows_its_figures(book, page):
    text = (book.html / f"{page}.html").read_text(encoding="utf8")
    assert re.search(r'<img alt="[^"]{20,}', text)
    assert "&lt;Figure size" not in text


@pages
def test_without_an_address_there_are_no_such_links(book, page):
    text = (book.html / f"{page}.html").read_text(encoding="utf8")
    for word in ("mybinder.org", "colab.research", "executablebooks/jupyter-book"):
        assert word not in text


# --- in a browser -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def context():
    """Headless Chromium without a network: requests to other hosts are noted and refused."""
    path = chromium.find()
    if not path:
        if os.environ.get("CI"):
            pytest.fail(chromium.HINT)
        pytest.skip(chromium.HINT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--allow-file-access-from-files"]
        driver = playwright.chromium.launch(executable_path=path, args=arguments)
        size = {"width": 1280, "height": 900}
        context = driver.new_context(viewport=size, color_scheme="light")
        context.outside = []

        def refuse(route) -> None:
            context.outside.append(route.request.url)
            route.abort()

        context.route(re.compile(r"^(?!file:|data:|blob:)"), refuse)
        yield context
        driver.close()


def images_without_text(tab) -> list[str]:
    """Without an alternative text; Sphinx writes the file's path where there is none."""
    script = """all => all.filter(i => !i.alt.trim() || /\\.(png|svg|jpe?g)$/.test(i.alt))
                       .map(i => i.outerHTML.slice(0, 200))"""
    return tab.eval_on_selector_all("article img", script)


def violations(tab, **options) -> list:
    """What axe-core calls serious or critical, with the first places."""
    from axe_playwright_python.sync_playwright import Axe

    formulas = {"exclude": [["mjx-container"]]}  # MathJax's own, and most of a page's elements
    result = Axe().run(tab, context=formulas, options={"preload": False, **options})
    return [
        (v["id"], [n["html"][:200] + " | " + n["failureSummary"] for n in v["nodes"][:3]])
        for v in result.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.browser
@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_page_in_a_browser(context, book, page):
    """No error, no request to another host, readable in light and dark and on a phone."""
    problems: list[str] = []
    context.outside.clear()
    with context.new_page() as tab:
        tab.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.goto((book.html / f"{page}.html").as_uri())
        tab.evaluate("() => window.MathJax?.startup?.promise")
        formulas = tab.locator("article .math").count()
        assert tab.locator("article mjx-container").count() >= formulas
        assert tab.locator("mjx-merror, [data-mjx-error]").count() == 0
        assert images_without_text(tab) == []
        assert violations(tab) == []
        tab.evaluate("document.documentElement.dataset.theme = 'dark'")
        tab.wait_for_timeout(300)  # the theme fades from one to the other
        assert violations(tab, runOnly=["color-contrast"]) == []
        tab.set_viewport_size({"width": 390, "height": 844})
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert problems == []
    assert context.outside == []
