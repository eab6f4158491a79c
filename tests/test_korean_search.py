"""Korean words lose their endings alike in Python, which makes the index, and in the page."""

import json
import re
import sys
from pathlib import Path

import pytest

import in_node

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "book/_ext"), str(ROOT / "tools")]

import korean_texts as texts  # noqa: E402
from korean_search import Korean, stem  # noqa: E402


@pytest.mark.parametrize(
    "words",
    [
        "잡음 잡음이 잡음을 잡음의 잡음은 잡음에서 잡음에서는 잡음으로",
        "잡음 잡음으로부터 잡음입니다 잡음이라고",
        "정보 정보가 정보를 정보와 정보도 정보에 정보이며",
        "코드 코드로 코드는 코드에게 코드마다 코드까지 코드처럼",
        "학습 학습합니다 학습하는 학습한 학습된 학습되면 학습시킵니다 학습에는",
        "기울기 기울기가 기울기를 기울기보다",
        "GAN GAN은 GAN의 gan이",
        "z z가 z를",
        "매수 매수하고 매수당하고",
        "Huszár Huszar huszar",
    ],
)
def test_all_forms_of_a_word_are_one(words):
    korean = Korean({})
    assert len({korean.stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "word", ["이", "정의", "나이", "차이", "회의", "경로", "결과", "제한", "GAN"]
)
def test_a_short_word_is_not_taken_for_an_ending(word):
    assert stem(word) == word


def test_the_page_does_the_same():
    """For all words of all pages, and for some that are mostly endings."""
    pages = [texts.texts_path(page) for page in texts.pages()]
    text = " ".join(path.read_text(encoding="utf8") for path in pages if path.exists())
    words = sorted(
        {*re.findall(r"\w+", text.lower()), "어린이가", "이이이", "는", "z는", "무제한을"}
    )
    assert len(words) > 1500
    in_node.need_node()
    body = f"{Korean.js_stemmer_code} const s = new Stemmer();"
    body += " return given.data.map((word) => s.stemWord(word));"
    assert in_node.run({}, body, data=words) == [stem(word) for word in words]


def test_what_a_hyphen_joins_is_a_word_too_and_a_decimal_is_one():
    assert Korean({}).split("원-핫 벡터는 0.84") == ["원", "핫", "벡터는", "0.84", "원핫"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("얽힌잡음", ["얽힌", "잡음"]),
        ("평균제곱오차를", ["평균", "제곱", "오차를"]),
        ("집번호", ["집", "번호"]),
        ("잡음이 균등분포", ["잡음이", "균등분포"]),  # as the pages have it: not cut
        ("잡음번역기", ["잡음번역기"]),  # a part that no page has
        ("GAN의 손실, 0.84", ["gan의", "손실", "0.84"]),
    ],
)
def test_a_query_is_cut_where_the_pages_have_the_parts(query, words):
    in_node.need_node()
    terms = ["얽힌", "잡음", "평균", "제곱", "오차", "집", "번호", "균등분포", "분포", "기"]
    body = f"{Korean.js_stemmer_code}{Korean.js_splitter_code}"
    body += "globalThis.Search = {_index: {terms: given.data.terms, titleterms: {}}};"
    body += " return splitQuery(given.data.query);"
    data = {"terms": dict.fromkeys(terms, 0), "query": query}
    assert in_node.run({}, body, data=data) == words


def test_the_endings_travel_whole():
    found = re.search(r"const endings = (\[.*?\]);", Korean.js_stemmer_code)
    endings = json.loads(found[1])
    assert "에서" in endings and all(re.fullmatch("[가-힣]+", ending) for ending in endings)
