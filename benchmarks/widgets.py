"""Weight of the widgets on a page, and how soon they answer, in headless Chromium."""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from ipywidgets.embed import dependency_state, embed_data

from benchmarks import report
from benchmarks.options import Options

sys.path.insert(0, str(report.ROOT / "tools"))

import browser as chromium  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Widgets</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font-family: sans-serif; background: #fff; }}
[data-theme=dark] body {{ background: #14181e; color: #fff; }}</style></head>
<body><main><h1>Widgets</h1>{views}</main>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script src="loader.js"></script></body></html>"""

# Move the first slider n times; the time from the event until the next frame is on its way.
LATENCY = """async (n) => {
  const input = document.querySelector("input[type=range]"), times = [];
  for (let i = 0; i < n; i++) {
    input.value = +input.min + (i % 20) / 19 * (input.max - input.min);
    const begin = performance.now();
    input.dispatchEvent(new Event("input"));
    const drawn = performance.now() - begin;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push([drawn, performance.now() - begin]);
  }
  return times;
}"""


def write_page(widgets: Sequence, folder: Path, theme: str = "light") -> tuple[Path, int]:
    """A page as the book's: the state, a mark for each widget, the loader.

    Returns:
        The page, and the size of its state in bytes.
    """
    state = dependency_state(widgets, drop_defaults=False)
    data = embed_data(views=widgets, state=state, drop_defaults=False)
    mark = '<script type="application/vnd.jupyter.widget-view+json">{}</script>'
    views = "".join(mark.format(json.dumps(view)) for view in data["view_specs"])
    text = json.dumps(data["manager_state"]).replace("</script>", r"<\/script>")
    page = folder / f"page-{theme}.html"
    page.write_text(PAGE.format(theme=theme, views=views, state=text), encoding="utf-8")
    loader = report.ROOT / "infogan_lite/widgets/static/loader.js"
    (folder / "loader.js").write_bytes(loader.read_bytes())
    return page, len(text)


def launch(playwright):
    """A headless Chromium, the one that the tests use."""
    if not chromium.find():
        raise SystemExit("error: Chromium is missing: install chromium or google-chrome")
    return playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)


def answering(widget, browser, moves: int = 60) -> dict[str, float]:
    """State in kB; first paint, and the time to answer a slider, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        path, size = write_page([widget], Path(folder))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_selector("[data-ready]")
        shown = page.evaluate("performance.now()")
        times = page.evaluate(LATENCY, moves)
        page.close()
    return {
        "state, kB": size / 1000,
        "shown after, ms": shown,
        "drawn, median ms": median(t for t, _ in times),
        "drawn, worst ms": max(t for t, _ in times),
        "with the frame, median ms": median(t for _, t in times),
    }


def all_widgets(snapshots: int = 20) -> dict:
    """Each widget of the book, on the models that come with the package."""
    import torch

    from infogan_lite import History, InfoGAN, load, plot_losses, preset, pretrained
    from infogan_lite.widgets.bound import bound_explorer
    from infogan_lite.widgets.channel import channel_explorer
    from infogan_lite.widgets.explorer import explore
    from infogan_lite.widgets.frames import frames
    from infogan_lite.widgets.replay import Snapshots, replay

    torch.manual_seed(0)
    lite, paper = pretrained(), InfoGAN(preset("paper"), (1, 28, 28)).eval()
    taken, history = Snapshots(1, load()), History()
    lite.settings = replace(lite.settings, steps=snapshots, log_every=1)  # of so short a training
    for step in range(1, snapshots + 1):
        history.append(step, step, 1.4, 0.7, {"c1": step / 10, "c2": 0.0, "c3": 0.0})
        taken(lite, history)
    losses = [plot_losses(History([1, 2], [], [k, 1], [1, k])) for k in range(10)]
    return {
        "explore, generator in the page": explore(lite),
        "explore, precomputed": explore(lite, frames=True),
        "explore, preset paper (untrained)": explore(paper),
        f"replay, {snapshots} snapshots": replay(taken),
        "frames, 10 figures": frames(losses, range(10), "k", describe=lambda k: f"losses, {k}"),
        "channel_explorer": channel_explorer(),
        "bound_explorer": bound_explorer(),
    }


def run(options: Options) -> None:
    """Put each widget on a page, move its slider, and write widgets.csv."""
    from playwright.sync_api import sync_playwright  # not among what a reader has to install

    rows, widgets = [], all_widgets(2 if options.quick else 20)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, widget in widgets.items():
            rows.append({"widget": name} | answering(widget, browser, 2 if options.quick else 60))
        about = report.header("widgets", browser=f"Chromium {browser.version}, headless")
        browser.close()
    print(report.write("widgets", rows, about, options.folder_of("widgets")))
