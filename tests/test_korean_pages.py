"""The built Korean edition: complete, linked with the English one, found, and good to look at."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import in_korean
import run_all
from accessible import violations
from built import Attributes, Built, build, hrefs
from quiet_page import watched

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "book/_ext"), str(ROOT / "tools")]

import editions  # noqa: E402
import korean_book  # noqa: E402
import korean_checks as checks  # noqa: E402
import korean_texts as texts  # noqa: E402
from infogan_book import box_slugs, execution_key  # noqa: E402

PAGES = texts.pages()
TRANSLATED = [page for page in PAGES if texts.texts_path(page).exists()]
NOTEBOOKS = [page for page in TRANSLATED if texts.source(page).suffix == ".ipynb"]
QUERIES = yaml.safe_load((ROOT / "tests/korean_queries.yml").read_text(encoding="utf8"))
pages = pytest.mark.parametrize("page", PAGES)


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Built:
    """The edition with the outputs of the English notebooks, at the small budget of the tests."""
    output = tmp_path_factory.mktemp("korean")
    cache = output / "_build/.jupyter_cache" / execution_key()
    run_all.fill(cache, [texts.source(page) for page in NOTEBOOKS])
    built = build(output, folder="ko", INFOGAN_REPOSITORY="")
    return built._replace(html=built.html / "ko")


def text_of(book: Built, page: str) -> str:
    return (book.html / f"{page}.html").read_text(encoding="utf8")


def test_the_outputs_are_those_of_the_english_notebooks(book):
    assert "Executing notebook" not in book.log


def test_builds_without_warnings(book):
    words = ("WARNING:", "ERROR", "Error", "Traceback")
    assert [line for line in book.log.splitlines() if any(w in line for w in words)] == []
    assert book.status == 0, book.log[-3000:]


@pages
def test_links_have_their_target(book, page):
    """Those to the English edition too, where a placeholder stands for what is not built."""
    for href in hrefs(book.html / f"{page}.html"):
        if re.match(r"[a-z]+:", href):
            continue
        name, _, anchor = href.partition("#")
        target = book.html / (name or f"{page}.html")
        assert target.exists(), href
        elements = Attributes(target.read_text(encoding="utf8")).elements
        assert not anchor or anchor in {a["id"] for _, a in elements if "id" in a}, href


@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_each_page_leads_to_its_english_page_and_back(book, page):
    text = text_of(book, page)
    assert '<html lang="ko"' in text
    links = [a for t, a in Attributes(text).elements if a.get("hreflang") == "en" and t == "a"]
    assert [link["href"] for link in links] == [f"../{page}.html"]
    there = (book.html.parent / f"{page}.html").read_text(encoding="utf8")
    assert editions.MARK in there and f'href="ko/{page}.html"' in there


@pytest.mark.parametrize("page", TRANSLATED)
def test_anchors_are_the_english_ones(book, page):
    wanted = [*texts.heading_slugs(page), *box_slugs(texts.markdown(page))]
    ids = {a["id"] for _, a in Attributes(text_of(book, page)).elements if "id" in a}
    assert set(wanted) <= ids


@pytest.mark.parametrize("page", TRANSLATED)
def test_boxes_solutions_and_pictures_speak_korean(book, page):
    text = text_of(book, page)
    assert not re.search(r"<blockquote>\s*<div><p><strong>", text)
    assert "Show the solution" not in text and "tag_colab-setup" not in text
    alts = [a["alt"] for t, a in Attributes(text).elements if t == "img" and a.get("alt")]
    assert all(re.search("[가-힣]", alt) for alt in alts)
    assert alts or page not in NOTEBOOKS


# --- Editions, without a build ----------------------------------------------------------


def app(folder: Path, language: str = "en", **others) -> SimpleNamespace:
    builder, env = SimpleNamespace(format="html"), SimpleNamespace(found_docs={"a", "b"})
    config = SimpleNamespace(language=language)
    return SimpleNamespace(outdir=str(folder), config=config, builder=builder, env=env, **others)


def test_a_placeholder_gives_way_to_the_page(tmp_path):
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko/a.html").write_text("<html>the page</html>", encoding="utf8")
    editions.fill_in(app(tmp_path), None)
    assert (tmp_path / "ko/a.html").read_text(encoding="utf8") == "<html>the page</html>"
    text = (tmp_path / "ko/b.html").read_text(encoding="utf8")
    assert "jupyter-book build ko" in text and 'href="../b.html"' in text
    editions.clear(app(tmp_path / "ko", "ko"))
    assert sorted(p.name for p in (tmp_path / "ko").iterdir()) == ["a.html"]


def test_nothing_is_filled_in_after_an_error(tmp_path):
    editions.fill_in(app(tmp_path), RuntimeError())
    assert list(tmp_path.iterdir()) == []


def test_the_plain_command_builds_beside_the_english_pages(tmp_path, monkeypatch):
    """And where Jupyter Book says that the pages are, a page leads to them."""
    monkeypatch.setattr(korean_book, "KO", tmp_path / "ko")
    monkeypatch.setattr(korean_book.korean_texts, "ROOT", tmp_path)
    told = app(tmp_path / "ko/_build/html", doctreedir=str(tmp_path / "ko/_build/.doctrees"))
    korean_book.move_output(told)
    assert told.outdir == str(tmp_path / "_build/html/ko")
    assert told.doctreedir == str(tmp_path / "_build/.doctrees-ko")
    page = (tmp_path / "ko/_build/html/index.html").read_text(encoding="utf8")
    (target,) = re.findall(r"url=([^\"]+)", page)
    assert (
        tmp_path / "ko/_build/html" / target
    ).resolve() == tmp_path / "_build/html/ko/index.html"


# --- In a browser -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def context(browser):
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture(scope="module", params=[*TRANSLATED, "2-latent-codes", "search"])
def tab(request, context, book):
    """A page, and all that it complains of or asks other hosts for."""
    with context.new_page() as tab:
        watched(tab, book.html / f"{request.param}.html")
        yield tab


SAID = """() => {
  // What the page says around its text: visible words, tooltips, words for screen readers.
  const words = [];
  // The list of its sections repeats its text.
  const names = ["title", "aria-label", "placeholder", "data-bs-original-title"];
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest(".page-toc, #jb-print-toc")) continue;
    for (const name of names) if (e.getAttribute(name)) words.push(e.getAttribute(name));
    if (e.closest("article, script, style, template, noscript, mjx-container")) continue;
    for (const n of e.childNodes) if (n.nodeType === 3 && n.data.trim()) words.push(n.data.trim());
  }
  return words;
}"""
ENGLISH = {  # words around the text that stay
    "InfoGAN": "a name",
    "English": "the link to the other edition, in its own language",
    "The infogan_lite authors": "the author, as in LICENSE",
    "infogan_lite": "a name",
    "GAN": "a name",
    ".ipynb": "a kind of file",
    ".md": "a kind of file",
    ".pdf": "a kind of file",
    "PDF": "a kind of file",
    "Ctrl": "a key",
    "K": "a key",
}


@pytest.mark.browser
def test_nothing_around_the_text_is_english(tab):
    names = sorted(ENGLISH, key=len, reverse=True)
    for words in tab.evaluate(SAID):
        rest = re.sub("|".join(map(re.escape, names)), "", words)
        assert not re.search(r"[A-Za-z]{3}", rest), words
    footer = tab.locator(".component-author").inner_text()
    assert footer == "글 The infogan_lite authors"


@pytest.mark.browser
def test_words_do_not_break_and_lines_have_room(tab):
    style = tab.evaluate("""() => {
      const s = getComputedStyle(document.querySelector(".bd-article p, .bd-article h1, body"));
      return [s.wordBreak, s.fontFamily];
    }""")
    assert style[0] == "keep-all" and "Malgun Gothic" in style[1]
    if tab.locator(".bd-article p").count():
        sizes = "e => ['lineHeight', 'fontSize'].map((k) => parseFloat(getComputedStyle(e)[k]))"
        height, size = tab.locator(".bd-article p").first.evaluate(sizes)
        assert height / size >= 1.7


@pytest.mark.browser
def test_page_is_accessible_in_light_and_dark(tab):
    assert violations(tab) == []
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_timeout(300)
    assert violations(tab, runOnly=["color-contrast"]) == []


APART = """() => {
  // Particles that stand on a line below the end of their formula.
  const found = [];
  for (const formula of document.querySelectorAll("article mjx-container:not([display])")) {
    const after = formula.parentElement.nextSibling;
    if (after?.nodeType !== 3 || !/^[가-힣]/.test(after.data)) continue;
    const letter = new Range();
    letter.setStart(after, 0);
    letter.setEnd(after, 1);
    const { bottom } = formula.getBoundingClientRect();
    if (letter.getBoundingClientRect().top > bottom - 2) found.push(after.data);
  }
  return found;
}"""


TORN = """() => {
  // Words of a table that go on in a second line.
  const found = [];
  for (const cell of document.querySelectorAll("article :is(td, th)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      for (const word of text.data.matchAll(/[가-힣]+/g)) {
        const range = new Range();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const tops = Array.from(range.getClientRects(), (r) => Math.round(r.top));
        if (new Set(tops).size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""


@pytest.mark.browser
def test_page_fits_a_phone_and_complained_of_nothing(tab):
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate(TORN) == []
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert tab.evaluate(APART) == []
    assert tab.problems == [] and tab.outside == []


@pytest.mark.browser
@pytest.mark.parametrize("page", NOTEBOOKS)
def test_widgets_speak_korean(book, context, page):
    with context.new_page() as tab:
        tab.goto((book.html / f"{page}.html").as_uri())
        tab.wait_for_selector(".page-widget[data-ready]")
        assert tab.locator(".page-widget[data-failed]").count() == 0
        for words in tab.evaluate(in_korean.SAID):
            assert checks.leftovers(words) == [], words
        for widget in tab.locator(".igl-prediction").all():
            widget.get_by_role("button").click()
            assert widget.locator(".igl-reply").inner_text() == "먼저 답을 고르세요."
            answer, reply = widget.locator("input").first, widget.locator(".igl-reply")
            if answer.get_attribute("type") == "radio":
                answer.press("Space")
                widget.get_by_role("button").click()
                assert re.match("(아닙니다|맞습니다)[.] ", reply.inner_text())
            else:
                answer.fill("1")
                widget.get_by_role("button").click()
                assert reply.inner_text() != "먼저 답을 고르세요."
            words = widget.inner_text()
            assert checks.leftovers(words) == [] and "{" not in words


def search(tab, book: Built, words: str) -> set[str]:
    """The pages that a search finds."""
    tab.goto((book.html / "search.html").as_uri() + f"?q={words}")
    tab.wait_for_function(
        "document.querySelector('#search-results h2')?.textContent === '검색 결과'"
    )
    links = tab.locator("#search-results .search li a").all()
    return {Path(link.get_attribute("href").split("?")[0].split("#")[0]).stem for link in links}


@pytest.mark.browser
def test_search_finds_korean(book, context):
    with context.new_page() as tab:
        found = {q["ask"]: search(tab, book, q["ask"]) for q in QUERIES["finds"]}
        missed = [q for q in QUERIES["finds"] if not {*q["pages"]} <= found[q["ask"]]]
        assert missed == []
        assert {ask: search(tab, book, ask) for ask in QUERIES["nothing"]} == dict.fromkeys(
            QUERIES["nothing"], set()
        )
