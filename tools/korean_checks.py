"""Whether a Korean text says what its English text says, and says it in good Korean.

    python tools/korean_checks.py [PAGE ...]     all findings, for whoever translates

Each check takes both texts of a block and returns findings, a few words each.  What is as it
should be in spite of a finding is named in ko/exceptions.yml, with the reason.
"""

import functools
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book/_ext"))

import infogan_book  # noqa: E402
import korean_book  # noqa: E402
import korean_texts as texts  # noqa: E402

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
TAG = re.compile(r"</?[a-z][^>]*>")
NUMBER = re.compile(r"(?<![A-Za-z_\[\d])\d+(?:,\d{3})*(?:\.\d+)?")
SYMBOL = re.compile(r"\\?[A-Za-z]+(?:_(?:\w+|\{[^{}]*(?:\{\})?\}))?(?:\^\*)?'?")  # D, z_j, P_{data}
# Numbers that English spells and Korean writes in digits.
SPELLED = {
    "half a minute": 30, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "zero": 0,
    "twenty": 20, "hundred": 100, "threes": 3, "fours": 4, "nines": 9, "first": 1, "second": 2,
    "third": 3, "half": 2,
}  # fmt: skip


# --- The same in both -------------------------------------------------------------------


def differences(what: str, english: Iterable[str], korean: Iterable[str]) -> list[str]:
    """What one has more often than the other."""
    ours, theirs = Counter(korean), Counter(english)
    found = [f"{what} missing: {text}" for text in (theirs - ours).elements()]
    return found + [f"{what} added: {text}" for text in (ours - theirs).elements()]


def formulas(text: str) -> list[str]:
    """All but single symbols; without spaces, words in them, and the punctuation at their end."""
    return [formula for formula in _formulas(text) if not SYMBOL.fullmatch(formula)]


def symbols(text: str) -> set[str]:
    """Each symbol once: English repeats $D$ where Korean says nothing."""
    return {formula for formula in _formulas(text) if SYMBOL.fullmatch(formula)}


def _formulas(text: str) -> list[str]:
    found = (a or b for a, b in FORMULA.findall(without_code(text)))
    worded = (re.sub(r"\\text\{[^}]*\}", r"\\text{}", formula) for formula in found)
    return [re.sub(r"[.,]*$", "", re.sub(r"\s", "", formula)) for formula in worded]


def without_code(text: str) -> str:
    return CODE.sub(" ", FENCE.sub(" ", text))


def structure(text: str) -> list[str]:
    """Headings by their depth, boxes by their kind, items, rows of tables, tags."""
    found = [f"heading {heading.split()[0]}" for heading in texts.headings(text)]
    for title in re.findall(r"^> \*\*(.+?)\.?\*\*", text, re.MULTILINE):
        word = next((w for w in korean_book.BOXES if re.match(rf"{w}\b", title)), "")
        english = korean_book.BOXES.get(word, "") + title.removeprefix(word)
        kind = next((k for k in infogan_book.BOXES if re.match(rf"{k}\b", english)), None)
        found += [f"box {english.split(' (')[0]}"] if kind else []
    bare = FENCE.sub("", text)
    found += ["item" for _ in re.findall(r"^[> ]*(?:[-*]|\d+\.) ", bare, re.MULTILINE)]
    found += ["row" for _ in re.findall(r"^\|", bare, re.MULTILINE)]
    return found + [re.sub(r'lang="\w+"', "lang", tag) for tag in TAG.findall(without_code(bare))]


def sameness(english: str, korean: str) -> list[str]:
    """Formulas, code, links, pictures, citations and form: the same in both."""
    found = differences("formula", *map(formulas, (english, korean)))
    found += differences("symbol", *map(symbols, (english, korean)))
    found += differences("code", *map(code, (english, korean)))
    links = [[f"{mark}{to}" for mark, _, to in LINK.findall(text)] for text in (english, korean)]
    found += differences("link", *links)
    cited = [[words for _, words, to in LINK.findall(text) if to in sources()] for text in
             (english, korean)]  # fmt: skip
    found += differences("citation", *cited)
    return found + differences("form", structure(english), structure(korean))


def code(text: str) -> list[str]:
    """Blocks of code without their comments, and code in the text."""
    blocks = [re.sub(r" *# .*", "", block) for block in FENCE.findall(text)]
    return blocks + CODE.findall(FENCE.sub(" ", text))


@functools.cache
def sources() -> set[str]:
    """The addresses in the bibliography."""
    text = (ROOT / "book/references.bib").read_text(encoding="utf8")
    return set(re.findall(r"url\s*=\s*\{([^}]+)\}", text))


def plain(text: str) -> str:
    """The words alone: no code, no formulas, no addresses, no tags."""
    text = LINK.sub(lambda link: f" {link[2]} ", FORMULA.sub(" ", without_code(text)))
    return TAG.sub(" ", text)


def numbers(english: str, korean: str) -> list[str]:
    """Every number of the English text; others only where English spells them."""
    ours, theirs = Counter(NUMBER.findall(plain(korean))), Counter(NUMBER.findall(plain(english)))
    words = plain(english).lower()
    spelled = {str(n) for word, n in SPELLED.items() if re.search(rf"\b{word}\b", words)}
    found = [f"number missing: {n}" for n in (theirs - ours).elements()]
    return found + [f"number added: {n}" for n in (ours - theirs).elements() if n not in spelled]


@functools.cache
def terms() -> list[dict]:
    """The table of ko/glossary.yml."""
    return yaml.safe_load((ROOT / "ko/glossary.yml").read_text(encoding="utf8"))


def wording(english: str, korean: str) -> list[str]:
    """Each term by its one word, longer terms first: latent code is no code."""
    left, found = plain(english).lower(), []
    for term in sorted(terms(), key=lambda term: -len(term["en"])):
        pattern = rf"\b{re.escape(term['en'].lower())}(?:s|es)?\b"
        if not term.get("everyday") and re.search(pattern, left):
            left = re.sub(pattern, " ", left)
            if not any(word in korean for word in _forms(term)):
                found.append(f"{term['en']} is not {term['ko']}")
    return found


def _forms(term: dict) -> list[str]:
    return [term["ko"], *term.get("also", []), term["en"]]


# --- Good Korean ------------------------------------------------------------------------

LINT = {
    "겹피동": r"(?:되어|보여|쓰여|불려|잊혀|나뉘어|모여)[지진질집졌]",
    "에 의해": r"에 의해|에 의하",
    "에 있어서": r"에 있어서|함에 있어",
    "가진": r"[을를] 가진|[을를] 가지고 있",
    "필요 없는 -들": r"(?:여러|많은|모든|두|세|몇몇|개의) [가-힣]+들[이은을의과도에 ]|것들|그림들",
    "하나의": r"(?<!또 )(?<![가-힣])하나의 (?!게임)",
    "중 하나": r"중의? 하나",
    "대명사": r"그것들|그들|그녀|당신",
    "불구하고": r"불구하고",
    "필요가 있다": r"필요가 있",
    "가능하다": r"것이 가능",
    "시키다": r"(?:증가|감소|발생|최소화|최대화|분리|생성)시[키킨킬킵켜켰]",
    "줄표": r"[—–]",
    "한다체": r"(?<![니시])다[.!](?=[\s)*\]\"”]|$)",
    "해요체": r"(?<![세까])[요죠][.!?]",
}


def translationese(korean: str) -> list[str]:
    """Turns of phrase that give a translation away, and another register than 합니다."""
    text = plain(korean)
    found = ((name, match) for name, rule in LINT.items() for match in re.finditer(rule, text))
    return [f"{name}: {text[max(0, m.start() - 8) : m.end() + 4].strip()}" for name, m in found]


LATIN = re.compile(r"[A-Za-z][A-Za-z'-]*(?:[ ,]+[A-Za-z][A-Za-z'-]*){3,}")


def leftovers(korean: str) -> list[str]:
    """Four Latin words in a row, outside of code, citations and terms; names alone are none."""
    text = LINK.sub(lambda link: " " if link[3] in sources() else f" {link[2]} ", korean)
    text = re.sub(r'<span lang="en">[^<]*</span>', " . ", text)
    for term in terms():
        text = re.sub(rf"\({re.escape(term['en'])}\b", " . ", text)  # beside its first use
    rows = LATIN.findall(plain(text))
    return [f"not Korean: {row}" for row in rows if len(re.findall(r"\b[a-z]", row)) > 1]


def findings(english: str, korean: str) -> list[str]:
    """All of the above."""
    found = [check(english, korean) for check in (sameness, numbers, wording)]
    return sum([*found, translationese(korean), leftovers(korean)], [])


def exceptions() -> list[dict]:
    """ko/exceptions.yml: page, block, finding and why."""
    return yaml.safe_load((ROOT / "ko/exceptions.yml").read_text(encoding="utf8")) or []


def of_page(page: str) -> list[tuple[str, str]]:
    """All findings of a page, each with its block."""
    english, korean = texts.english_blocks(page), texts.read(page)
    pairs = {name: (english[name], text.korean) for name, text in korean.items() if text.korean}
    return [(name, found) for name, pair in pairs.items() for found in findings(*pair)]


def unexcused(page: str) -> list[str]:
    """What is to be mended in a page."""
    excused = {(e["page"], e["block"], e["finding"]) for e in exceptions()}
    return [f"{page}, {b}: {f}" for b, f in of_page(page) if (page, b, f) not in excused]


if __name__ == "__main__":
    said = [line for page in sys.argv[1:] or texts.translated() for line in unexcused(page)]
    print("\n".join(said) or "nothing to mend")
    sys.exit(bool(said))
