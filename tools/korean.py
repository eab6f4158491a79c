"""Make the pages of the Korean edition, ko/*.ipynb, ko/*.md and README.ko.md, from ko/texts.

    python tools/korean.py              write them (make korean)
    python tools/korean.py --check      say what is out of step, and write nothing
    python tools/korean.py new PAGE     a file ko/texts/PAGE.md with the English texts to translate
    python tools/korean.py stamp PAGE   say that each Korean text follows its English one
    python tools/korean.py keep PAGE NAME WHY     the English changed, the Korean need not: why

`stamp` refuses a block whose English text changed while its Korean text did not.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book/_ext"))

import korean_texts as korean  # noqa: E402

BESIDE = ("references.bib",)  # files of the English book that pages of both lead to


def wanted(root: Path = ROOT) -> dict[Path, str]:
    """What each page and each file beside them must hold."""
    pages = dict.fromkeys([*korean.pages(root), *korean.translated(root)])
    texts = {korean.target(page, root): korean.make(page, root) for page in pages}
    beside = [root / "book" / name for name in BESIDE if (root / "book" / name).exists()]
    texts |= {root / "ko" / path.name: path.read_text(encoding="utf8") for path in beside}
    table = korean.widget_table(korean.pages(root), root)  # for JupyterLab: packing.py reads it
    words = json.dumps(table, ensure_ascii=False, indent=1) + "\n"
    return texts | {root / "ko/widget-texts.json": words}


def as_it_is(path: Path) -> str | None:
    return path.read_text(encoding="utf8") if path.exists() else None


def out_of_step(root: Path = ROOT) -> list[str]:
    """A sentence for each page of ko/ that is not what its texts make."""
    said = [s for page in korean.translated(root) for s in korean.problems(page, root)]
    if said:
        return said
    old = [path for path, text in wanted(root).items() if as_it_is(path) != text]
    names = (path.relative_to(root).as_posix() for path in old)
    return [f"{name} is out of step: run python tools/korean.py" for name in names]


def write_pages(root: Path = ROOT) -> list[str]:
    """Write the pages, and files beside them, that are out of step; their names."""
    new = {path: text for path, text in wanted(root).items() if as_it_is(path) != text}
    for path, text in new.items():
        path.write_text(text, encoding="utf8")
    return [path.name for path in new]


def begin(page: str, root: Path = ROOT) -> Path:
    """A file of texts in which each block holds the English text in a comment, to translate.

    Raises:
        ValueError: if the page is unknown, or has texts already.
    """
    if page not in [*korean.pages(root), korean.README]:
        raise ValueError(f"there is no page {page}: {', '.join(korean.pages(root))}")
    path = korean.texts_path(page, root)
    if path.exists():
        raise ValueError(f"ko/texts/{page}.md is there already")
    blocks = korean.english_blocks(page, root).items()
    parts = [
        f"<!-- {name} -->\n<!-- EN\n{text.replace('-->', '-- >')}\n-->\n" for name, text in blocks
    ]
    path.write_text("\n".join(parts), encoding="utf8")
    return path


def main(words: list[str], root: Path = ROOT) -> str | None:
    """What to say at the end, if something is wrong."""
    match words:
        case []:
            print(f"written: {', '.join(write_pages(root)) or 'none'}")
            return "\n".join(
                f"error: {s}" for p in korean.translated(root) for s in korean.problems(p, root)
            )
        case ["--check"]:
            return "\n".join(f"error: {sentence}" for sentence in out_of_step(root)) or None
        case ["new", page]:
            print(f"written: {begin(page, root)}")
        case ["stamp", page]:
            if refused := korean.stamp(page, root):
                return f"error: the English changed, the Korean did not: {', '.join(refused)}"
        case ["keep", page, name, *why]:
            korean.keep(page, name, " ".join(why), root)
        case _:
            return __doc__
    return None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]) or None)
    except ValueError as error:
        sys.exit(f"error: {error}")
