"""Words of the Korean edition, and mistakes put among them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import korean_spelling as spelling  # noqa: E402

# Words of ko/words.yml among them; a particle that does not fit, a space left out.
WRONG = [
    "됬다",
    "갯수",
    "금새",
    "깨끗히",
    "역활",
    "생성자을",
    "신경망는",
    "볼때마다",
    "배울뿐입니다",
]
RIGHT = [
    "됐다",
    "생성자를",
    "신경망은",
    "신경망에서라면",
    "하나뿐입니다",
    "둘씩",
    "렌더링해서",
    "되읽는다면",
]


def test_every_word_is_known_and_a_mistake_is_found():
    if not spelling.there():
        pytest.skip(spelling.HINT)
    assert spelling.misspelt(spelling.by_page()) == []
    assert spelling.misspelt([*WRONG, *RIGHT]) == sorted(WRONG)


def test_words_are_those_of_the_text_without_code_formulas_and_english():
    texts = spelling.words('$x$을 *신경망*는, `a`를 신경망(network)는 "[신경망](a.md)"은 5%로')
    assert texts == ["신경망는", "신경망는", "신경망은"]


def test_each_accepted_word_is_used():
    stems = {word.split("/")[0].removesuffix("다") for word in spelling.accepted()}
    said = "\n".join(spelling.by_page())
    assert {stem for stem in stems if stem.rstrip("하되지") not in said} == set()
