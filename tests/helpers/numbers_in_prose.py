"""The numbers that a text claims, and whether what stands behind them says the same.

A file such as ``tests/sources/6-fast.yml`` has the blocks of a page (a Markdown cell by its id, a
section of README by its heading), for each block phrases as they stand there, and for each number
of a phrase, in order, its source:

- an expression.  If its value is a number, it is compared as Python would print it with as many
  digits; a percentage is a part, so 4.0% is .040; a word such as "half" may be off by a tenth.  If
  the value is true or false, it must be true, and the expression has to speak of the number, which
  it calls ``n``.  ("Every seed" has none.)  Where the value is a number, it must not.
- ``{kind: why}`` for what no expression can know; KINDS says which kinds there are.

Numbers in formulas are notation, unless they have a decimal point.  So are those of chapters,
exercises, versions and the like, and a bare 0 or 1, mostly the end of a scale.  A word is a number
to be explained if a unit, seeds or runs follow.
"""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

KINDS = {
    "paper": "stated by Chen et al. (2016), at this place",
    "cited": "stated by the named entry of references.bib",
    "given": "chosen right here: an exercise, an example, a definition",
    "words": "language: nothing was counted",
}
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
WORDS |= {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13}
WORDS |= {"seventeen": 17, "twenty": 20, "thirty": 30, "fifty": 50}
PARTS = {"twice": 2, "half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5}
PARTS |= {"eighth": 1 / 8, "tenth": 1 / 10, "twentieth": 1 / 20}
ALL = "every|each|all|no|none|any|most"
RUNS = "(?:seeds?|runs?|trainings)"
UNITS = rf"(?:{RUNS}|(?:point|step|minute|second|hour|nat|core|pixel)s?|percent|times)"

# What is no claim: names of places and versions, years of citations, code and addresses.
PLACES = "chapter|section|exercise|equation|figure|table|step|trick|lemma|proposition|appendix"
PLACE = rf"\b(?:{PLACES})s?\s+[\[(]*\d[\d.]*"
PLACE += r"(?:\)?(?:\]\([^)]*\))?(?:,| and| to)\s+[\[(]*\d+(?![\d%]|[.,]\d))*"
NOTATION = [
    r"```.*?```",
    r"`[^`]*`",
    r"<[^>]*>",
    r"\[[^\]]*,\s(?:19|20)\d\d\]",
    PLACE,
    r"\]\([^)]*\)",
    r"https?://\S+",
    r"^\s*(?:>\s*)?(?:#+\s+)?\d+\.\s",  # of a heading, or in a list
    r"et al\.,?\s\(?(?:19|20)\d\d",
    r"\b(?:Python|torch|version|Jupyter Book|Notebook)\s+\(?[\d.]*\d",
    r"\b\d+\.\d+\.\d+",
    r"\bln\s\d+",
]
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
DIGITS = re.compile(r"(?<![\w.,])(?:(?<=[\s$({])[-−])?\d(?:[\d,]*\d)?(?:\.\d+)?(?!\w)")
DECIMAL = re.compile(r"(?<![\w.,])-?\d+\.\d+")
PERCENT = re.compile(r"\s?\\?%|\spercent")
WORD = re.compile(rf"\b(?:{'|'.join([*WORDS, *PARTS])})\b(?!-)", re.IGNORECASE)
SPOKEN = re.compile(
    rf"\b(?P<word>{'|'.join(WORDS)})(?=(?:\s[\w-]+)?\s{UNITS}\b)"
    rf"|\b(?P<part>twice|half)(?=\s(?:as|of|the)\b)"
    rf"|\b(?P<parts>{'|'.join(PARTS)})s?(?=\s(?:as|of)\b)"
    rf"|\b(?P<all>{ALL})(?=(?:\sof)?(?:\s[\w-]+){{0,2}}\s{RUNS}\b)",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """Where it stands, how it is written, and what it says; None of "every seed"."""

    start: int
    end: int
    text: str
    value: float | None
    digits: int | None  # after the point; None for a word


def without_notation(text: str) -> str:
    """The same text, as long as before, with blanks for what is no claim."""

    def blank(match: re.Match) -> str:
        return re.sub(r"\S", " ", match[0])

    def formula(match: re.Match) -> str:
        kept = [number.span() for number in DECIMAL.finditer(match[0])]
        kept += [number.span() for number in re.finditer(r"\d+\s?\\%", match[0])]
        inside = {i for start, end in kept for i in range(start, end)}
        return "".join(s if i in inside or s.isspace() else " " for i, s in enumerate(match[0]))

    for pattern in NOTATION:
        text = re.sub(pattern, blank, text, flags=re.DOTALL | re.MULTILINE | re.IGNORECASE)
    return FORMULA.sub(formula, text)


def numbers(text: str, all_words: bool = False) -> list[Number]:
    """Of a text without notation, in order; with all words, or with those that need a source."""
    found = {}
    for match in DIGITS.finditer(text):
        written = match[0].replace(",", "").replace("−", "-")
        percent = PERCENT.match(text, match.end())
        digits, value = len(written.partition(".")[2]), float(written)
        if percent:
            digits, value = digits + 2, round(value / 100, digits + 2)
        found[match.start()] = Number(*match.span(), match[0], value, digits)
    for match in WORD.finditer(text) if all_words else ():
        value = (WORDS | PARTS)[match[0].lower()]
        found[match.start()] = Number(*match.span(), match[0], value, None)
    for match in SPOKEN.finditer(text):
        value = (WORDS | PARTS).get(match[0].lower().removesuffix("s"))
        found[match.start()] = Number(*match.span(), match[0], value, None)
    return [found[start] for start in sorted(found)]


def agrees(number: Number, source: str, names: dict) -> str:
    """What speaks against it; nothing if the source says the same."""
    try:
        found = eval(source, {**names, "n": number.value})
    except Exception as error:
        return f"cannot be evaluated: {error!r}"
    spoken_of = {
        node.id for node in ast.walk(ast.parse(source.strip())) if isinstance(node, ast.Name)
    }
    if isinstance(found, (bool, np.bool_)):
        if number.value is not None and "n" not in spoken_of:
            return "is true or false, and does not speak of n"
        return "" if found else "is false"
    if number.value is None:
        return f"is {found!r}, neither true nor false"
    if "n" in spoken_of:
        return "is a number and speaks of n, with which it is compared"
    if number.digits is None and number.text.lower().removesuffix("s") in PARTS:
        same = abs(found - number.value) <= 0.1 * number.value
    else:
        digits = number.digits or 0
        same = float(f"{found:.{digits}f}") == float(f"{number.value:.{digits}f}")
    return "" if same else f"is {found:.6g}"


def faults(text: str, sources: dict, names: dict, cited: set[str]) -> Iterator[str]:
    """What is wrong between a block and its list of sources."""
    text = re.sub(r"[ \t]*\n(?!\n|\s*[-#|>\d])[ \t>]*", " ", text)
    plain = without_notation(text)
    explained = set()
    for phrase, listed in sources.items():
        listed = listed if isinstance(listed, list) else [listed]
        places = [m.start() for m in re.finditer(re.escape(phrase), text)]
        if not places:
            yield f"{phrase!r} is no longer there"
        for start in places:
            inside = numbers(plain[start : start + len(phrase)], all_words=True)
            explained |= {start + number.start for number in inside}
            if len(inside) != len(listed):
                written = [number.text for number in inside]
                yield f"{phrase!r} has the numbers {written}, and {len(listed)} sources"
                continue
            for number, source in zip(inside, listed, strict=True):
                if isinstance(source, dict):
                    kind, why = next(iter(source.items()))
                    if kind not in KINDS or not why or len(source) > 1:
                        yield f"{phrase!r}: no such kind, or no reason: {source}"
                    elif kind == "cited" and why.split(",")[0] not in cited:
                        yield f"{phrase!r}: {why!r} does not begin with a key of references.bib"
                elif wrong := agrees(number, str(source), names):
                    yield f"{phrase!r}: {number.text}, but {source} {wrong}"
    for number in numbers(plain):
        if number.start not in explained and number.text.lstrip("-−") not in ("0", "1"):
            around = text[max(0, number.start - 40) : number.end + 30]
            yield f"no source for {number.text!r} in {around!r}"
