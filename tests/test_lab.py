"""The widgets in a real JupyterLab and Notebook 7: no key pressed in them reaches the notebook."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("INFOGAN_LAB" not in os.environ, reason="make test-lab runs it"),
]
ROOT = Path(__file__).resolve().parents[1]

BEGIN = """\
import numpy as np, torch
from infogan_lite import InfoGAN, LatentCode, Settings, explore
from infogan_lite import digits_laboratory, laboratory, replay
from infogan_lite.widgets.bound import bound_explorer
from infogan_lite.widgets.channel import channel_explorer
from infogan_lite.widgets.frames import frames
from infogan_lite.widgets.prediction import predict, predict_number
from infogan_lite.widgets.replay import Snapshot
code = LatentCode(categorical=(3,), uniform=2)
small = Settings(code=code, z_dim=8, channels=(8, 16), hidden=32, q_hidden=8)
model = InfoGAN(small, (1, 28, 28)).eval()
pictures = [np.full((20, 30), k / 10) for k in range(11)]
moment = {"c1": 0.5}, torch.rand(2, 3, 1, 8, 8), np.eye(3, dtype=int)
assert torch.get_num_threads() >= 1"""
WIDGETS = (
    "explore(model)",
    "channel_explorer()",
    "bound_explorer()",
    'frames(pictures, range(11), "darkness", describe=str)',
    "laboratory()",
    "digits_laboratory()",
    "replay([Snapshot(step, *moment) for step in range(4)])",
    'predict("Up?", {"up": "So it is.", "down": "Not so."}, "up", "It rose.")',
    'predict_number("How far?", 0, 5, [(5, "So far.")], "By 3.")',
)
# What notebooks do with them: delete, cut, copy, paste, undo, a cell above or below, another kind
# of cell, merge, another cell, edit, leave.
KEYS = "d d x c v z a b m y r Shift+M Shift+V ArrowUp ArrowDown Shift+ArrowDown j k Enter Escape"
# In each widget the first control of each kind; other tests try all of them, without Jupyter.
KINDS = {"range", "radio", "number", "checkbox", "button", "SUMMARY"}
PICK = """() => {
  for (const widget of document.querySelectorAll(".igl")) {
    const kinds = new Set();
    for (const control of widget.querySelectorAll("input, button, summary")) {
      const kind = control.type || control.tagName;
      if (kinds.has(kind) || control.disabled || !control.checkVisibility()) continue;
      kinds.add(kind);
      control.dataset.picked = kind;
    }
  }
}"""
ERROR = "[data-mime-type='application/vnd.jupyter.error']"
# Each opens in a theme, and is then seen in the other one.
FRONT_ENDS = {
    "lab": ("lab/tree/page.ipynb?reset", "Light", "Dark"),
    "notebook": ("notebooks/page.ipynb", "Dark", "Light"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Jupyter in a folder of its own: the folder, and its address."""
    folder = tmp_path_factory.mktemp("jupyter")
    wishes = {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are in the page
    }
    for name, wish in wishes.items():
        write_setting(folder, name, wish)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "work").mkdir()
    options = {
        "ServerApp.root_dir": folder / "work",
        "ServerApp.port": port,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        "LabApp.user_settings_dir": folder / "settings",
        "JupyterNotebookApp.user_settings_dir": folder / "settings",
        "LabApp.workspaces_dir": folder / "workspaces",
        "JupyterNotebookApp.expose_app_in_browser": True,
    }
    command = [sys.executable, "-m", "notebook", *(f"--{k}={v}" for k, v in options.items())]
    home = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **home, "PYTHONPATH": path}, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(address, process, folder / "log")
        yield folder, address
    finally:
        process.terminate()
        process.wait(60)


def write_setting(folder: Path, name: str, wish: dict) -> None:
    """What a front end reads when its page is opened."""
    file = folder / f"settings/@jupyterlab/{name}.jupyterlab-settings"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(wish), encoding="utf8")


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(3000):
        try:
            urllib.request.urlopen(f"{address}api", timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text(encoding="utf8")
            time.sleep(0.2)
    raise TimeoutError(log.read_text(encoding="utf8"))


@pytest.fixture(params=FRONT_ENDS)
def notebook(request, server, browser: Browser):
    """The notebook with all its cells run: page, the file, its theme and the other one."""
    (folder, address), (path, theme, other) = server, FRONT_ENDS[request.param]
    write_setting(folder, "apputils-extension/themes", {"theme": f"JupyterLab {theme}"})
    cells = [nbformat.v4.new_code_cell(source) for source in (BEGIN, *WIDGETS)]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file = folder / "work/page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), file)
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    page = context.new_page()
    page.set_default_timeout(240_000)  # the machine may be busy
    page.goto(address + path)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    run_all(page, address)
    page.wait_for_function(f"document.querySelectorAll('.igl').length === {len(WIDGETS)}")
    save(page, file)
    yield page, file, theme, other
    context.close()


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_links_within_a_chapter_lead_to_their_place(front_end, server, browser):
    folder, address = server
    source = (ROOT / "book/5-infogan.ipynb").read_text(encoding="utf8")
    (folder / "work/page.ipynb").write_text(source, encoding="utf8")
    page = browser.new_page()
    page.goto(address + FRONT_ENDS[front_end][0])
    places = sorted(set(re.findall(r"\]\(#([^)]+)\)", source)))
    assert len(places) > 4
    for place in places:
        page.locator(f".jp-RenderedMarkdown a[href='#{place}']").first.click()
        page.wait_for_function(
            """(place) => {
                const found = document.querySelector(`[data-jupyter-id="${place}"]`);
                const { top } = found.getBoundingClientRect();
                return top >= 0 && top < innerHeight;
            }""",
            arg=place,
        )
    page.close()


def run_all(page: Page, address: str) -> None:
    """By the menu, once the kernel is there: before, the front end would ask which one to start."""
    for _ in range(1200):
        if kernel_waits(address):
            break
        page.wait_for_timeout(200)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
    choose(page, "Run", "Run All Cells")
    over = """(error) => document.querySelector(error) || [
        ...document.querySelectorAll('.jp-InputPrompt')
    ].every((e) => /[0-9]/.test(e.innerText))"""
    page.wait_for_function(over, arg=ERROR)
    assert not (errors := page.locator(ERROR).all_inner_texts()), errors[0]


def choose(page: Page, *names: str) -> None:
    """An entry of the menu, by its own name and those above it."""
    for name in names:
        page.locator(".lm-MenuBar, .lm-Menu").get_by_text(name, exact=True).click()


def kernel_waits(address: str) -> bool:
    """Whether a kernel is idle and somebody has connected to it."""
    try:
        with urllib.request.urlopen(f"{address}api/kernels", timeout=60) as answer:
            kernels = json.load(answer)
    except urllib.error.HTTPError:  # the server cannot describe one that it is starting
        return False
    return any(k["execution_state"] == "idle" and k["connections"] for k in kernels)


def save(page: Page, file: Path) -> None:
    """By the menu, until the file is another one, written to its end."""
    before = file.stat().st_mtime_ns
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Save Notebook(?! As)")).first.click()
    for _ in range(3000):
        if file.stat().st_mtime_ns != before and file.read_text(encoding="utf8").endswith("}\n"):
            return
        page.wait_for_timeout(100)
    raise TimeoutError("the notebook was not saved")


def without_state(file: Path) -> dict:
    """The notebook but for the state of its widgets."""
    notebook = json.loads(file.read_text(encoding="utf8"))
    notebook["metadata"].pop("widgets", None)
    return notebook


def test_keys_in_a_widget_leave_the_notebook_alone(notebook):
    page, file, theme, other = notebook
    before = without_state(file)
    assert len(before["cells"]) == 1 + len(WIDGETS)
    wait_for_cards(page, theme)
    page.evaluate("for (const more of document.querySelectorAll('.igl details')) more.open = true")
    page.evaluate(PICK)
    picked = page.locator("[data-picked]").all()
    assert {control.get_attribute("data-picked") for control in picked} == KINDS
    for control in picked:
        control.focus()
        for key in KEYS.split():
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('.igl') !== null")
    sliders_answer(page)
    # The same keys outside of the widgets do act: so the test can fail.
    save(page, file)
    assert without_state(file) == before
    page.locator(".jp-InputPrompt").last.click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.wait_for_function(f"document.querySelectorAll('.igl').length === {len(WIDGETS) - 1}")
    choose(page, "Settings", "Theme", f"JupyterLab {other}")
    wait_for_cards(page, other)


def wait_for_cards(page: Page, theme: str) -> None:
    """Until the ground of each widget is white in a light theme and not white in a dark one."""
    ground = """(light) => [...document.querySelectorAll('.igl')].every(
        (e) => (getComputedStyle(e).backgroundColor === 'rgb(255, 255, 255)') === light)"""
    page.wait_for_function(ground, arg=theme == "Light")


def sliders_answer(page: Page) -> None:
    """To arrow keys, and to the mouse."""
    for card in page.locator(".igl:has(input[type=range])").all():
        slider = card.locator("input[type=range]").first
        slider.scroll_into_view_if_needed()
        low, high, step = (float(slider.get_attribute(name)) for name in ("min", "max", "step"))
        slider.focus()
        for key in ("End", "ArrowLeft", "ArrowDown"):
            page.keyboard.press(key)
        assert float(slider.input_value()) == pytest.approx(high - 2 * step)
        box = slider.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        assert float(slider.input_value()) < low + 0.5 * (high - low)
    first, second = page.locator(".igl-prediction input[type=radio]").all()
    first.focus()
    page.keyboard.press("ArrowDown")
    assert second.is_checked()
    first.locator("xpath=..").click()
    assert first.is_checked()
