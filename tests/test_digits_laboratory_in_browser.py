"""The digits laboratory in Chromium, on a page from a file, every outside request refused."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import quiet_page
from benchmarks.widgets import write_page
from infogan_lite.widgets.digits_laboratory import digits_laboratory

pytestmark = pytest.mark.browser
SHEET = ".igl-digits"
MOST_BYTES = 2_500_000  # of a page with all that it needs


@pytest.fixture
def show(browser: Browser, tmp_path):
    """Open a page with a laboratory; at the end nothing was asked from outside, and no error."""

    @contextmanager
    def opened(theme="light", width=1280, **start):
        widgets = [digits_laboratory(**start)]
        with quiet_page.opened(browser, tmp_path, widgets, theme, width) as page:
            page.set_default_timeout(120_000)
            page.wait_for_selector("[data-sheets]")
            yield page

    return opened


def step(page: Page) -> int:
    return int(page.locator("[data-step]").get_attribute("data-step"))


def wait_for_step(page: Page, n: int) -> None:
    page.wait_for_function("n => +document.querySelector('[data-step]').dataset.step >= n", arg=n)


def looks(page: Page) -> str:
    return page.locator(SHEET).evaluate("c => c.toDataURL()")


def wait_for_other(page: Page, before: str) -> None:
    page.wait_for_function(
        "before => document.querySelector('.igl-digits').toDataURL() !== before", arg=before
    )


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def test_it_trains_stops_goes_on_and_judges_itself(show):
    """By keyboard; 6 steps, so the end is near."""
    with show(steps=6) as page:
        assert "weights are noise" in page.locator(".igl-story").inner_text()
        before = looks(page)
        button(page, "Train").press("Enter")
        wait_for_step(page, 1)
        button(page, "Stop").press("Enter")
        now = quiet_page.settled(page, lambda: step(page), 1000)
        if now < 6:
            button(page, "Train").press("Enter")
        wait_for_step(page, 6)
        page.wait_for_selector("[data-error]")
        wait_for_other(page, before)
        assert 0 <= float(page.locator("[data-error]").get_attribute("data-error")) <= 1
        assert "Training is over" in page.locator(".igl-story").inner_text()
        assert "read as" in page.locator(SHEET).get_attribute("aria-label")
        assert button(page, "Train").is_disabled()
        assert page.evaluate("document.activeElement.textContent") == "Train"  # it has the keys
        button(page, "Train").dispatch_event("click")
        assert button(page, "Train").is_disabled() and step(page) == 6


def test_the_sheet_answers_to_noise_sliders_and_seed(show):
    with show() as page:
        before = looks(page)
        page.get_by_role("slider", name="c2").press("End")
        wait_for_other(page, before)
        bent = looks(page)
        button(page, "Draw new noise z").click()
        wait_for_other(page, bent)
        again = looks(page)
        page.get_by_label("Seed").fill("5")
        button(page, "Start anew").click()
        wait_for_other(page, again)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_phone(show, theme):
    with show(theme=theme, width=390) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        found = Axe().run(page, context=".igl").response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_the_page_is_small(tmp_path):
    path, _ = write_page([digits_laboratory()], tmp_path)
    assert path.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": 2**32}, {"steps": 0}])
def test_wrong_values_are_named(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        digits_laboratory(**wrong)
