"""The Korean texts and the pages made of them, in a book of one notebook and one plain page."""

import json
from importlib import import_module

import pytest

from tools_of_ours import tool

korean = tool("korean")
texts = korean.korean

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "top", "metadata": {}, "source": ["# One\n", "Two $x$."]},
        {
            "cell_type": "code",
            "id": "draw",
            "metadata": {"mystnb": {"image": {"alt": "A line that rises."}}, "tags": ["t"]},
            "source": ["%matplotlib inline\n", 'plot("no text for readers")'],
            "outputs": [],
            "execution_count": None,
        },
        {
            "cell_type": "code",
            "id": "ask",
            "metadata": {},
            "source": ['predict("Which?", {"up": "It is up.", "no": "It is.",}, right="up",\n']
            + ['    result=f"It went from {a:.2f} "\n', '    f"to {b}.")'],
            "outputs": [],
            "execution_count": None,
        },
        {"cell_type": "code", "id": "rest", "metadata": {}, "source": ["1"], "outputs": []},
    ],
    "metadata": {"kernelspec": {"name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
INDEX = (
    "# Title\n\nWords.\n\n```\n# no heading\n```\n\n![A](_static/a.png)\n\n## Next *one*\n\nMore.\n"
)
INDEX += "\nword <span lang='ko'>말</span>\n: What it means.\n\n> **Note.** A box.\n"
TOC = "root: index\nparts:\n- chapters:\n  - file: one\n  - file: two\n"
KO_TOC = "root: index\nparts:\n- chapters:\n  - file: one\n  - {file: two, title: 둘}\n"
ONE = """<!-- top -->
# 하나
둘 $x$입니다.

<!-- draw -->
올라가는 선.

<!-- ask -->
어느 쪽?

위

위입니다.

아니요

그렇습니다.

{}에서 {}까지 갔습니다.
"""
INDEX_KO = """<!-- title -->
# 제목
![A](_static/a.png)

<!-- next-one -->
## 다음

<!-- word -->
말
: 뜻.

<!-- note -->
> **참고.** 상자.
"""


@pytest.fixture
def root(tmp_path):
    for folder in ("book", "ko/texts"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("one", "two"):
        (tmp_path / f"book/{name}.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf8")
    files = {"_toc.yml": TOC, "ko/_toc.yml": KO_TOC, "book/index.md": INDEX}
    files |= {"ko/texts/one.md": ONE, "ko/texts/index.md": INDEX_KO}
    files["ko/texts/widgets.yml"] = "Play: 움직이기\n"
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf8")
    for page in ("one", "index"):
        assert texts.stamp(page, tmp_path) == []
    korean.write_pages(tmp_path)
    return tmp_path


def change(root, old: str, new: str, name: str = "book/one.ipynb") -> None:
    path = root / name
    before = path.read_text(encoding="utf8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf8")


def test_blocks_are_cells_and_what_code_shows_in_words(root):
    assert texts.english_blocks("one", root) == {
        "top": "# One\nTwo $x$.",
        "draw": "A line that rises.",
        "ask": "Which?\n\nup\n\nIt is up.\n\nno\n\nIt is.\n\nIt went from {} to {}.",
    }


def test_blocks_of_a_plain_page_are_sections_terms_and_boxes(root):
    blocks = texts.english_blocks("index", root)
    assert list(blocks) == ["title", "next-one", "word", "note"]
    assert "# no heading" in blocks["title"] and blocks["note"] == "> **Note.** A box."
    assert texts.heading_slugs("index", root) == ["title", "next-one"]


def test_code_cells_are_the_same_and_texts_korean(root):
    made = json.loads((root / "ko/one.ipynb").read_text(encoding="utf8"))
    assert made["cells"][1:] == NOTEBOOK["cells"][1:]  # metadata too: the cache looks at them
    assert made["metadata"] == NOTEBOOK["metadata"]
    assert made["cells"][0]["source"] == ["# 하나\n", "둘 $x$입니다."]
    assert texts.translations("one", root)["It went from {} to {}."] == "{}에서 {}까지 갔습니다."


def test_the_words_of_widgets_are_in_one_table_beside_the_notebooks(root):
    """Their own, and what cells give them; not the words of pictures."""
    table = json.loads((root / "ko/widget-texts.json").read_text(encoding="utf8"))
    assert table["Play"] == "움직이기" and table["It is up."] == "위입니다."
    assert "A line that rises." not in table
    change(root, "움직이기", "재생", "ko/texts/widgets.yml")
    assert any("widget-texts.json is out of step" in s for s in korean.out_of_step(root))
    change(root, "{}까지 갔습니다", "갔습니다", "ko/texts/one.md")  # as long as it is being written
    assert "It is up." not in texts.widget_table(["one"], root)


README = """[to the Korean one](README.ko.md)

# Title

See [one](book/one.ipynb), [below](#next-part), ![A](book/_static/a.png).

```
make it  # now
```

## Next part

Words.
"""
README_KO = """<!-- title -->
# 제목
[하나](book/one.ipynb), [아래](#next-part), ![A](book/_static/a.png).

```
make it  # 지금
```

<!-- next-part -->
## 다음 부분
말.
"""


def test_the_readme_is_bound_like_a_page_though_it_is_none(root):
    assert "README" not in texts.pages(root) and "README" not in texts.translated(root)
    (root / "README.md").write_text(README, encoding="utf8")
    korean.main(["new", "README"], root)
    (root / "ko/texts/README.md").write_text(README_KO, encoding="utf8")
    assert korean.main(["stamp", "README"], root) is None
    assert "README.ko.md" in korean.write_pages(root) and korean.out_of_step(root) == []
    made = (root / "README.ko.md").read_text(encoding="utf8")
    assert made.startswith("[English](README.md)") and "(#다음-부분)" in made
    assert "(ko/one.ipynb)" in made and "(book/_static/a.png)" in made and "# 지금" in made
    change(root, "Words.", "More words.", "README.md")
    said = "README, next-part: the English text has changed: bring ko/texts/README.md up to it"
    assert korean.out_of_step(root) == [said]
    assert korean.main(["stamp", "README"], root).endswith("did not: next-part")


def test_what_is_not_translated_is_said(root):
    (cell,) = json.loads((root / "ko/two.ipynb").read_text(encoding="utf8"))["cells"]
    assert cell["source"][0] == "# 둘\n" and "../two.html" in "".join(cell["source"])
    index = (root / "ko/index.md").read_text(encoding="utf8")
    assert "[하나](one.ipynb)" in index and "two.ipynb" not in index
    assert "](../book/_static/a.png)" in index
    assert korean.out_of_step(root) == []
    change(root, ", title: 둘", "", "ko/_toc.yml")
    (root / "ko/texts/two.md").write_text(ONE, encoding="utf8")
    assert "만드는 중" not in texts.make("index", root)


def test_a_picture_with_korean_words_is_shown_instead_of_the_english_one(root):
    (root / "ko/_static").mkdir()
    (root / "ko/_static/a.png").touch()
    assert korean.out_of_step(root) == ["ko/index.md is out of step: run python tools/korean.py"]
    assert "](_static/a.png)" in texts.make("index", root)


@pytest.mark.parametrize(
    ("old", "new", "block"),
    [("Two $x$.", "Three $x$.", "top"), ("line that", "curve that", "draw"), ("up.", "on.", "ask")],
)
def test_a_change_of_the_english_is_named_until_the_korean_follows(root, old, new, block):
    change(root, old, new)
    said = f"one, {block}: the English text has changed: bring ko/texts/one.md up to it"
    assert texts.problems("one", root) == [said] and said in korean.out_of_step(root)
    before = (root / "ko/texts/one.md").read_text(encoding="utf8")
    assert korean.main(["stamp", "one"], root).endswith(f"did not: {block}")
    assert (root / "ko/texts/one.md").read_text(encoding="utf8") == before
    ours = {"top": "하나", "draw": "선", "ask": "위입니다"}[block]
    change(root, ours, f"{ours}!", "ko/texts/one.md")
    assert korean.main(["stamp", "one"], root) is None
    assert texts.problems("one", root) == []


def test_a_korean_text_that_changes_alone_is_stamped_before_the_english_changes(root):
    """Or an old change would pass for one that followed."""
    change(root, "하나", "하나!", "ko/texts/one.md")
    run = "one, top: has changed: run python tools/korean.py stamp one"
    assert texts.problems("one", root) == [run]


def test_a_text_that_need_not_follow_says_why(root):
    change(root, "Two", "2")
    with pytest.raises(ValueError, match="the reason must be"):
        korean.main(["keep", "one", "top", "because"], root)
    with pytest.raises(ValueError, match="one has no block bottom"):
        korean.main(["keep", "one", "bottom", "a", "good", "reason"], root)
    korean.main(["keep", "one", "top", "the", "same", "number"], root)
    assert 'kept="the same number"' in (root / "ko/texts/one.md").read_text(encoding="utf8")
    assert texts.problems("one", root) == []
    change(root, "2 $x$", "2, $x$")
    assert texts.stamp("one", root) == ["top"]  # the reason held for that change alone
    change(root, "둘 $x$", "둘, $x$", "ko/texts/one.md")
    assert texts.stamp("one", root) == [] and texts.read("one", root)["top"].kept == ""


def test_a_text_that_is_behind_shows_the_english_and_says_so(root):
    change(root, "Two", "Three")
    marks = (root / "ko/texts/one.md").read_text(encoding="utf8").split("\n", 1)
    rest = marks[1][marks[1].index("<!-- draw") :]
    path = root / "ko/texts/one.md"
    path.write_text(f'<!-- top english="new in this version" -->\n{rest}', encoding="utf8")
    assert texts.problems("one", root) == []
    assert texts.BEHIND in texts.make("one", root) and "Three $x$" in texts.make("one", root)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<!-- draw", "<!-- drew", "has no Korean text"),
        ("<!-- draw", "<!-- drew", "is not in the English page"),
        ("올라가는 선.", "", "is empty"),
        ("까지 갔습니다", "까지 {} 갔습니다", "a {} for each value"),
    ],
)
def test_what_is_missing_or_left_over_is_named(root, old, new, said):
    change(root, old, new, "ko/texts/one.md")
    assert any(said in sentence for sentence in texts.problems("one", root))


def test_texts_stand_in_the_order_of_the_cells(root):
    first, *rest = (root / "ko/texts/one.md").read_text(encoding="utf8").split("\n<!-- ")
    moved = "\n<!-- ".join([rest[0].join(["<!-- ", ""]), first.removeprefix("<!-- "), *rest[1:]])
    (root / "ko/texts/one.md").write_text(moved, encoding="utf8")
    assert texts.problems("one", root) == ["one: the texts are not in the order of the cells"]


@pytest.mark.parametrize(
    "text", ["words\n<!-- top -->\n# 하나\n", "<!-- top -->\na\n<!-- top -->\n"]
)
def test_texts_without_a_name_or_with_the_same_are_refused(root, text):
    (root / "ko/texts/one.md").write_text(text, encoding="utf8")
    with pytest.raises(ValueError, match="text before|stands twice"):
        texts.read("one", root)


def test_a_page_that_is_out_of_step_is_named(root):
    change(root, "plot(", "draw(")
    assert korean.out_of_step(root) == ["ko/one.ipynb is out of step: run python tools/korean.py"]
    assert korean.main(["--check"], root).startswith("error: ko/one.ipynb")
    assert korean.write_pages(root) == ["one.ipynb"] and not korean.main(["--check"], root)


def test_a_file_that_pages_lead_to_is_beside_them(root):
    (root / "book/references.bib").write_text("@book{a}", encoding="utf8")
    said = "ko/references.bib is out of step: run python tools/korean.py"
    assert korean.out_of_step(root) == [said]
    assert korean.write_pages(root) == ["references.bib"] and korean.out_of_step(root) == []
    assert (root / "ko/references.bib").read_text(encoding="utf8") == "@book{a}"


def test_a_new_file_holds_the_english_to_translate(root):
    korean.main(["new", "two"], root)
    written = (root / "ko/texts/two.md").read_text(encoding="utf8")
    assert "<!-- draw -->\n<!-- EN\nA line that rises.\n-->" in written
    assert all(text.korean == "" for text in texts.read("two", root).values())
    assert len([s for s in texts.problems("two", root) if s.endswith("is empty")]) == 3
    change(root, "-->\n\n<!-- ask", "-->\n오르는 선.\n\n<!-- ask", "ko/texts/two.md")
    assert texts.read("two", root)["draw"].korean == "오르는 선."
    for words, said in ((["new", "two"], "is there already"), (["new", "three"], "no page three")):
        with pytest.raises(ValueError, match=said):
            korean.main(words, root)


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("## The game", "the-game"),
        ("## What $L_I$ does not promise", "what--does-not-promise"),
        ("### A sweep: `vary`, *twice*?", "a-sweep-vary-twice"),
    ],
)
def test_slugs_are_those_of_myst(heading, slug):
    """Of the parser that comes with Jupyter Book."""
    config, base, parsers, renderer, tree = map(
        import_module,
        (
            "myst_parser.config.main",
            "myst_parser.mdit_to_docutils.base",
            "myst_parser.parsers.mdit",
            "markdown_it.renderer",
            "markdown_it.tree",
        ),
    )
    options = config.MdParserConfig(enable_extensions={"dollarmath"})
    tokens = parsers.create_md_parser(options, renderer.RendererHTML).parse(heading)
    (node,) = tree.SyntaxTreeNode(tokens).children
    assert texts.slug(heading) == base.compute_unique_slug(node, []) == slug
