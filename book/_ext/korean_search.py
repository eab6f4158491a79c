"""Search in Korean: a language for Sphinx, which has none.

A Korean word carries particles and endings: the pages say 잡음이, 잡음에서, 잡음입니다, and the
reader asks for 잡음.  Both the index and the query lose them here, by the same list and the same
loop in Python and in JavaScript.  What is left need not be a word, as long as both sides get it.
"""

import json

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

# Particles, the copula, and the endings of 하다 and 되다 after a noun.
PARTICLES = "은 는 이 가 을 를 의 에 와 과 도 로 으로 만 나 이나 까지 부터 에서 에게 께 라고 이라고 라는 이라는 란 이란 처럼 보다 마다 조차 밖에 뿐 들 대로 만큼"  # noqa: E501
COPULA = "입니다 입니까 이다 이며 이고 이므로 이면 이라면 이지만 인 일 였습니다 이었습니다 아닙니다"
VERBS = "합니다 합니까 하는 하고 하면 하며 하여 하기 하지 하게 하려면 하려고 하므로 하지만 했습니다 해야 해서 한다 한 할 함 됩니다 되는 되고 되면 되며 되어 되지 되었습니다 됐습니다 된 될 됨 시킵니다 시키는 시켜 시킨 시키면"  # noqa: E501
ENDINGS = sorted({*PARTICLES.split(), *COPULA.split(), *VERBS.split()}, key=lambda e: (-len(e), e))
STEMMER = """
var Stemmer = function() {
  const endings = %s;
  const rest = (word) => {
    const ending = endings.find((e) => word.endsWith(e)
      && (word.length >= e.length + 2 || /^[!-~]+$/.test(word.slice(0, -e.length))));
    return ending ? word.slice(0, -ending.length) : word;
  };
  this.stemWord = function(word) {
    for (let shorter = rest(word); shorter !== word; shorter = rest(word)) word = shorter;
    return word;
  };
};
"""


def stem(word: str) -> str:
    """A word without its endings; two letters of Korean are left, or one of another script."""
    while (shorter := _without_ending(word)) != word:
        word = shorter
    return word


def _without_ending(word: str) -> str:
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and (len(rest) >= 2 or (rest.isascii() and rest)):
            return rest
    return word


class Korean(SearchLanguage):
    """Words as Sphinx splits them, each without its endings."""

    lang = "ko"
    language_name = "Korean"
    stopwords: set[str] = set()
    js_stemmer_code = STEMMER % json.dumps(ENDINGS, ensure_ascii=False)

    def stem(self, word: str) -> str:
        return stem(word.lower())


def setup(app: Sphinx) -> dict:
    app.add_search_language(Korean)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
