"""Make the pages of the Korean edition, ko/*.ipynb and ko/*.md, from ko/texts.

    python tools/korean.py              write them (make korean)
    python tools/korean.py --check      say what is out of step, and write nothing
    python tools/korean.py new PAGE     a file ko/texts/PAGE.md with the English texts to translate
    python tools/korean.py stamp PAGE   say that each Korean text follows its English one
    python tools/korean.py keep PAGE NAME WHY     the English changed, the Korean need not: why

`stamp` refuses a block whose English text changed while its Korean text did not.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book/_ext"))

import korean_texts as korean  # noqa: E402


def out_of_step(root: Path = ROOT) -> list[str]:
    """A sentence for each page of ko/ that is not what its texts make."""
    said = []
    for page in korean.pages(root):
        if found := korean.problems(page, root):
            said += found
            continue
        path = korean.target(page, root)
        if not path.exists() or path.read_text(encoding="utf8") != korean.make(page, root):
            said.append(f"ko/{path.name} is out of step: run python tools/korean.py")
    return said


def write_pages(root: Path = ROOT) -> list[str]:
    """Write the pages that are out of step; their names."""
    written = []
    for page in korean.pages(root):
        path, text = korean.target(page, root), korean.make(page, root)
        if not path.exists() or path.read_text(encoding="utf8") != text:
            path.write_text(text, encoding="utf8")
            written.append(path.name)
    return written


def begin(page: str, root: Path = ROOT) -> Path:
    """A file of texts in which each block holds the English text in a comment, to translate.

    Raises:
        ValueError: if the page is unknown, or has texts already.
    """
    if page not in korean.pages(root):
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
                f"error: {s}" for p in korean.pages(root) for s in korean.problems(p, root)
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
