"""The widgets on a page in Korean: whatever one does with them, no English word is left."""

import json
import re

import numpy as np
import pytest
import torch
import yaml
from playwright.sync_api import Page

import in_korean
import in_node
from benchmarks import report
from benchmarks.widgets import write_page
from infogan_lite import InfoGAN, LatentCode, Settings
from infogan_lite.widgets.bound import bound_explorer
from infogan_lite.widgets.channel import channel_explorer
from infogan_lite.widgets.digits_laboratory import digits_laboratory
from infogan_lite.widgets.explorer import explore
from infogan_lite.widgets.frames import frames
from infogan_lite.widgets.laboratory import laboratory
from infogan_lite.widgets.packing import STATIC, front_end
from infogan_lite.widgets.prediction import predict, predict_number
from infogan_lite.widgets.replay import Snapshot, replay
from quiet_page import watched

TABLE = yaml.safe_load((report.ROOT / "ko/texts/widgets.yml").read_text(encoding="utf8"))
CELLS = {  # as cells give them, with the page's own file
    "Up?": "위로?",
    "up": "위",
    "So it is. And so on.": "그렇습니다. 죽 그렇습니다.",
    "no": "아니요",
    "Not so.": "그렇지 않습니다.",
    "It rose by {}.": "{}만큼 올랐습니다.",
    "How many?": "몇 장?",
    " pictures": "장",
    "Fewer. Look.": "더 적습니다. 보세요.",
    "darkness": "어두움",
    "{} tenths of ink": "잉크 10분의 {}",
}


def untrained(**code) -> InfoGAN:
    settings = Settings(code=LatentCode(**code), z_dim=8, channels=(8, 16), hidden=32, q_hidden=8)
    return InfoGAN(settings, (1, 28, 28)).eval()


def widgets() -> dict:
    many = untrained(categorical=(3, 2), uniform=1, circular=1)
    moment = {"c1": 0.5}, torch.rand(5, 3, 1, 8, 8), np.eye(3, dtype=int)
    pictures = [np.full((20, 30), k / 4) for k in range(5)]
    tenths = [f"{k} tenths of ink" for k in range(5)]
    names = {"c1": "digit", "c3": "slant"}
    return {
        "explore": explore(many, names=names),
        "explore by frames": explore(many, names=names, frames=True),
        "channel": channel_explorer(),
        "bound": bound_explorer(pictures=["oval", "stroke", "hook", "blot"]),
        "frames": frames(pictures, range(5), "darkness", describe=tenths),
        "replay": replay([Snapshot(step, *moment) for step in range(3)]),
        "predict": predict(
            "Up?", {"up": "So it is. And so on.", "no": "Not so."}, "up", "It rose by 0.31."
        ),
        "predict number": predict_number(
            "How many?", 0, 9, [(9, "Fewer. Look.")], "It rose by 3.", unit=" pictures"
        ),
        "laboratory": laboratory(uniform=True),
        "digits": digits_laboratory(steps=2),
    }


@pytest.fixture(scope="module")
def context(browser):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context
    context.close()


def opened(context, folder, widget, table: dict | None) -> Page:
    path, _ = write_page([widget], folder)
    texts = json.dumps(table, ensure_ascii=False)
    script = f'<script type="application/json" id="igl-texts">{texts}</script>' if table else ""
    html = path.read_text(encoding="utf8").replace("</main>", f"</main>{script}")
    path.write_text(html.replace('lang="en"', 'lang="ko"'), encoding="utf8")
    page = context.new_page()
    watched(page, path)
    page.wait_for_selector("[data-ready]")
    return page


def use(page: Page) -> None:
    """Each slider at five places, each choice, each button, and each once more."""
    for slider in page.locator("input[type=range]").all():
        for key in ("Home", "ArrowRight", "PageUp", "PageUp", "End"):
            slider.press(key)
            yield key
    for control in page.locator("input[type=radio], input[type=checkbox], summary, button").all():
        if control.is_visible():
            control.dispatch_event("click")
            yield control.evaluate("e => e.outerHTML")
    page.wait_for_timeout(800)  # what a screen reader is told follows later
    yield "at rest"


@pytest.mark.browser
@pytest.mark.parametrize("kind", widgets())
def test_no_english_word_is_left(context, tmp_path, kind):
    page = opened(context, tmp_path, widgets()[kind], TABLE | CELLS)
    assert len(page.evaluate(in_korean.SAID)) > 3
    for done in ("opened", *use(page)):
        said = page.evaluate(in_korean.SAID)
        assert in_korean.english(said) == [], done
        assert not any("{" in words for words in said)
    assert page.problems == []
    page.close()


@pytest.mark.browser
def test_a_reply_is_korean_whole_or_with_its_values(context, tmp_path):
    page = opened(context, tmp_path, widgets()["predict"], TABLE | CELLS)
    page.get_by_label("위", exact=True).press("Space")
    page.get_by_role("button").click()
    reply, result = (page.locator(f".igl-{name}").inner_text() for name in ("reply", "result"))
    assert reply == "맞습니다. 그렇습니다. 죽 그렇습니다." and result == "0.31만큼 올랐습니다."
    page.close()


@pytest.mark.browser
def test_a_widget_that_cannot_be_shown_says_so_in_korean(context, tmp_path):
    widget = widgets()["channel"]
    widget._esm = ""
    page = opened(context, tmp_path, widget, TABLE)
    assert in_korean.english(page.evaluate(in_korean.SAID)) == []
    assert "위젯" in page.locator("[data-failed]").inner_text()
    page.close()


@pytest.mark.browser
def test_in_a_notebook_the_table_beside_it_counts(context, tmp_path, monkeypatch):
    """And not where a book is built."""
    monkeypatch.delenv("INFOGAN_QUIET", raising=False)
    english = front_end("channel.js")
    (tmp_path / "widget-texts.json").write_text(json.dumps(TABLE), encoding="utf8")
    monkeypatch.chdir(tmp_path)
    widget = widgets()["channel"]
    widget._esm = front_end("channel.js")
    assert widget._esm != english
    page = opened(context, tmp_path, widget, None)
    assert in_korean.english(page.evaluate(in_korean.SAID)) == []
    page.close()
    monkeypatch.setenv("INFOGAN_QUIET", "1")
    assert front_end("channel.js") == english


# --- The story of the laboratory --------------------------------------------------------

SCENES = """
  const told = [];
  const tables = (k, parts) => [
    Array.from({ length: k }, (_, i) => Array.from({ length: parts }, (_, j) => 10 * (i === j))),
    Array.from({ length: k }, () => Array.from({ length: parts }, (_, j) => 10 * (j === 0))),
    Array.from({ length: k }, () => Array.from({ length: parts }, () => 10)),
  ];
  for (const data of ["ring", "unequal", "moons", "spiral", "own"])
    for (const k of [1, 2, 5, 8, 12])
      for (const parts of data === "own" ? [1, 3] : [{ moons: 2, spiral: 4 }[data] ?? 8])
        for (const lambda of [0, 1])
          for (const step of [0, 100, 1000])
            for (const table of [null, ...tables(k, parts)])
              for (const purity of [0.4, 0.99])
                for (const bound of [0.1, 2.6])
                  for (const owned of [0, parts - 1, parts])
                    for (const uniform of [false, true])
                      for (const way of ["playing", "half", "resting"]) {
                        const [playing, half] = [way === "playing", way === "half"];
                        const figures = table && { table, purity, owned, bound, truth: 2,
                          boundValue: bound, truthValue: 2 };
                        const scene = { data, k, uniform, lambda, playing, step, half, figures };
                        told.push(story.tell(scene));
                      }
  const table = texts.readTable(given.table);
  const said = [...new Map(told.map(({ text }) => [text, texts.lookUp(table, text)]))];
  const changed = Object.values(given.table).filter((v) => texts.lookUp(table, v) !== v);
  return { said, moods: [...new Set(told.map(({ mood }) => mood))], changed };
"""


def test_all_that_the_laboratory_tells_is_korean():
    in_node.need_node()
    modules = {"story": STATIC / "laboratory/story.js", "texts": STATIC / "texts.js"}
    found = in_node.run(modules, SCENES, table=TABLE)
    moods = re.findall(r'mood: "(\w+)"', modules["story"].read_text(encoding="utf8"))
    assert set(found["moods"]) == set(moods)
    assert in_korean.english([ours for _, ours in found["said"]]) == []
    assert found["changed"] == []  # what is Korean already stays as it is
