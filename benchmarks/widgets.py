"""Weight of the widgets on a page, and how soon they answer, in headless Chromium.

python -m benchmarks.widgets [checkpoint.safetensors]
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from ipywidgets.embed import dependency_state, embed_data
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import browser as chromium  # noqa: E402

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
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
    loader = ROOT / "infogan_lite/widgets/static/loader.js"
    (folder / "loader.js").write_bytes(loader.read_bytes())
    return page, len(text)


def measure(widget, browser: Browser, moves: int = 60) -> dict[str, float]:
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


def table(rows: dict[str, dict[str, float]]) -> str:
    """As a Markdown table."""
    columns = list(next(iter(rows.values())))
    lines = [f"| widget | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        lines.append(f"| {name} | {' | '.join(f'{row[c]:.1f}' for c in columns)} |")
    return "\n".join(lines)


def main(checkpoint: str | None = None) -> None:
    """Print the table, for a trained model if one is given, else for an untrained one."""
    import torch

    from infogan_lite import History, InfoGAN, load, plot_losses, preset
    from infogan_lite.running.checkpoints import load as load_checkpoint
    from infogan_lite.widgets.bound import bound_explorer
    from infogan_lite.widgets.channel import channel_explorer
    from infogan_lite.widgets.explorer import explore
    from infogan_lite.widgets.frames import frames
    from infogan_lite.widgets.replay import Snapshots, replay

    torch.manual_seed(0)
    paper = InfoGAN(preset("paper"), (1, 28, 28)).eval()
    lite = InfoGAN(preset("lite"), (1, 28, 28)).eval()
    lite = load_checkpoint(checkpoint) if checkpoint else lite
    snapshots, history = Snapshots(1, load()), History()
    for step in range(1, 21):
        history.append(step, step, 1.4, 0.7, {"c1": step / 10, "c2": 0.0, "c3": 0.0})
        snapshots(lite, history)
    losses = [plot_losses(History([1, 2], [], [k, 1], [1, k])) for k in range(10)]
    widgets = {
        "explore, generator in the page": explore(lite),
        "explore, precomputed": explore(lite, frames=True),
        "explore, preset paper (untrained)": explore(paper),
        "replay, 20 snapshots": replay(snapshots),
        "frames, 10 figures": frames(losses, range(10), "k", describe=lambda k: f"losses, {k}"),
        "channel_explorer": channel_explorer(),
        "bound_explorer": bound_explorer(),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=OPTIONS)
        print(table({name: measure(widget, browser) for name, widget in widgets.items()}))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
