"""The Korean edition: every text there and current, saying the same, in good Korean."""

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import korean  # noqa: E402
import korean_checks as checks  # noqa: E402
import korean_texts as texts  # noqa: E402

import in_korean  # noqa: E402

PAGES = texts.pages()
TRANSLATED = texts.translated()
translated = pytest.mark.parametrize("page", TRANSLATED)


def config(path: str) -> dict:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf8"))


@translated
def test_every_text_is_there_and_current(page):
    assert texts.problems(page) == []


def test_the_pages_are_what_their_texts_make():
    assert korean.out_of_step() == []


@translated
def test_a_text_says_the_same_in_good_korean(page):
    assert checks.unexcused(page) == []


def test_each_exception_is_needed_and_has_its_reason():
    found = {(page, *finding) for page in TRANSLATED for finding in checks.of_page(page)}
    for exception in checks.exceptions():
        assert (exception["page"], exception["block"], exception["finding"]) in found
        assert len(exception["why"].split()) > 3


@pytest.mark.parametrize("page", [p for p in PAGES if texts.source(p).suffix == ".ipynb"])
def test_a_korean_notebook_has_the_code_of_the_english_one_and_no_outputs(page):
    english, made = (
        json.loads(path.read_text(encoding="utf8"))
        for path in (texts.source(page), texts.target(page))
    )
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    if page in TRANSLATED:
        assert [c["id"] for c in made["cells"]] == [c["id"] for c in english["cells"]]
        assert code == [cell for cell in english["cells"] if cell["cell_type"] == "code"]
    else:
        assert code == []
    assert all(cell["outputs"] == [] for cell in code)


def test_both_tables_of_contents_have_the_same_pages():
    """A page has its title there as long as it has no texts."""
    english, ours = config("_toc.yml"), config("ko/_toc.yml")

    def files(toc: dict) -> list:
        return [toc["root"], *([c["file"] for c in part["chapters"]] for part in toc["parts"])]

    assert files(english) == files(ours)
    assert [p.get("numbered") for p in english["parts"]] == [
        p.get("numbered") for p in ours["parts"]
    ]
    assert texts.titles().keys() == {*PAGES} - {*TRANSLATED}


def test_both_books_have_the_same_settings():
    english, ours = config("_config.yml"), config("ko/_config.yml")
    for settings, folder in ((english, "book"), (ours, "ko")):
        for name in ("title", "exclude_patterns", "bibtex_bibfiles"):
            del settings[name]
        assert settings.pop("repository")["path_to_book"] == folder
        sphinx = settings["sphinx"]
        assert sphinx["config"].pop("language") == {"book": "en", "ko": "ko"}[folder]
        sphinx["local_extensions"] = sphinx["local_extensions"].keys()
    settings = ours["sphinx"]["config"]
    assert settings.pop("html_static_path") == ["../book/_static"]
    del settings["html_theme_options"]["search_bar_text"]
    ours["sphinx"]["local_extensions"] -= {"korean_book", "korean_search"}
    assert english == ours


def test_each_readme_leads_to_the_other_in_its_first_line():
    english, ours = (
        (ROOT / name).read_text(encoding="utf8") for name in ("README.md", "README.ko.md")
    )
    assert english.splitlines()[0] == "**English** · [한국어](README.ko.md)"
    assert ours.splitlines()[0] == "[English](README.md) · **한국어**"


def test_links_of_the_korean_readme_have_their_target_and_lead_to_korean_pages():
    text = (ROOT / "README.ko.md").read_text(encoding="utf8")
    anchors = {f"#{texts.slug(heading)}" for heading in texts.headings(text)}
    links = [to for _, _, to in checks.LINK.findall(text) if not to.startswith("https:")]
    assert {"ko/5-infogan.ipynb", "ko/questions.md"} <= set(links)
    for to in links:
        assert to in anchors if to.startswith("#") else (ROOT / to).exists(), to
        assert not re.match(r"book/[\w-]+\.", to), to


def test_places_that_links_lead_to_are_the_english_ones():
    """Above the same heading or box, by its number."""
    english = 'A\n\n<a id="b"></a>\n\n## B\n\n> **Note.** C\n\n<a id="d"></a>\n\n> **Proof.** D'
    cell = {"cell_type": "markdown", "id": "x", "source": english.splitlines(keepends=True)}
    assert "<a" not in texts._words(cell)  # so they are no change of the text
    notebook = {"cells": [cell], "metadata": {}}
    korean = texts.Text("가\n\n## 나\n\n> **참고.** 다\n\n> **증명.** 라")
    made = json.loads(texts._notebook("x", {"x": korean}, notebook, ROOT))
    assert "".join(made["cells"][0]["source"]) == (
        '가\n\n<a id="b"></a>\n\n## 나\n\n> **참고.** 다\n\n<a id="d"></a>\n\n> **증명.** 라'
    )


# --- Pictures ---------------------------------------------------------------------------


def drawings(folder: str) -> dict[str, ElementTree.Element]:
    paths = (ROOT / folder / "_static").glob("*.svg")
    return {path.name: ElementTree.parse(path).getroot() for path in paths}


def test_each_drawing_has_a_korean_one_with_the_same_shapes_and_no_english_words():
    english, ours = drawings("book"), drawings("ko")
    assert english.keys() == ours.keys() and len(ours) > 1
    for name, drawing in ours.items():
        shapes = [[(e.tag, e.attrib) for e in of.iter()] for of in (english[name], drawing)]
        assert shapes[0] == shapes[1], name
        words = re.findall(r"\w+", " ".join(drawing.itertext()), re.ASCII)
        assert {word for word in words if len(word) > 3} <= {"InfoGAN", "info_to_trunk"}, name


# --- Words ------------------------------------------------------------------------------


def test_the_glossary_has_one_word_for_each_of_eighty_terms():
    terms = checks.terms()
    names = [term["en"] for term in terms]
    assert len(names) >= 80 and len(set(names)) == len(names)
    assert names == sorted(names, key=str.lower)
    for term in terms:
        assert term["from"] in texts.SOURCES and re.search("[가-힣]", term["ko"])
        assert term.keys() <= {"en", "ko", "from", "also", "everyday", "why"}


def test_both_glossary_pages_have_the_same_words():
    english, ours = texts.english_blocks("glossary"), texts.read("glossary")
    for name, text in ours.items():
        if name != "note" and (given := re.search(r'<span lang="ko">([^,<]+)', english[name])):
            word, original = re.match(r'(.+?) <span lang="en">([^<]+)</span>', text.korean).groups()
            assert word == given[1]
            assert original.split(",")[0].lower() in english[name].lower().replace(" (kl)", "")


def test_the_glossary_is_in_the_order_of_the_korean_alphabet():
    words = [
        t.korean.split(" <")[0] for t in texts.read("glossary").values() if "<span" in t.korean
    ]
    assert len(words) > 50
    assert words == sorted(words, key=lambda word: word.replace("GAN", "가"))


def test_the_words_of_the_tables_are_those_of_the_page_glossary():
    table = {term["en"]: term["ko"] for term in checks.terms()}
    for text in texts.read("glossary").values():
        if found := re.match(r'(.+?) <span lang="en">([^<,]+)', text.korean):
            word, english = found.groups()
            assert table.get(english, word) in word


def test_the_translators_notes_end_the_glossary_and_are_good_korean():
    notes = texts.notes()
    assert texts.make("glossary").endswith(f"{notes}\n") and notes.count("**역주: ") == 2
    assert checks.translationese(re.sub(r"^\|.*", "", notes, flags=re.M)) == []
    assert checks.leftovers(notes) == []
    cited = {to for _, _, to in checks.LINK.findall(notes) if to.startswith("https:")}
    assert cited <= checks.sources()
    pages = {to for _, _, to in checks.LINK.findall(notes) if not to.startswith("https:")}
    assert pages <= {texts.source(page).name for page in PAGES}


# --- Widgets ----------------------------------------------------------------------------


def widget_texts() -> dict[str, str]:
    return config("ko/texts/widgets.yml")


def said_by_code() -> str:
    """The code of the widgets, of the worlds that name their factors, and of the chapters."""
    package = ROOT / "infogan_lite"
    paths = [*package.glob("widgets/static/**/*.js"), *package.glob("w*/*.py")]
    code = "".join(path.read_text(encoding="utf8") for path in [*paths, *ROOT.glob("book/*.ipynb")])
    code = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), code)
    return re.sub(r'["`]\s*\+\s*["`]', "", code)  # texts in several lines


def test_the_table_of_the_widgets_is_of_what_they_say():
    code = said_by_code()
    for english, ours in widget_texts().items():
        missing = [part for part in re.split(r"\{\}|[,;:.] ?", english) if part.strip() not in code]
        assert missing == [], english
        holes = [n or str(i) for i, n in enumerate(re.findall(r"\{(\d*)\}", ours), 1)]
        assert set(holes) <= {str(i + 1) for i in range(english.count("{}"))}
        assert len(set(holes)) == len(holes), ours
        assert re.search("[가-힣]", ours) or not re.search("[a-z]{2}", ours.lower()), english
        assert not re.search("[A-Za-z]{2}", re.sub("|".join(in_korean.NAMES), "", ours)), ours
        assert checks.translationese(ours) == []


@translated
def test_texts_of_widgets_and_pictures_are_korean(page):
    for english, ours in texts.translations(page).items():
        assert re.search("[가-힣]", ours), english
