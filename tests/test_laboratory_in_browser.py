"""The laboratory in Chromium, on a page from a file, with every outside request refused."""

from contextlib import contextmanager

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import quiet_page
from infogan_lite.widgets.laboratory import laboratory

pytestmark = pytest.mark.browser
PLANE = ".igl-plane"
DATA_URL = "document.querySelector('.igl-plane').toDataURL()"


@pytest.fixture
def show(browser: Browser, tmp_path):
    """Open a page with a laboratory; at the end nothing was asked from outside, and no error."""

    @contextmanager
    def opened(theme="light", width=1280, reduced_motion=None, **start):
        rest = {"theme": theme, "width": width, "reduced_motion": reduced_motion}
        with quiet_page.opened(browser, tmp_path, [laboratory(**start)], **rest) as page:
            page.set_default_timeout(60_000)
            drawn = PLANE if start.get("data") == "own" else "[data-frames][data-step='0']"
            page.wait_for_selector(drawn)
            yield page

    return opened


def step(page: Page) -> int:
    return int(page.locator(".igl-steps").inner_text().removeprefix("step "))


def wait_for_step(page: Page, n: int) -> None:
    page.wait_for_function("n => document.querySelector('[data-step]')?.dataset.step >= n", arg=n)


def looks(page: Page) -> str:
    return page.locator(PLANE).evaluate("c => c.toDataURL()")


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def test_it_trains_and_pauses(show):
    with show(lam=1.0) as page:
        assert "Press Train" in page.locator(".igl-story").inner_text()
        before = looks(page)
        button(page, "Train").click()
        wait_for_step(page, 5)
        button(page, "Pause").click()
        now, picture = quiet_page.settled(page, lambda: (step(page), looks(page)))
        assert now >= 5
        assert picture != before


def test_by_keyboard_alone_each_color_takes_a_mode(show):
    with show(seed=3) as page:
        page.get_by_label("reward for a readable code").press("ArrowRight")
        for _ in range(19):
            page.keyboard.press("ArrowRight")
        page.get_by_label("as fast as it goes").press("Space")
        button(page, "Train").press("Enter")
        page.wait_for_function(
            "document.querySelector('.igl-story').textContent.includes('a mode of its own')",
            timeout=240_000,
        )
        text = page.locator(".igl-lab-table svg").get_attribute("aria-label")
        homes = [part.split(" at ")[1] for part in text.split("; ")]
        assert len(set(homes)) == 8


def test_a_half_step_moves_only_its_own_nets(show):
    with show() as page:
        points = []
        for half in range(3):
            points.append(looks(page))
            frames = int(page.locator("[data-frames]").get_attribute("data-frames"))
            button(page, "One half step").press("Enter")
            page.wait_for_function(
                "n => +document.querySelector('[data-frames]').dataset.frames > n", arg=frames
            )
            assert step(page) == (half + 1) // 2
            page.wait_for_timeout(100)
        assert len(set(points)) == 3
        button(page, "One half step").press("Enter")
        page.wait_for_function("document.querySelector('.igl-steps').textContent === 'step 2'")


def test_a_seed_gives_the_same_picture_again(show):
    with show(seed=11) as page:
        first = looks(page)
        seed = page.get_by_label("Seed")
        seed.fill("12")
        seed.press("Enter")
        page.wait_for_function(f"c => {DATA_URL} !== c", arg=first)
        other = quiet_page.settled(page, lambda: looks(page))
        assert other != first
        seed.fill("4294967307")  # 11 + 2 ** 32: only 32 bits count
        seed.press("Enter")
        page.wait_for_function(f"c => {DATA_URL} === c", arg=first)
        assert seed.input_value() == "11"


def test_points_can_be_drawn_by_mouse_and_by_keyboard(show):
    with show(data="own", lam=1.0, k=2) as page:
        assert "Draw a few strokes" in page.locator(".igl-story").inner_text()
        empty, plane = looks(page), page.locator(PLANE)
        box = plane.bounding_box()
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
        page.mouse.up()
        plane.focus()
        for _ in range(6):
            plane.press("ArrowRight")
        plane.press("Enter")
        page.wait_for_function(f"c => {DATA_URL} !== c", arg=empty)
        button(page, "Train").click()
        wait_for_step(page, 3)
        rows = page.locator(".igl-lab-table svg").get_attribute("aria-label").split("; ")
        assert len(rows) == 2
        assert all("at stroke A" in row or "at stroke B" in row for row in rows)
        button(page, "Clear the drawing").click()
        assert "Draw a few strokes" in page.locator(".igl-story").inner_text()
        page.wait_for_timeout(1000)  # what the nets still had to say is not heard
        assert "Draw a few strokes" in page.locator(".igl-story").inner_text()


@pytest.mark.parametrize(
    ("name", "k", "lam", "data"),
    [
        ("No reward", "8", "0", "Eight Gaussians"),
        ("Raise", "8", "1", "Eight Gaussians"),
        ("Too many codes", "12", "1", "Eight Gaussians"),
        ("Unequal data", "8", "1", "Unequal Gaussians"),
        ("Not what we meant", "2", "1", "Two moons"),
        ("A continuous code", "1", "0.5", "Two moons"),
    ],
)
def test_each_trial_sets_the_controls_and_starts(show, name, k, lam, data):
    with show(k=3) as page:
        trial = button(page, name)
        trial.click()
        assert page.get_by_label("Codes K").input_value() == k
        assert page.get_by_label("reward for a readable").input_value() == lam
        assert page.locator(".igl-pills input:checked").first.get_attribute("aria-label") == data
        assert trial.get_attribute("aria-pressed") == "true"
        wait_for_step(page, 1)


def test_lambda_is_raised_without_a_new_start(show):
    with show() as page:
        button(page, "Train").click()
        wait_for_step(page, 4)
        button(page, "Raise").click()
        assert step(page) >= 3
        page.get_by_label("Codes K").press("ArrowLeft")  # another number of codes is a new net
        page.wait_for_function(
            "document.querySelector('.igl-lab-table svg').getAttribute('aria-label')"
            ".split('; ').length === 7"
        )


def test_keys_stay_in_the_widget(show):
    with show() as page:
        page.evaluate(quiet_page.NOTEBOOK)
        seed = page.get_by_label("Seed")
        for key in ("a", "d", "Escape", "Enter", "ArrowDown"):
            seed.press(key)
        page.get_by_label("Codes K").press("ArrowLeft")
        page.get_by_text("More to turn").click()
        controls = page.locator(".igl :is(input, button, summary, canvas):not(:disabled):visible")
        for control in controls.all():
            control.press("d")
        assert controls.count() > 20 and page.evaluate("taken") == []


def test_it_is_calm_where_motion_is_unwelcome(show):
    with show(reduced_motion="reduce") as page:
        button(page, "Train").click()
        wait_for_step(page, 1)
        frames = int(page.locator("[data-frames]").get_attribute("data-frames"))
        page.wait_for_timeout(3000)
        more = int(page.locator("[data-frames]").get_attribute("data-frames")) - frames
        assert more <= 4


def test_a_screen_reader_hears_a_few_sentences(show):
    with show(lam=1.0) as page:
        page.evaluate(
            """() => { window.said = []; const node = document.querySelector("[role=status]");
            const watch = new MutationObserver(() => said.push(node.textContent));
            watch.observe(node, { childList: true }); }"""
        )
        button(page, "Train").click()
        page.wait_for_timeout(4000)
        button(page, "Pause").click()
        page.wait_for_function("said.length > 0")
        assert len(page.evaluate("said")) <= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible(show, theme, width):
    with show(theme=theme, width=width, lam=1.0) as page:
        button(page, "Train").click()
        wait_for_step(page, 2)
        button(page, "Pause").click()
        page.get_by_text("More to turn").click()
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        dark = page.locator(".igl").evaluate("e => getComputedStyle(e).backgroundColor")
        assert (dark == "rgb(255, 255, 255)") == (theme == "light")
        corner = page.locator(PLANE).evaluate(
            "c => Array.from(c.getContext('2d').getImageData(2, 2, 1, 1).data)"
        )
        assert (np.mean(corner[:3]) > 128) == (theme == "light")
