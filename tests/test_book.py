"""The built book: no warnings, nothing unresolved, and every page opened in Chromium."""

import functools
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

import run_all
from accessible import MARK as LOOKS
from accessible import violations
from built import Attributes, Built, build, hrefs, program
from quiet_page import watched

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "tools"), str(ROOT / "book/_ext")]

import infogan_book  # noqa: E402
import stamp  # noqa: E402

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
PAGES = [TOC["root"], *(c["file"] for part in TOC["parts"] for c in part["chapters"])]
CHAPTERS = [page for page in PAGES if (ROOT / f"book/{page}.ipynb").exists()]
LINKED = (CHAPTERS[0], CHAPTERS[-1])  # all pages have their buttons from one template
pages = pytest.mark.parametrize("page", PAGES)


@pytest.fixture(scope="session")
def book(tmp_path_factory) -> Built:
    """The book without an address, of the notebooks that ran at the small budget of conftest.py.

    Outputs come from the cache as with a second build; ``make book`` runs the notebooks itself.
    """
    output = tmp_path_factory.mktemp("book")
    run_all.fill(output / "_build" / ".jupyter_cache" / infogan_book.execution_key())
    return build(output, INFOGAN_REPOSITORY="")


@pytest.fixture(scope="session")
def linked(tmp_path_factory) -> Path:
    """Three pages of a fork, stamped with its address, built without executing anything."""
    folder = tmp_path_factory.mktemp("linked")
    for name in ("book", "ko"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("_toc.yml", "infogan_lite"):
        (folder / name).symlink_to(ROOT / name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    config["repository"] |= {"url": "https://github.com/example/infogan-book", "branch": "draft"}
    config["execute"]["execute_notebooks"] = "off"
    config["exclude_patterns"] += [f"{page}.*" for page in PAGES[1:] if page not in LINKED]
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(infogan_book, "ROOT", folder)
        for page in [*folder.glob("book/*.ipynb"), *folder.glob("ko/*.ipynb")]:
            stamp.stamp(page)
    return build(folder, root=folder).html


def test_the_cache_serves_every_notebook(book):
    assert "Executing notebook" not in book.log


def test_builds_without_warnings(book):
    words = ("WARNING:", "ERROR", "Error", "Traceback")
    assert [line for line in book.log.splitlines() if any(w in line for w in words)] == []
    assert book.status == 0, book.log[-3000:]


def test_the_top_folder_is_answered_with_the_right_command(tmp_path):
    """In one sentence, and no traceback after it."""
    command = [program("jupyter-book"), "build", ".", "--path-output", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "the pages are in the folder book: jupyter-book build book" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_cells_of_another_branch_are_refused_before_anything_is_run(tmp_path):
    """In one sentence, and no traceback after it."""
    url = "https://github.com/example/infogan-book"
    built = build(tmp_path, INFOGAN_REPOSITORY=url, INFOGAN_BRANCH="other")
    assert built.status == 1 and "Executing notebook" not in built.log
    said = f"error: the first cells do not install infogan_lite @ git+{url}@other (run: make stamp)"
    assert said in built.log and "Traceback" not in built.log


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
def test_an_id_stands_once(book, page):
    """The anchors that JupyterLab needs are not on the page, which has ids of its own."""
    elements = Attributes((book.html / f"{page}.html").read_text(encoding="utf8")).elements
    found = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert sorted(found) == sorted(set(found))


@pages
def test_each_page_leads_to_its_korean_page(book, page):
    """A placeholder is there, as long as the Korean edition is not built beside this one."""
    text = (book.html / f"{page}.html").read_text(encoding="utf8")
    links = [a for t, a in Attributes(text).elements if t == "a" and a.get("hreflang") == "ko"]
    assert [link["href"] for link in links] == [f"ko/{page}.html"]
    assert "jupyter-book build ko" in (book.html / f"ko/{page}.html").read_text(encoding="utf8")


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


def test_each_part_of_another_project_has_its_license(book):
    static = book.html / "_static"
    head, *lines = (static / "licenses/LICENSES.txt").read_text(encoding="utf8").splitlines()
    copied = {line.strip() for line in lines if line.startswith(" ")}
    assert copied == {p.name for p in (static / "licenses").iterdir()} - {"LICENSES.txt"}
    known = {"pygments.css", *(p.name for p in (ROOT / "book/_static").iterdir()), "loader.js"}
    for project in (line.split()[0] for line in lines if line[:1].strip()):
        known |= {re.sub(r"_t$|\.jinja$", "", f.name) for f in distribution(project).files}
    for path in static.rglob("*"):
        name = re.sub(r"\.[0-9a-f]{64}", "", path.name)  # mystnb.11b3...css
        assert path.is_dir() or path.parent.name == "licenses" or name in known, path


def test_the_table_of_claims_is_a_table(book):
    text = (book.html / "9-claims.html").read_text(encoding="utf8")
    rows = re.findall(r"<tr\b.*?</tr>", text, re.DOTALL)
    verdicts = ("holds (", "fails (", "undecided (")
    assert sum(any(word in row for word in verdicts) for row in rows) > 25


@pytest.mark.parametrize("page", LINKED)
def test_chapter_links_to_colab_and_binder(linked, page):
    found = hrefs(linked / f"{page}.html")
    path = f"book/{page}.ipynb"
    colab = "https://colab.research.google.com/github/example/infogan-book/blob/draft/"
    binder = "https://mybinder.org/v2/gh/example/infogan-book/draft?urlpath=lab/tree/"
    assert colab + path in found
    assert binder + path in found
    assert not (linked / "api.html").exists()  # the other pages would take long


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


def test_the_book_has_widgets(book):
    """On three pages at least; below, each slider is moved in a browser."""
    texts = [(book.html / f"{page}.html").read_text(encoding="utf8") for page in CHAPTERS]
    assert sum("jupyter.widget-view+json" in text for text in texts) >= 3


# --- in a browser -----------------------------------------------------------------------

WIDGET = ".page-widget"
MARK = 'script[type="application/vnd.jupyter.widget-view+json"]'


@pytest.fixture(scope="module")
def context(browser):
    """A window of headless Chromium."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, color_scheme="light")
    yield context
    context.close()


def images_without_text(tab) -> list[str]:
    """Without an alternative text; Sphinx writes the file's path where there is none."""
    script = """all => all.filter(i => !i.alt.trim() || /\\.(png|svg|jpe?g)$/.test(i.alt))
                       .map(i => i.outerHTML.slice(0, 200))"""
    return tab.eval_on_selector_all("article img", script)


PALE = """<!doctype html><html lang="en"><title>Pale</title><style>
  body { background: white } code { color: #333 } .pale { color: #aaa }
  .over { position: absolute; top: 400px }
</style><main><h1>Words</h1><p>%s</p><p class="over">%s</p></main>"""
CODE = "<code>word</code> <code>x</code> "
HIGHLIGHTED = '<span class="highlight">' + 9 * "<span>word</span> " + "%s</span>"


@pytest.mark.browser
@pytest.mark.parametrize(
    "late, over, found",
    [
        ("", "", 0),
        ('<code class="pale">word</code>', "", 1),  # a color of its own, among hundreds
        ('<b style="background: #666"><code>word</code></b>', "", 1),  # on a ground of its own
        ("", '<code class="pale">word</code>', 1),
        (200 * '<i class="pale">word</i>', "", 2),  # as many as are judged of one look
        (HIGHLIGHTED % "", "", 0),
        (HIGHLIGHTED % '<span class="pale">word</span>', "", 1),
    ],
)
def test_one_pale_word_among_hundreds_is_found(context, late, over, found):
    with context.new_page() as tab:
        tab.set_content(PALE % (200 * CODE + late + 200 * CODE, over))
        assert [len(places) for _, places in violations(tab)] == [found] * (found > 0)
        tab.add_style_tag(content="body { background: black !important }")
        ((rule, _),) = violations(tab, runOnly=["color-contrast"])  # judged anew, as the dark theme
        assert rule == "color-contrast"


@pytest.mark.browser
def test_a_page_that_was_judged_is_as_before(context):
    """All words of code and all of a formula are there again."""
    body = """() => {
      const copy = document.body.cloneNode(true);
      copy.querySelectorAll("[data-look]").forEach((e) => e.removeAttribute("data-look"));
      return copy.innerHTML;
    }"""
    formula = '<mjx-container><svg width="9"><path d="M0 0"></path></svg></mjx-container>'
    with context.new_page() as tab:
        tab.set_content(PALE % (HIGHLIGHTED % formula, formula))
        before = tab.evaluate(body)
        assert violations(tab) == []
        assert tab.evaluate(body) == before
        assert before.count("<path") == 2 and before.count("<span>word") == 9


@pytest.fixture(scope="module", params=[*PAGES, "search"])
def tab(request, context, book):
    """A page, opened once for all tests below, and all that it complains of or asks for.

    Requests to other hosts are refused.
    """
    with context.new_page() as tab:
        watched(tab, book.html / f"{request.param}.html")
        tab.wait_for_function(
            "([mark, shown]) => document.querySelectorAll(mark).length"
            " === document.querySelectorAll(shown).length",
            arg=[MARK, WIDGET + "[data-ready]"],
        )
        yield tab


@pytest.mark.browser
def test_formulas_are_set_and_pictures_described(tab):
    formulas = tab.locator("article .math").count()
    assert tab.locator("article mjx-container").count() >= formulas
    assert tab.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert images_without_text(tab) == []


class Looks(NamedTuple):
    """What a widget shows to the eye and says to a screen reader."""

    pixels: str
    words: str


def looks(widget) -> Looks:
    """Its picture and charts; not the contact sheet, which follows a moment later."""
    script = """widget => {
      const all = [...widget.querySelectorAll("canvas[role=img], svg[role=img]")];
      return [all.map(e => e.toDataURL ? e.toDataURL() : e.innerHTML).join(),
              all.map(e => e.getAttribute("aria-label")).join()];
    }"""
    return Looks(*widget.evaluate(script))


def changed(before: Looks, after: Looks) -> bool:
    return before.pixels != after.pixels and before.words != after.words


def part(slider) -> float:
    """Where the slider stands, from 0 to 1."""
    return slider.evaluate("s => (s.value - s.min) / (s.max - s.min)")


def move_slider(widget, slider) -> None:
    """By arrow keys, then by a click on its track."""
    before, spoken = looks(widget), slider.get_attribute("aria-valuetext")
    arrow = "ArrowLeft" if part(slider) > 0.5 else "ArrowRight"
    for _ in range(10):
        slider.press(arrow)
    by_key = looks(widget)
    assert changed(before, by_key), f"{spoken}: {arrow}"
    assert slider.get_attribute("aria-valuetext") != spoken
    box, at = slider.bounding_box(), 0.2 if part(slider) > 0.5 else 0.8
    slider.click(position={"x": at * box["width"], "y": box["height"] / 2})
    assert changed(by_key, looks(widget)), f"{spoken}: mouse"
    step = slider.evaluate("s => s.step / (s.max - s.min)")
    assert abs(part(slider) - at) <= 0.05 + step / 2  # the thumb's width, and a step


def move_choice(widget, options: list) -> None:
    """Round through all radio buttons by arrow key, then by a click on each."""
    start = next(i for i, option in enumerate(options) if option.is_checked())
    for move in ("key", "mouse"):
        for k in range(1, len(options) + 1):
            before = looks(widget)
            option = options[(start + k) % len(options)]
            if move == "key":
                options[(start + k - 1) % len(options)].press("ArrowRight")
            else:
                option.locator("xpath=..").click()  # its label, as a reader does
            assert option.is_checked()
            assert changed(before, looks(widget)), option.get_attribute("aria-label") + move


@pytest.mark.browser
def test_every_slider_and_choice_answers(tab):
    assert tab.locator("[data-failed]").count() == 0
    # Laboratories answer from a worker: tests/test_*laboratory_in_browser.py try them.
    # Questions have no picture: tests/test_widgets_in_browser.py answers them.
    others = tab.locator(".igl-plane, .igl-digits, .igl-prediction")
    for widget in tab.locator(WIDGET).filter(has_not=others).all():
        sliders = widget.locator("input[type=range]").all()
        assert sliders
        for slider in sliders:
            move_slider(widget, slider)
        for group in widget.locator("fieldset").all():
            move_choice(widget, group.locator("input[type=radio]").all())


@pytest.mark.browser
def test_page_is_accessible_in_light_and_dark(tab):
    assert violations(tab) == []
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_timeout(300)  # the theme fades from one to the other
    assert violations(tab, runOnly=["color-contrast"]) == []


@pytest.mark.browser
def test_texts_with_the_same_colors_all_the_way_down_are_one_look(context):
    with context.new_page() as tab:
        tab.set_content(PALE % (3 * CODE, CODE))
        tab.evaluate(LOOKS, ["mjx-container", 100])
        looks = tab.locator("p:not(.over) code").evaluate_all("all => all.map(e => e.dataset.look)")
        words, signs = looks[::2], looks[1::2]
        assert len(set(words)) == len(set(signs)) == 1 and words[0] != signs[0]
        assert tab.locator(".over code").first.get_attribute("data-look") != words[0]


OUT_OF_REACH = """() => {
  // What begins left of its place cannot be scrolled to.
  const left = (e) => e.getBoundingClientRect().left;
  const column = Math.min(...[...document.querySelectorAll(".bd-article")].map(left));
  return [...document.querySelectorAll("mjx-container[display=true]")]
    .filter((e) => left(e) < column || left(e.firstElementChild) < left(e) - e.scrollLeft - 1)
    .map((e) => e.parentElement.textContent.slice(0, 60));
}"""
TOO_WIDE = """() => [...document.querySelectorAll(".highlight pre")]
  .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"""


@pytest.mark.browser
def test_page_fits_a_phone(tab):
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert tab.evaluate(OUT_OF_REACH) == []


@pytest.mark.browser
def test_on_a_small_laptop_code_and_prints_need_no_scrolling(tab):
    tab.set_viewport_size({"width": 1200, "height": 900})
    assert tab.evaluate(TOO_WIDE) == []
    assert tab.evaluate(OUT_OF_REACH) == []


@pytest.mark.browser
def test_page_complained_of_nothing_and_asked_no_other_host(tab):
    """The last of the tests of a page, after all that was done to it."""
    assert tab.problems == []
    assert tab.outside == []
