"""Words of the Korean edition that a Korean dictionary does not know.

    python tools/korean_spelling.py     all of them, each with the first page that has it

A space left out makes two words into one that no dictionary has, and a particle that does not fit
the sound before it is found as well.  The dictionary is hunspell's (apt install hunspell-ko); it
runs without a network.  Words that it lacks stand in ko/words.yml, with the reason.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import korean_checks as checks
import korean_texts as texts
import yaml

WORD = re.compile(r"(?<![\w)}%.?!])[가-힣]+(?!\w)")  # only a particle follows a number or a formula
ABOVE = re.compile(r"(?:^ *```.*?^ *```|\$\$.+?\$\$)[\s>]*", re.MULTILINE | re.DOTALL)
HINT = "hunspell's Korean dictionary is missing: apt install hunspell hunspell-ko"
MODELS = {True: "공부하다", False: "정보"}  # a word is inflected as this one: verb, noun
NOUNS = ("정보", "정신")  # known, one that ends in a vowel and one that does not
AFTER_NOUNS = ("끼리", "별로", "뿐", "씩", "짜리", "쯤", "치고")  # known after a few nouns only


def there() -> bool:
    """Whether hunspell and its Korean dictionary are installed."""
    if not shutil.which("hunspell"):
        return False
    tried = subprocess.run(["hunspell", "-d", "ko", "-l"], input=b"", capture_output=True)
    return tried.returncode == 0


def words(korean: str) -> list[str]:
    """Whole words: no code, no formulas, and without the English in brackets after a term."""
    text = checks.FORMULA.sub("x", checks.CODE.sub("x", ABOVE.sub("x", korean)))
    text = checks.TAG.sub("", checks.LINK.sub(lambda link: link[2], text))
    return WORD.findall(re.sub(r"\([^()가-힣]*[A-Za-z]{2}[^()가-힣]*\)|[*\"]", "", text))


def accepted() -> list[str]:
    """ko/words.yml as hunspell reads it: a word, and one that is inflected in the same way."""
    groups = yaml.safe_load((checks.ROOT / "ko/words.yml").read_text(encoding="utf8"))
    found = [word for group in groups for word in group["words"].split()]
    return [word if "/" in word else f"{word}/{MODELS[word.endswith('다')]}" for word in found]


def unknown(found: Iterable[str]) -> list[str]:
    """The words that hunspell does not know."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder, "own")
        own.write_text("\n".join(accepted()) + "\n", encoding="utf8")
        command = ["hunspell", "-d", "ko", "-i", "utf-8", "-p", str(own), "-l"]
        said = subprocess.run(
            command, input="\n".join(found), capture_output=True, encoding="utf8", check=True
        )
    return said.stdout.split()


def ends_in_consonant(word: str) -> bool:
    return (ord(word[-1]) - ord("가")) % 28 > 0


def splits(word: str) -> list[tuple[str, str]]:
    """Pairs of words, both known if this one is right: hunspell does not join all particles."""
    parts = [(word[:i], word[i:]) for i in range(1, len(word))]
    found = [(head, NOUNS[ends_in_consonant(head)] + tail) for head, tail in parts]
    nouns = [(h, t) for h, t in parts if t.startswith(AFTER_NOUNS)]
    return found + [(h + "를을"[ends_in_consonant(h)], tail) for h, tail in nouns]


def misspelt(found: Iterable[str]) -> list[str]:
    """The words that are wrong, or missing from the dictionary and from ko/words.yml."""
    left = {word: splits(word) for word in unknown(found)}
    bad = set(unknown(part for pairs in left.values() for pair in pairs for part in pair))
    return sorted(word for word, pairs in left.items() if all(bad & {*pair} for pair in pairs))


def by_page() -> dict[str, str]:
    """Each word of the edition, and the first page that has it."""
    table = (checks.ROOT / "ko/texts/widgets.yml").read_text(encoding="utf8")
    pages = {
        page: [text.korean for text in texts.read(page).values()] for page in texts.translated()
    }
    pages |= {"notes": [texts.notes()], "widgets": [*yaml.safe_load(table).values()]}
    return {word: page for page, text in reversed(pages.items()) for word in words("\n".join(text))}


if __name__ == "__main__":
    if not there():
        sys.exit(f"error: {HINT}")
    where = by_page()
    said = [f"{where[word]}: {word}" for word in misspelt(where)]
    print("\n".join(said) or "nothing to mend")
    sys.exit(bool(said))
