"""What `jupyter-book build ko` does besides: a Sphinx extension for the Korean edition.

Its pages go to _build/html/ko, beside the English ones.  Boxes keep their kinds and headings their
English anchors, pictures and widgets get their words from ko/texts, and the theme gets words that
are Korean.
"""

import json
import re
from gettext import NullTranslations
from pathlib import Path

import infogan_book
import korean_texts
from docutils import nodes
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

KO = korean_texts.ROOT / "ko"
BOXES = {
    "참고": "Note",
    "질문": "Question",
    "요약": "Recap",
    "주의": "Careful",
    "학습 목표": "Learning goals",
    "준비": "Prerequisites",
    "정의": "Definition",
    "보조정리": "Lemma",
    "정리": "Theorem",
    "명제": "Proposition",
    "증명": "Proof",
    "연습": "Exercise",
}
# Words of the theme and of Sphinx: some it lacks in Korean, some were translated by machine.
WORDS = {
    "By": "글",
    "Contents": "차례",
    "Launch interactive content": "실행",
    "Launch on": "열기:",
    "Fullscreen mode": "전체 화면",
    "Download this page": "이 쪽 내려받기",
    "Download notebook file": "노트북 내려받기",
    "Download source file": "원본 내려받기",
    "Print to PDF": "PDF로 인쇄",
    "Edit this page": "이 쪽 고치기",
    "Suggest edit": "고칠 점 제안",
    "Open an issue": "문제 알리기",
    "Open issue": "문제 알리기",
    "Show source": "원본 보기",
    "Repository": "저장소",
    "Source repository": "저장소",
    "Source repositories": "저장소",
    "Copyright": "저작권",
    "Search": "찾기",
    "Search Results": "찾은 결과",
    "Search the docs ...": "찾을 말",
    "Skip to main content": "본문으로",
    "Back to top": "맨 위로",
    "Color mode": "밝기",
    "Light": "밝게",
    "Dark": "어둡게",
    "System Settings": "기기 설정대로",
    "On this page": "이 쪽의 차례",
    "Site navigation": "책의 차례",
    "Section Navigation": "장의 차례",
    "Breadcrumb": "지금 위치",
    "Home": "처음",
    "next": "다음",
    "previous": "이전",
    "next page": "다음 쪽",
    "previous page": "이전 쪽",
    "Expand Sidebar": "차례 펴기",
    "Collapse Sidebar": "차례 접기",
    "Version warning": "판 안내",
    "© Copyright %(copyright)s.": "© %(copyright)s",
    "Link to this heading": "이 제목의 주소",
    "Permalink to this heading": "이 제목의 주소",
}
IN_TEMPLATES = {  # of the theme and of MyST-NB, which ask for no translation of these
    'aria-label="Toggle hidden content"': 'aria-label="접은 글 여닫기"',
    'title="Toggle primary sidebar"': 'title="책의 차례 여닫기"',
    'title="Toggle secondary sidebar"': 'title="이 쪽의 차례 여닫기"',
    'aria-label="Main"': 'aria-label="책"',
    'aria-label="Page"': 'aria-label="쪽"',
}
COPY = """'ko': {
    'copy': '복사',
    'copy_to_clipboard': '클립보드에 복사',
    'copy_success': '복사했습니다',
    'copy_failure': '복사하지 못했습니다',
  },
  'es' :"""
IN_SCRIPTS = {  # of extensions that have no Korean
    "copybutton.js": ("'es' :", COPY),
    "togglebutton.js": ("Toggle hidden content", "접은 글 여닫기"),
}
REDIRECT = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={}">\n'


class Words(NullTranslations):
    """Our words first, then those that were there."""

    def gettext(self, message: str) -> str:
        return WORDS.get(message) or super().gettext(message)


def speak(app: Sphinx) -> None:
    for catalog in ("sphinx", "booktheme"):
        words = Words()
        words.add_fallback(locale.translators["general", catalog])
        locale.translators["general", catalog] = words
    app.translator = locale.translators["general", "sphinx"]


def move_output(app: Sphinx) -> None:
    """From ko/_build/html to _build/html/ko, where Jupyter Book's own page leads as well."""
    told = Path(app.outdir)
    built = korean_texts.ROOT / "_build" if told.is_relative_to(KO) else told.parent
    app.outdir = type(app.outdir)(built / "html/ko")
    app.doctreedir = type(app.doctreedir)(built / ".doctrees-ko")
    Path(app.outdir).mkdir(parents=True, exist_ok=True)
    if told.is_relative_to(KO):
        told.mkdir(parents=True, exist_ok=True)
        page = REDIRECT.format("../../../_build/html/ko/index.html")
        (told / "index.html").write_text(page, encoding="utf8")


class Anchors(SphinxTransform):
    """Each heading has the anchor of its English heading: links are the same in both editions.

    A page that is not translated yet has all anchors of the English one, at its title.
    """

    default_priority = 399  # before the boxes, and before MyST resolves links

    def apply(self, **kwargs) -> None:
        page = self.env.docname
        self.env.note_dependency(str(korean_texts.source(page)))
        sections = list(self.document.findall(nodes.section))
        slugs = korean_texts.heading_slugs(page)
        if not korean_texts.read(page):
            boxes = infogan_book.box_slugs(korean_texts.markdown(page))
            known = getattr(self.document, "myst_slugs", {})
            anchor, title = sections[0]["ids"][0], sections[0][0].astext()
            known |= {slug: (sections[0].line, anchor, title) for slug in [*slugs, *boxes]}
            return
        for section, slug in zip(sections, slugs, strict=True):
            self.name(section, slug)

    def name(self, section: nodes.section, slug: str) -> None:
        if slug not in self.document.ids:
            section["ids"].insert(0, slug)
            section["names"].append(slug)
            self.document.ids[slug] = section
            self.document.nameids[slug] = slug
            self.document.nametypes[slug] = False  # no label of the whole book
        known = getattr(self.document, "myst_slugs", {})
        known[slug] = (section.line, slug, section[0].astext())


class Alternatives(SphinxTransform):
    """The alternative texts of pictures that cells draw; in the cell they are English."""

    default_priority = 402

    def apply(self, **kwargs) -> None:
        path = korean_texts.texts_path(self.env.docname)
        if path.exists():
            self.env.note_dependency(str(path))
            words = korean_texts.translations(self.env.docname)
            for image in self.document.findall(nodes.image):
                image["alt"] = words.get(image.get("alt"), image.get("alt"))


class Particles(SphinxTransform):
    """No line begins with the particle of a formula: ko.css keeps the two together."""

    default_priority = 403

    def apply(self, **kwargs) -> None:
        for formula in list(self.document.findall(nodes.math)):
            parent, place = formula.parent, formula.parent.index(formula)
            after = parent[place + 1] if place + 1 < len(parent) else None
            if isinstance(after, nodes.Text) and (found := re.match(r"[가-힣]+[.,]?", after)):
                kept = nodes.inline("", "", classes=["kept"])
                parent[place : place + 2] = [kept, nodes.Text(after[found.end() :])]
                kept += [formula, nodes.Text(found[0])]


def give_texts(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """The table of the widgets' texts, for the pages that have widgets."""
    if "widget-view+json" not in context.get("body", ""):
        return
    text = json.dumps(korean_texts.widget_table([page]), ensure_ascii=False).replace("</", r"<\/")
    script = f'<script type="application/json" id="igl-texts">{text}</script>'
    context["body"] += script


def speak_in_scripts(app: Sphinx, error: Exception | None) -> None:
    for name, (english, korean) in IN_SCRIPTS.items() if not error else ():
        path = Path(app.outdir) / "_static" / name
        if path.exists() and korean not in (text := path.read_text(encoding="utf8")):
            path.write_text(text.replace(english, korean), encoding="utf8")


def speak_in_templates(app: Sphinx, error: Exception | None) -> None:
    for path in Path(app.outdir).glob("*.html") if not error else ():
        before = text = path.read_text(encoding="utf8")
        for english, korean in IN_TEMPLATES.items():
            text = text.replace(english, korean)
        if text != before:
            path.write_text(text, encoding="utf8")


def setup(app: Sphinx) -> dict:
    infogan_book.WORDS.update(BOXES)
    infogan_book.SHOW_SOLUTION = "풀이 보기"
    infogan_book.HIDE_SOLUTION = "풀이 접기"
    speak(app)
    move_output(app)
    app.add_transform(Anchors)
    app.add_transform(Alternatives)
    app.add_transform(Particles)
    app.connect("html-page-context", give_texts)
    app.connect("build-finished", speak_in_scripts)
    app.connect("build-finished", speak_in_templates)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
