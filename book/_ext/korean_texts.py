"""The Korean edition: texts in ko/texts, each bound to the English text that it translates.

A page is a row of blocks.  In a notebook a block is a Markdown cell, or what a code cell shows in
words: its alternative text and the texts of its widgets.  In a page of plain Markdown it is a
section, a term with its definition, or a box.  ``ko/texts/PAGE.md`` has the Korean text of each
block below a line such as ``<!-- cell-01 en=1a2b3c4d ko=5e6f7a8b -->``: the block's name, and the
fingerprints of both texts when they were last seen to agree.

The pages in ``ko/`` are made of these texts and of the English pages, code cells as they are.
"""

import ast
import copy
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
README = "README"  # no page of the book, but bound in the same way: README.md, README.ko.md
# A heading or box, and above it the anchor for the links that lead to it
PLACE = re.compile(r'^(<a id="[\w-]+"></a>\n\n)?(#{1,6} |> \*\*)', re.MULTILINE)
MARK = re.compile(r'^<!-- ([\w-]+)((?: \w+=(?:\w+|"[^"\n]*"))*) -->\n', re.MULTILINE)
NOTE = re.compile(r'(\w+)=(?:(\w+)|"([^"]*)")')
HINT = re.compile(r"<!-- EN\n.*?\n-->\n", re.DOTALL)  # English to translate, put there by `new`
WIDGETS = {"predict", "predict_number", "explore", "frames", "replay"}
NOTICE = """# {title}

이 쪽은 아직 우리말로 옮기지 않았습니다. <a href="../{page}.html">영어판의 같은 쪽</a>을 보세요.
"""
ENGLISH_ONLY = """# {title}

패키지의 설명은 코드에 적힌 그대로 영어로만 있습니다.
<a href="../{page}.html">영어판의 같은 쪽</a>을 보세요.
"""
IN_WORK = (
    "> **참고.** 한국어판은 아직 만드는 중입니다. 지금 우리말로 읽을 수 있는 쪽은 {done}입니다. "
    "나머지 쪽에는 영어판으로 가는 길만 있습니다."
)
TERMS = """**번역어 표.** 이 책의 번역어와 그 출처입니다. *리뷰*는 이 책의 출발점이 된
우리말 논문 리뷰, *파이토치*는 파이토치 한국 사용자 모임의 번역 안내,
*두루*는 우리말 책과 논문에서 두루 쓰는 말,
*우리*는 이 책에서 고른 말입니다. 출처마다 다르면 까닭을 적었습니다.

| 영어 | 우리말 | 출처 | 까닭 |
|---|---|---|---|
"""
SOURCES = {"review": "리뷰", "pytorch": "파이토치", "usual": "두루", "ours": "우리"}
OTHER_README = "[English](README.md) · **한국어**"
BEHIND = "*(아래 글은 영어판에서 바뀐 뒤로 아직 우리말로 옮기지 못했습니다.)*"


@dataclass
class Text:
    """The Korean text of a block.

    en, ko: fingerprints of both texts when they agreed; "" before that was ever said.
    kept: why the Korean text stayed as it is when the English one changed.
    english: why there is none, so that the page shows the English one.
    """

    korean: str
    en: str = ""
    ko: str = ""
    kept: str = ""
    english: str = ""


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


# --- English pages ----------------------------------------------------------------------


def pages(root: Path = ROOT) -> list[str]:
    """The names of all pages, in the order of the table of contents."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf8"))
    return [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]


def translated(root: Path = ROOT) -> list[str]:
    """The pages with Korean texts, README among them."""
    return [page for page in [*pages(root), README] if texts_path(page, root).exists()]


def source(page: str, root: Path = ROOT) -> Path:
    """The English page, a notebook or plain Markdown."""
    if page == README:
        return root / "README.md"
    notebook = root / f"book/{page}.ipynb"
    return notebook if notebook.exists() else root / f"book/{page}.md"


def english_blocks(page: str, root: Path = ROOT) -> dict[str, str]:
    """The English text of each block by its name: a cell's id, or the slug of a heading or term."""
    path = source(page, root)
    text = path.read_text(encoding="utf8")
    if path.suffix == ".md":
        return dict(zip(*_sections(text), strict=True))
    texts = {cell["id"]: _words(cell) for cell in json.loads(text)["cells"]}
    return {name: words for name, words in texts.items() if words}


def _words(cell: dict) -> str:
    if cell["cell_type"] == "markdown":
        return PLACE.sub(r"\2", "".join(cell["source"]))
    return "\n\n".join([*alternative(cell), *widget_texts("".join(cell["source"]))])


def alternative(cell: dict) -> list[str]:
    """The alternative text of a cell's picture, if it has one."""
    alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt")
    return [alt] if alt else []


def widget_texts(code: str) -> list[str]:
    """What a cell gives its widgets to say, each text once, with {} where a value stands."""
    python = re.sub(r"^(\s*)[%!].*", r"\1pass", code, flags=re.MULTILINE)
    calls = (node for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Call))
    ours = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in WIDGETS]
    found = (text for call in ours for text in _strings(call))
    return list(dict.fromkeys(text for text in found if re.search(r"[A-Za-z]{2}", text)))


def _strings(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in values)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from _strings(key)
                yield from _strings(value)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _strings(child)


def lines_outside_fences(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not inside a block of code."""
    inside = False
    for i, line in enumerate(text.splitlines()):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            yield i, line


def _sections(text: str) -> tuple[list[str], list[str]]:
    """Names and texts of the blocks of a Markdown page."""
    lines = text.splitlines()
    starts: dict[str, int] = {}
    for i, line in lines_outside_fences(text):
        term = i + 1 < len(lines) and lines[i + 1].startswith(": ")
        if line.startswith(("#", "> **")) or term:
            starts[unique(slug(re.sub(r"\.\*\*.*|<[^>]+>.*|> ", "", line)), starts)] = i
    ends = [*list(starts.values())[1:], len(lines)]
    parts = zip(starts.values(), ends, strict=True)
    return list(starts), ["\n".join(lines[a:b]).strip() for a, b in parts]


# --- Headings ---------------------------------------------------------------------------


def slug(heading: str) -> str:
    """What MyST makes of a heading, for links such as #the-game."""
    words = re.sub(r"^#+ |\$[^$]*\$|[*`]", "", heading).strip(" ")
    return re.sub(r"[^\w\- ]", "", words.lower().replace(" ", "-"))


def unique(name: str, taken) -> str:
    return next(n for n in (name, *(f"{name}-{i}" for i in range(1, 1000))) if n and n not in taken)


def markdown(page: str, root: Path = ROOT) -> str:
    """All Markdown of an English page."""
    path = source(page, root)
    text = path.read_text(encoding="utf8")
    if path.suffix == ".md":
        return text
    cells = (c for c in json.loads(text)["cells"] if c["cell_type"] == "markdown")
    return "\n\n".join("".join(c["source"]) for c in cells)


def headings(text: str) -> list[str]:
    """The headings of a text, with their signs."""
    return [line for _, line in lines_outside_fences(text) if re.match(r"#{1,6} ", line)]


def heading_slugs(page: str, root: Path = ROOT) -> list[str]:
    """The slug of each heading of an English page, in order."""
    found: list[str] = []
    for heading in headings(markdown(page, root)):
        found.append(unique(slug(heading) or "section", found))
    return found


# --- Korean texts -----------------------------------------------------------------------


def texts_path(page: str, root: Path = ROOT) -> Path:
    return root / f"ko/texts/{page}.md"


def read(page: str, root: Path = ROOT) -> dict[str, Text]:
    """The Korean texts of a page by the names of their blocks; none if it is not translated.

    Raises:
        ValueError: if a name stands twice, or text before the first name.
    """
    path = texts_path(page, root)
    if not path.exists():
        return {}
    before, *rest = MARK.split(path.read_text(encoding="utf8"))
    if before.strip():
        raise ValueError(f"{path.name}: text before the first line such as <!-- cell-01 -->")
    found: dict[str, Text] = {}
    for name, notes, korean in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        if name in found:
            raise ValueError(f"{path.name}: {name} stands twice")
        known = {key: bare or quoted for key, bare, quoted in NOTE.findall(notes)}
        found[name] = Text(HINT.sub("", korean).strip(), **known)
    return found


def write_marks(page: str, texts: dict[str, Text], root: Path = ROOT) -> None:
    """Write what is known of each text into the line above it."""

    def mark(old: re.Match) -> str:
        text = texts[old[1]]
        notes = [f"{key}={value}" for key in ("en", "ko") if (value := getattr(text, key))]
        notes += [f'{key}="{why}"' for key in ("kept", "english") if (why := getattr(text, key))]
        return f"<!-- {' '.join([old[1], *notes])} -->\n"

    path = texts_path(page, root)
    path.write_text(MARK.sub(mark, path.read_text(encoding="utf8")), encoding="utf8")


def problems(page: str, root: Path = ROOT) -> list[str]:
    """A sentence for each text that is missing, left over, or not of its English text."""
    english, korean = english_blocks(page, root), read(page, root)
    if not korean:
        return []
    file, code = f"ko/texts/{page}.md", code_cells(page, root)
    said = [f"{page}, {name}: has no Korean text in {file}" for name in english.keys() - korean]
    said += [f"{page}, {name}: is not in the English page" for name in korean.keys() - english]
    for name in english.keys() & korean:
        text = korean[name]
        if text.english:
            continue
        if not text.korean:
            said.append(f"{page}, {name}: its Korean text is empty")
        elif not text.en:
            said.append(f"{page}, {name}: is new: run python tools/korean.py stamp {page}")
        elif text.en != fingerprint(english[name]):
            said.append(f"{page}, {name}: the English text has changed: bring {file} up to it")
        elif name in code and not _fits(english[name], text.korean):
            said.append(f"{page}, {name}: a paragraph for each text, and a {{}} for each value")
        elif text.ko != fingerprint(text.korean):
            said.append(f"{page}, {name}: has changed: run python tools/korean.py stamp {page}")
    cells = [name for name in korean if name in english]
    if not said and source(page, root).suffix == ".ipynb" and cells != list(english):
        said.append(f"{page}: the texts are not in the order of the cells")
    return sorted(said)


def stamp(page: str, root: Path = ROOT) -> list[str]:
    """Say that both texts of each block agree; the blocks for which that cannot be said.

    A Korean text that is the same as when it was last stamped cannot have followed a change of
    the English one.
    """
    english, texts = english_blocks(page, root), read(page, root)
    refused = []
    for name, text in texts.items():
        if name not in english or text.english or not text.korean:
            continue
        now, korean = fingerprint(english[name]), fingerprint(text.korean)
        if text.en and text.en != now:
            if text.ko == korean:
                refused.append(name)
                continue
            text.kept = ""
        text.en, text.ko = now, korean
    write_marks(page, texts, root)
    return refused


def keep(page: str, name: str, why: str, root: Path = ROOT) -> None:
    """Say why a Korean text stays as it is although its English text has changed.

    Raises:
        ValueError: without a reason, or for a block that is not there.
    """
    english, texts = english_blocks(page, root), read(page, root)
    if name not in english or name not in texts:
        raise ValueError(f"{page} has no block {name}: their names stand in ko/texts/{page}.md")
    if len(why.split()) < 3 or '"' in why or "\n" in why:
        raise ValueError("the reason must be one line of three words or more, without quotes")
    text = texts[name]
    text.en, text.ko, text.kept = fingerprint(english[name]), fingerprint(text.korean), why
    write_marks(page, texts, root)


def code_cells(page: str, root: Path = ROOT) -> set[str]:
    """The blocks that are texts of code cells: one paragraph for each text."""
    return {cell["id"] for cell in _code_cells(page, root)}


def _code_cells(page: str, root: Path) -> list[dict]:
    path = source(page, root)
    cells = json.loads(path.read_text(encoding="utf8"))["cells"] if path.suffix != ".md" else []
    return [cell for cell in cells if cell["cell_type"] == "code"]


def translations(page: str, root: Path = ROOT) -> dict[str, str]:
    """Alternative texts and texts of widgets, English to Korean, of the cells where both fit."""
    english, texts, found = english_blocks(page, root), read(page, root), {}
    for name in sorted(code_cells(page, root) & english.keys() & texts.keys()):
        parts = english[name], texts[name].korean
        if parts[1] and _fits(*parts):
            found |= dict(zip(*(part.split("\n\n") for part in parts), strict=True))
    return found


def widget_table(pages: Iterable[str], root: Path = ROOT) -> dict[str, str]:
    """What widgets say on these pages, English to Korean: of themselves, and for the cells."""
    table = yaml.safe_load((root / "ko/texts/widgets.yml").read_text(encoding="utf8"))
    for page in pages:
        code = ("".join(cell["source"]) for cell in _code_cells(page, root))
        said = {text for cell in code for text in widget_texts(cell)}
        table |= {text: ours for text, ours in translations(page, root).items() if text in said}
    return table


def _fits(english: str, korean: str) -> bool:
    """Whether each text of a code cell has its counterpart, with a place for the same values."""

    def holes(text: str) -> list[int]:
        return [len(re.findall(r"\{\d*\}", part)) for part in text.split("\n\n")]

    return holes(english) == holes(korean)


# --- Korean pages -----------------------------------------------------------------------


def make(page: str, root: Path = ROOT) -> str:
    """The text of the file ko/PAGE.ipynb or ko/PAGE.md.

    Raises:
        ValueError: if a block of a translated page has no text.
    """
    texts, path = read(page, root), source(page, root)
    missing = english_blocks(page, root).keys() - texts.keys()
    if texts and missing:
        raise ValueError(f"{page}: no Korean text for {', '.join(sorted(missing))}")
    if page == README:
        return _readme(texts, root)
    if path.suffix == ".md":
        return _in_place(_page_of_markdown(page, texts, root), root)
    return _notebook(page, texts, json.loads(path.read_text(encoding="utf8")), root)


def _shown(text: Text, english: str) -> str:
    return f"{BEHIND}\n\n{english}" if text.english else text.korean


def _page_of_markdown(page: str, texts: dict[str, Text], root: Path) -> str:
    if not texts:
        notice = ENGLISH_ONLY if page == "api" else NOTICE
        return notice.format(title=titles(root)[page], page=page)
    english = english_blocks(page, root)
    parts = [_shown(text, english[name]) for name, text in texts.items()]
    if page == "index" and (note := in_work(root)):
        parts.insert(1, note)
    if page == "glossary":
        parts += [table_of_terms(root), notes(root)]
    return "\n\n".join(parts) + "\n"


def _readme(texts: dict[str, Text], root: Path) -> str:
    """Its links lead to Korean pages and pictures and, within it, to Korean headings."""
    english = english_blocks(README, root)
    made = "\n\n".join([OTHER_README, *(_shown(text, english[n]) for n, text in texts.items())])
    for name, text in texts.items():
        for heading in headings(text.korean)[:1]:
            made = made.replace(f"](#{name})", f"](#{slug(heading)})")
    made = re.sub(r"\]\(book/([\w-]+\.(?:ipynb|md))", r"](ko/\1", made)
    return _in_place(made, root, "book/", "ko/") + "\n"


def _notebook(page: str, texts: dict[str, Text], notebook: dict, root: Path) -> str:
    made = copy.deepcopy(notebook)
    if not texts:
        notice = NOTICE.format(title=titles(root)[page], page=page).strip()
        made["cells"] = [made["cells"][0] | {"source": notice.splitlines(keepends=True)}]
        made["metadata"]["mystnb"] = {"execution_mode": "off"}  # no kernel for a page without code
    for cell in made["cells"] if texts else []:
        if cell["cell_type"] == "markdown":
            english = "".join(cell["source"])
            text = _with_anchors(_shown(texts[cell["id"]], _words(cell)), english)
            cell["source"] = _in_place(text, root).splitlines(keepends=True)
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _with_anchors(text: str, english: str) -> str:
    """Above the same headings and boxes, by their order."""
    anchors = (anchor for anchor, _ in PLACE.findall(english))
    return PLACE.sub(lambda place: next(anchors, "") + place[2], text)


def _in_place(text: str, root: Path, book: str = "../book/", ko: str = "") -> str:
    """Pictures lie beside the English pages, but for those with Korean words."""

    def place(found: re.Match) -> str:
        return f"]({ko if (root / 'ko' / found[1]).exists() else book}{found[1]}"

    return re.sub(r"\]\((?:book/)?(_static/[^)\s]+)", place, text)


def titles(root: Path = ROOT) -> dict[str, str]:
    """The titles of the pages that are not translated yet, from ko/_toc.yml."""
    toc = yaml.safe_load((root / "ko/_toc.yml").read_text(encoding="utf8"))
    entries = (entry for part in toc["parts"] for entry in part["chapters"])
    return {entry["file"]: entry["title"] for entry in entries if "title" in entry}


def table_of_terms(root: Path = ROOT) -> str:
    """ko/glossary.yml as Markdown."""
    terms = yaml.safe_load((root / "ko/glossary.yml").read_text(encoding="utf8"))
    rows = (
        f'| <span lang="en">{t["en"]}</span> | {t["ko"]} | {SOURCES[t["from"]]} '
        f"| {t.get('why', '')} |"
        for t in terms
    )
    return TERMS + "\n".join(rows)


def notes(root: Path = ROOT) -> str:
    """The translator's, at the end of the glossary: they translate nothing."""
    return (root / "ko/texts/notes.md").read_text(encoding="utf8").strip()


def in_work(root: Path = ROOT) -> str:
    """What is translated, as long as not all of it is."""
    todo = titles(root).keys() - {"api"}
    done = [page for page in pages(root) if page not in {*todo, "api", "index"}]
    links = [f"[{title(page, root)}]({source(page, root).name})" for page in done]
    return IN_WORK.format(done=", ".join(links)) if todo else ""


def title(page: str, root: Path = ROOT) -> str:
    """The title of a translated page."""
    first, *_ = read(page, root).values()
    return headings(first.korean)[0].lstrip("# ")


def target(page: str, root: Path = ROOT) -> Path:
    if page == README:
        return root / "README.ko.md"
    return root / "ko" / source(page, root).name
