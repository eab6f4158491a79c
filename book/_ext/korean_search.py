"""Search in Korean: a language for Sphinx, which has none.

A Korean word carries particles and endings: the pages say 잡음이, 잡음에서, 잡음입니다, and the
reader asks for 잡음.  Both the index and the query lose them here, by the same list and the same
loop in Python and in JavaScript.  What is left need not be a word, as long as both sides get it.

Readers also write together what the pages write apart: 변분하한 for 변분 하한.  The index is a list
of words, so a query that is not in it is cut into words that are.
"""

import json
import re
import unicodedata

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

# Particles, the copula, and the endings of 하다 and 되다 after a noun.
PARTICLES = "은 는 이 가 을 를 의 에 와 과 도 로 으로 만 나 이나 까지 부터 에서 에게 께 라고 이라고 라는 이라는 란 이란 처럼 보다 마다 조차 밖에 뿐 들 대로 만큼"  # noqa: E501
COPULA = "입니다 입니까 이다 이며 이고 이므로 이면 이라면 이지만 인 일 였습니다 이었습니다 아닙니다"
VERBS = "합니다 합니까 당합니다 당하고 당하는 당한 하는 하고 하면 하며 하여 하기 하지 하게 하려면 하려고 하므로 하지만 했습니다 해야 해서 한다 한 할 함 됩니다 되는 되고 되면 되며 되어 되지 되었습니다 됐습니다 된 될 됨 시킵니다 시키는 시켜 시킨 시키면"  # noqa: E501
ENDINGS = sorted({*PARTICLES.split(), *COPULA.split(), *VERBS.split()}, key=lambda e: (-len(e), e))
WORD = r"\d+\.\d+|\w+"  # a decimal is one word
SPLITTER = r"""
var splitQuery = function(query) {
  const found = (word) => {
    const stem = new Stemmer().stemWord(word);
    const { terms, titleterms } = Search._index;
    return [terms, titleterms].some((all) => Object.hasOwn(all, stem)
      || (stem.length > 2 && Object.keys(all).some((term) => term.includes(stem))));
  };
  const apart = (word) => {
    if (found(word) || !/^[가-힣]+$/.test(word)) return [word];
    for (let i = word.length - 2; i > 0; i -= 1) {
      const rest = found(word.slice(0, i)) ? apart(word.slice(i)) : [];
      if (rest.length && rest.every(found)) return [word.slice(0, i), ...rest];
    }
    return [word];
  };
  const words = query.match(/\d+\.\d+|[\p{Letter}\p{Number}_]+/gu) || [];
  return words.flatMap((word) => apart(word.toLowerCase()));
};
"""
STEMMER = """
var Stemmer = function() {
  const endings = %s;
  const rest = (word) => {
    const ending = endings.find((e) => word.endsWith(e)
      && (word.length >= e.length + 2 || /^[!-~]+$/.test(word.slice(0, -e.length))));
    return ending ? word.slice(0, -ending.length) : word;
  };
  this.stemWord = function(word) {
    word = word.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
    for (let shorter = rest(word); shorter !== word; shorter = rest(word)) word = shorter;
    return word;
  };
};
"""


def stem(word: str) -> str:
    """A word without its endings; two letters of Korean are left, or one of another script.

    Accents go too: who looks for Huszár may have no key for it.
    """
    apart = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", word))
    word = unicodedata.normalize("NFC", apart)
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
    """Words as Sphinx splits them, each without its endings.

    What a hyphen joins is a word as well: 원핫 finds 원-핫.
    """

    lang = "ko"
    language_name = "Korean"
    stopwords: set[str] = set()
    js_splitter_code = SPLITTER
    js_stemmer_code = STEMMER.replace("%s", json.dumps(ENDINGS, ensure_ascii=False))

    def split(self, input: str) -> list[str]:
        joined = re.findall(r"\w+(?:-\w+)+", input)
        return re.findall(WORD, input) + [words.replace("-", "") for words in joined]

    def stem(self, word: str) -> str:
        return stem(word.lower())


def setup(app: Sphinx) -> dict:
    app.add_search_language(Korean)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
