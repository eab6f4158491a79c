"""Each check finds what it is for, and nothing in a faithful translation."""

import pytest

from tools_of_ours import tool

checks = tool("korean_checks")

ENGLISH = """## The *game*

> **Exercise 1.** Train $D$ for ten steps with `lr=1e-3`: see [chapter 5](5-infogan.ipynb#settings).

The loss is $2 \\ln 2$, in 1,500 of 20,000 cases ([Chen et al., 2016](https://arxiv.org/abs/1606.03657)).

- noise $z$

| a | b |
|---|---|

$$
\\text{slant} = b_0 .
$$
"""
KOREAN = """## *게임*

> **연습 1.** `lr=1e-3`으로 $D$를 10단계 학습시키세요. [5장](5-infogan.ipynb#settings)을 보세요.

손실은 20,000번 가운데 1,500번에서 $2 \\ln 2$입니다([Chen et al., 2016](https://arxiv.org/abs/1606.03657)).

- 잡음 $z$

| 가 | 나 |
|---|---|

$$
\\text{기울임} = b_0
$$
"""


def test_a_faithful_text_has_no_findings():
    assert checks.findings(ENGLISH, KOREAN) == []


def test_only_the_comments_of_code_are_translated():
    english = "```\nmake it  # now\n# all of it\n```\n"
    assert checks.sameness(english, "```\nmake it  # 지금\n# 모두\n```\n") == []
    assert len(checks.sameness(english, "```\nmake that  # 지금\n# 모두\n```\n")) == 2


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("2 \\ln 2", "\\ln 2", "formula missing: 2\\ln2"),
        ("= b_0", "= b_1", "formula added: \\text{}=b_1"),
        ("$D$", "$G$", "symbol missing: D"),
        ("`lr=1e-3`", "`lr=1e-2`", "code added: `lr=1e-2`".replace("`", "")),
        ("#settings", "#setting", "link missing: 5-infogan.ipynb#settings"),
        ("Chen et al., 2016", "첸 등, 2016", "citation missing: Chen et al., 2016"),
        ("1,500번", "1,400번", "number added: 1,400"),
        ("10단계", "11단계", "number added: 11"),
        ("연습 1", "연습 2", "form missing: box Exercise 1"),
        ("연습 1", "정의 1", "form added: box Definition 1"),
        ("## ", "### ", "form added: heading ###"),
        ("- 잡음", "잡음", "form missing: item"),
        ("| 가 | 나 |\n", "", "form missing: row"),
        ("*게임*", "<b>게임</b>", "form added: <b>"),
        ("손실은", "로스는", "loss is not 손실"),
        ("잡음", "노이즈", "noise is not 잡음"),
    ],
)
def test_what_is_not_the_same_is_found(old, new, finding):
    assert old in KOREAN
    assert finding in checks.findings(ENGLISH, KOREAN.replace(old, new))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("그림이 만들어지게 되어집니다.", "겹피동"),
        ("판별자에 의해 정해집니다.", "에 의해"),
        ("학습에 있어서 중요합니다.", "에 있어서"),
        ("뜻을 가진 코드입니다.", "가진"),
        ("여러 그림들이 있습니다.", "필요 없는 -들"),
        ("같은 것들입니다.", "필요 없는 -들"),
        ("그것은 하나의 방법입니다.", "하나의"),
        ("방법 중 하나입니다.", "중 하나"),
        ("그들은 다릅니다.", "대명사"),
        ("그럼에도 불구하고 됩니다.", "불구하고"),
        ("잴 필요가 있습니다.", "필요가 있다"),
        ("재는 것이 가능합니다.", "가능하다"),
        ("손실을 감소시킵니다.", "시키다"),
        ("코드 — 그것", "줄표"),
        ("코드는 무시된다. 왜", "한다체"),
        ("(코드는 무시된다.)", "한다체"),
        ("그렇지요. 이제", "해요체"),
        ("그렇습니다. 맞아요.", "해요체"),
    ],
)
def test_translationese_is_found(text, name):
    (finding,) = checks.translationese(text)
    assert finding.startswith(f"{name}: ")


@pytest.mark.parametrize(
    "text",
    [
        "또 하나의 신경망이 배웁니다. 봅시다. 무엇일까요? 여기를 보세요. 학습시킵니다.",
        "들어갑니다. 다섯 개가 들어 있습니다. 되어 있습니다. 논문이 있다고 합니다.",
        "| 숫자와 글씨체를 나눈다 |",
        "`무시된다.`",
    ],
)
def test_good_korean_passes(text):
    assert checks.translationese(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("이것은 the loss of the D입니다.", 1),
        ("잠재 코드(latent code)와 생성적 적대 신경망(generative adversarial network, GAN)", 0),
        ("MIG, SAP, DCI, FactorVAE 점수", 0),
        (
            "`pip install -r file` [Generative Adversarial Nets by them](https://arxiv.org/abs/1406.2661)",
            0,
        ),
        ('말 <span lang="en">the words of a term</span>', 0),
        ("[one two three four](1-entangled-noise.ipynb)", 1),
    ],
)
def test_four_latin_words_in_a_row_are_found(text, found):
    assert len(checks.leftovers(text)) == found


def test_an_everyday_word_is_no_term_and_a_longer_term_no_shorter_one():
    assert checks.wording("It means a step.", "그런 뜻입니다.") == []
    assert checks.wording("the latent code", "잠재 코드") == []
    assert checks.wording("the latent code", "코드") == ["latent code is not 잠재 코드"]


def test_exceptions_are_left_out(monkeypatch):
    excused = {"page": "index", "block": "for-whom", "finding": "code added: x", "why": "w"}
    monkeypatch.setattr(checks, "exceptions", lambda: [excused])
    said = [("for-whom", "code added: x"), ("for-whom", "code added: y")]
    monkeypatch.setattr(checks, "of_page", lambda page: said)
    assert checks.unexcused("index") == ["index, for-whom: code added: y"]
