"""The widgets in Chromium, on a page from a file, with every outside request refused."""

import re
from contextlib import contextmanager
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page
from torch import nn

import quiet_page
from benchmarks.widgets import LATENCY
from infogan_lite import History, InfoGAN, LatentCode, Settings
from infogan_lite.inputs import Dataset
from infogan_lite.measures.channels import exact_lower_bound
from infogan_lite.widgets.bound import bound_explorer
from infogan_lite.widgets.channel import channel_explorer
from infogan_lite.widgets.explorer import Explorer, explore
from infogan_lite.widgets.frames import frames
from infogan_lite.widgets.prediction import predict, predict_number
from infogan_lite.widgets.replay import Snapshots, replay
from numbers_shown import bound_numbers, channel_numbers

pytestmark = pytest.mark.browser
LEVEL = 1 / 255
PICTURE = ".igl-picture"
KINDS = ["explore", "explore an angle", "explore by frames", "frames", "replay", "channel", "bound"]
QUESTIONS = ["predict", "predict number"]  # these have no picture


ANSWERS = {"up": "It has to.", "down": "Look again.", "nowhere": "Something moves."}
GUESSES = [(70, "More than that."), (85, "Close."), (100, "Less than that.")]


def untrained(k: int, bend: bool = True, circular: int = 0) -> InfoGAN:
    """Pictures of all grays that differ from code to code; c1 has k categories, 0: none."""
    code = LatentCode((k,) if k else (), 1 if circular else 2, circular)
    settings = Settings(code=code, z_dim=8, channels=(8, 16), hidden=32, q_hidden=8, bend=bend)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = InfoGAN(settings, (1, 28, 28)).train()
        for layer in [*model.G.dense, *model.G.upsample]:
            if isinstance(layer, (nn.Linear, nn.ConvTranspose2d)):
                layer.weight.data.mul_(10)
        for _ in range(20):
            model.G(torch.randn(64, 8), code.sample(64))
    return model.eval()


@pytest.fixture(scope="module")
def make():
    """A widget of each kind."""
    generator, straight = untrained(10), untrained(10, bend=False)
    light = untrained(0)
    few = untrained(4)  # so that the sheet of these noisy pictures fits without loss
    x = torch.rand(20, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    y = torch.arange(20) % 10
    snapshots, history = Snapshots(1, Dataset(x, y, x, y)), History()
    generator.settings = replace(generator.settings, steps=8, log_every=1)  # of so short a training
    for step in range(1, 9):
        history.append(step, step, 1.0, 1.0, {"c1": step / 4, "c2": 0.0, "c3": 0.0})
        snapshots(generator, history)
    for i, snapshot in enumerate(snapshots.taken):  # so that each moment looks different
        snapshots.taken[i] = snapshot._replace(
            images=snapshot.images * (i + 1) / 8,
            confusion=snapshot.confusion + i * np.eye(10, dtype=int),
        )
    around = untrained(4, circular=1)
    names = {"c1": "digit", "c2": "slant"}
    pictures = [np.full((20, 30), k / 10) for k in range(11)]
    return {
        "explore": lambda: explore(generator, names=names),
        "explore without bend": lambda: explore(straight, names=names),
        "explore an angle": lambda: explore(around, names=names | {"c3": "turn"}),
        "explore an angle by frames": lambda: explore(around, frames=True),
        "explore light": lambda: explore(light, names={"c1": "light"}, ink=False),
        "explore by frames": lambda: explore(few, names=names, frames=True),
        "frames": lambda: frames(
            pictures, range(11), "darkness", unit="tenths", describe=lambda k: f"gray, {k} tenths"
        ),
        "replay": lambda: replay(snapshots),
        "channel": channel_explorer,
        "bound": bound_explorer,
        "predict": lambda: predict("Which?", ANSWERS, "up", "It went up by 0.5 nats."),
        "predict number": lambda: predict_number(
            "How much?", 0, 100, GUESSES, "It was 78%.", unit="%"
        ),
    }


@pytest.fixture
def show(browser: Browser, tmp_path):
    """Open a page with widgets; at the end nothing was asked from outside, and no error."""

    @contextmanager
    def opened(*widgets, **options):
        with quiet_page.opened(browser, tmp_path, widgets, **options) as page:
            page.wait_for_function(
                "n => document.querySelectorAll('[data-ready]').length === n", arg=len(widgets)
            )
            yield page

    return opened


def numbers(page: Page, selector: str = PICTURE, index: int = 0) -> np.ndarray:
    values = page.locator(selector).nth(index).evaluate("canvas => Array.from(canvas.numbers)")
    return np.array(values).reshape(28, 28)


def pixels(canvas: Locator) -> np.ndarray:
    """What is drawn, as (h, w, 4) bytes: a canvas has the very size of its picture."""
    script = """canvas => {
      const {width, height} = canvas;
      const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
      return [height, width, Array.from(data)];
    }"""
    h, w, data = canvas.evaluate(script)
    return np.array(data).reshape(h, w, 4)


def looks(page: Page) -> str:
    """All that a widget draws: canvases and charts."""
    return page.evaluate(
        "() => [...document.querySelectorAll('canvas')].map(c => c.toDataURL())"
        ".concat([...document.querySelectorAll('svg')].map(s => s.outerHTML)).join()"
    )


SETTLED = """() => new Promise((done) =>
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 120))"""


def settle(page: Page) -> None:
    """Until the contact sheet is drawn as well."""
    page.evaluate(SETTLED)


def same_picture(page: Page, widget: Explorer, tolerance: float = LEVEL) -> None:
    truth = widget.picture()[0].numpy()
    assert np.abs(numbers(page) - truth).max() < tolerance
    drawn = 1 - pixels(page.locator(PICTURE))[:, :, 0] / 255
    assert np.abs(drawn - truth).max() < tolerance


# --- explore() -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["explore", "explore without bend"])
def test_the_page_draws_what_torch_draws(show, make, kind):
    """By keyboard alone: class, codes and z, each state against torch."""
    widget = make[kind]()
    with show(widget) as page:
        same_picture(page, widget)
        slant, second = page.locator("input[type=range]").all()
        slant.press("End")
        second.press("ArrowRight")
        widget.values = (2.0, 0.05)
        same_picture(page, widget)
        slant.press("Home")
        second.press("Home")
        page.locator(".igl-sheet input").first.press("ArrowRight")
        widget.values, widget.category = (-2.0, -2.0), 1
        same_picture(page, widget)
        page.locator(".igl-pills input").first.press("ArrowLeft")  # from the first z to the last
        page.locator(".igl-pills input").last.press("ArrowLeft")
        widget.z_index = 5
        same_picture(page, widget)
        page.get_by_role("button", name="Reset").press("Enter")
        widget.values, widget.category, widget.z_index = (0.0, 0.0), 0, 0
        same_picture(page, widget)


def test_without_categories_and_with_white_for_1(show, make):
    widget = make["explore light"]()
    with show(widget) as page:
        assert page.locator(".igl-sheet").count() == 0
        for key, values in (("End", (2.0, 0.0)), ("Home", (-2.0, 0.0))):
            page.locator("input[type=range]").first.press(key)
            widget.values = values
            truth = widget.picture()[0].numpy()
            assert np.abs(numbers(page) - truth).max() < LEVEL
            drawn = pixels(page.locator(PICTURE))[:, :, :3] / 255
            assert np.abs(drawn - truth[:, :, None]).max() < LEVEL
            assert np.abs(2 * truth - 1).max() > 0.1  # the other way round it would look different


def test_the_contact_sheet_holds_every_category(show, make):
    widget = make["explore"]()
    widget.values, widget.z_index = (0.5, -1.0), 2
    with show(widget) as page:
        settle(page)
        for k in range(10):
            widget.category = k
            error = numbers(page, ".igl-sheet canvas", k) - widget.picture()[0].numpy()
            assert np.abs(error).max() < LEVEL
        page.locator(".igl-sheet canvas").nth(4).click()
        widget.category = 4
        same_picture(page, widget)
        assert page.locator(".igl-sheet input:checked").get_attribute("value") == "4"


def test_a_new_z_is_drawn_in_the_page(show, make):
    widget = make["explore"]()
    with show(widget) as page:
        draws = []
        for _ in range(40):
            page.get_by_role("button", name="Draw a new z").click()
            draws.append(page.locator(PICTURE).evaluate("canvas => Array.from(canvas.z)"))
        widget.z_drawn, widget.z_index = tuple(draws[-1]), 6
        same_picture(page, widget)
        for slider in page.locator("input[type=range]").all():
            slider.press("End")
        widget.values = (2.0, 2.0)
        same_picture(page, widget)
    z = np.array(draws)
    assert len({tuple(draw) for draw in draws}) == 40
    # 320 numbers of N(0, 1): five standard errors for the mean and the variance
    assert abs(z.mean()) < 5 / np.sqrt(z.size)
    assert abs(z.var() - 1) < 5 * np.sqrt(2 / z.size)


def test_frames_stand_in_for_the_generator(show, make):
    widget = make["explore by frames"]()
    with show(widget) as page:
        same_picture(page, widget)
        slant, second = page.locator("input[type=range]").all()
        slant.press("End")
        second.press("ArrowLeft")
        page.locator(".igl-sheet canvas").nth(3).click()
        widget.values, widget.category = (2.0, -0.5), 3
        same_picture(page, widget)
        assert page.get_by_text("Precomputed pictures").is_visible()
        assert page.get_by_role("button", name="Draw").count() == 0


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowUp"])
def test_an_angle_goes_round_by_keys(show, make, key):
    widget, back = make["explore an angle"](), {"ArrowRight": "ArrowLeft", "ArrowUp": "ArrowDown"}
    with show(widget) as page:
        dial = page.get_by_role("slider", name="turn c3")

        def stands_at(degrees):
            assert dial.get_attribute("aria-valuetext") == f"turn c3 = {degrees} degrees"
            assert page.locator(".igl-slider", has=dial).locator(".igl-value").inner_text() == (
                f"{degrees}°".replace("-", "\u2212")
            )
            widget.angles = (float(degrees),)
            same_picture(page, widget)

        stands_at(0)
        dial.press("End")
        stands_at(180)
        for degrees in (-175, -170):
            dial.press(key)
            stands_at(degrees)
        for degrees in (-175, -180, 175):
            dial.press(back[key])
            stands_at(degrees)
        dial.press("PageUp")
        stands_at(-150)
        dial.press("PageDown")
        stands_at(175)
        words = "digit c1 = 0; slant c2 = 0.00; turn c3 = 175 degrees; z number 1"
        assert page.locator(PICTURE).get_attribute("aria-label") == f"Generated picture: {words}"
        page.get_by_role("button", name="Reset").press("Enter")
        stands_at(0)


def test_an_angle_plays_round(show, make):
    with show(make["explore an angle"](), reduced_motion="reduce") as page:
        dial = page.get_by_role("slider", name="turn c3")
        dial.press("End")
        page.get_by_role("button", name="Play turn c3").click()
        page.wait_for_function("document.querySelectorAll('input[type=range]')[1].value < 0")
        page.get_by_role("button", name="Stop turn c3").click()
        assert dial.input_value() == "-135"


def test_frames_stand_in_for_an_angle(show, make):
    widget = make["explore an angle by frames"]()
    with show(widget) as page:
        number, dial = page.locator("input[type=range]").all()
        number.press("ArrowRight")
        dial.press("ArrowLeft")
        widget.values, widget.angles = (0.5,), (-45.0,)
        same_picture(page, widget, tolerance=2 * LEVEL)
        dial.press("End")
        dial.press("ArrowRight")
        widget.angles = (-135.0,)
        same_picture(page, widget, tolerance=2 * LEVEL)
        assert page.get_by_text("in steps of 0.5 and 45°.").is_visible()


def test_values_are_given_in_words(show, make):
    with show(make["explore"]()) as page:
        slant = page.get_by_label("slant c2", exact=True)
        assert slant.get_attribute("aria-valuetext") == "slant c2 = 0.00"
        slant.press("Home")
        assert (
            slant.get_attribute("aria-valuetext") == "slant c2 = -2.00, outside the trained range"
        )
        for _ in range(13):
            slant.press("ArrowRight")
        assert (
            slant.get_attribute("aria-valuetext") == "slant c2 = -1.35, outside the trained range"
        )
        words = "digit c1 = 0; slant c2 = -1.35, outside the trained range; c3 = 0.00; z number 1"
        label = page.locator(PICTURE).get_attribute("aria-label")
        assert label == f"Generated picture: {words}"
        page.wait_for_function(
            "words => document.querySelector('[role=status]').textContent === words", arg=words
        )


def test_play_moves_and_stops(show, make):
    with show(make["explore"]()) as page:
        slider = page.locator("input[type=range]").first
        page.get_by_role("button", name="Play slant c2").click()
        page.wait_for_function("document.querySelector('input[type=range]').value > 0.2")
        page.get_by_role("button", name="Stop slant c2").click()
        value = slider.input_value()
        page.wait_for_timeout(300)
        assert slider.input_value() == value


def test_play_is_calm_where_motion_is_unwelcome(show, make):
    with show(make["explore"](), reduced_motion="reduce") as page:
        page.get_by_role("button", name="Play slant c2").click()
        page.wait_for_timeout(500)
        assert page.locator("input[type=range]").first.input_value() == "0.5"


# --- The other widgets -----------------------------------------------------------------


def test_frames_show_each_picture(show, make):
    with show(make["frames"]()) as page:
        canvas, slider = page.locator("canvas"), page.locator("input[type=range]")
        for k in range(11):
            assert np.abs(pixels(canvas)[:, :, 0] - 255 * (1 - k / 10)).max() <= 1
            assert canvas.get_attribute("aria-label") == f"gray, {k} tenths"
            assert slider.get_attribute("aria-valuetext") == f"darkness {k} tenths"
            slider.press("ArrowRight")


def test_replay_shows_each_moment(show, make):
    widget = make["replay"]()
    with show(widget) as page:
        slider = page.locator("input[type=range]")
        slider.press("Home")
        for i in range(8):
            count = page.locator("polyline").evaluate("line => line.points.length")
            assert count == i + 1
            words = slider.get_attribute("aria-valuetext")
            assert words.startswith(
                f"step {i + 1}: L_I = {widget.bound[i]:.2f} of at most 2.30 nats"
            )
            counts = np.array(widget.confusion[i])
            share = 100 * counts.max(axis=1).sum() / counts.sum()
            said = int(re.search(r"(\d+)% of", words)[1])
            assert abs(said - share) < 0.5 + 1e-9  # a half may be rounded either way
            shown = page.locator(".igl-replay svg").nth(1).locator("rect").count()
            assert shown == counts.size
            slider.press("ArrowRight")


def set_to(slider: Locator, value: float) -> None:
    slider.evaluate("(s, v) => { s.value = v; s.dispatchEvent(new Event('input')); }", value)


def test_the_channel_shows_its_information(show):
    with show(channel_explorer()) as page:
        noises, skews = page.locator("input[type=range]").all()
        for noise, skew in [(0, 0), (0.3, 0.2), (1, 0.5), (0.55, 1)]:
            set_to(noises, noise)
            set_to(skews, skew)
            shown = page.locator(".page-widget").evaluate("el => el.numbers")
            truth = channel_numbers(noise, skew)
            assert shown == pytest.approx(truth, abs=1e-9)
            words = f"= {truth['I']:.3f} nats".replace("-", "")
            assert words in page.locator(".igl-equation").inner_text()


def test_the_bound_shows_its_gap(show):
    widget = bound_explorer()
    with show(widget) as page:
        mixes, temperatures = page.locator("input[type=range]").all()
        for mix, temperature in [(0, 1), (0.4, 1), (0, 0.25), (1, 4), (0.2, 2.5)]:
            set_to(mixes, mix)
            set_to(temperatures, temperature)
            shown = page.locator(".page-widget").evaluate("el => el.numbers")
            truth = bound_numbers(widget.joint, mix, temperature)
            assert shown == pytest.approx(truth, abs=1e-9)


def test_a_column_of_q_keeps_its_sum(show):
    """Each cell typed in, by keyboard: the bars are worth what the table is."""
    widget = bound_explorer()
    p_cx = torch.tensor(widget.joint, dtype=torch.float64)
    q = np.full((4, 4), 0.25)
    with show(widget) as page:
        page.get_by_role("button", name="Uniform", exact=True).press("Enter")
        for c, x, v in [(0, 0, 0.7), (1, 0, 0.1), (3, 2, 0.97), (2, 3, 0.4)]:
            cell = page.get_by_label(f"Q of {c} given {x}", exact=True)
            cell.fill(str(v))
            cell.press("Enter")
            others = np.arange(4) != c
            q[others, x] *= (1 - v) / q[others, x].sum()
            q[c, x] = v
            shown = page.locator(".page-widget").evaluate("el => el.numbers")
            truth = exact_lower_bound(p_cx, torch.tensor(q)).item()
            assert shown["L_I"] == pytest.approx(truth, abs=1e-9)
            assert shown["L_I"] + shown["gap"] == pytest.approx(shown["I"], abs=1e-9)
        set_to(page.locator("input[type=range]").first, 1)  # the sliders take Q back
        shown = page.locator(".page-widget").evaluate("el => el.numbers")
        assert shown == pytest.approx(bound_numbers(widget.joint, 1, 1), abs=1e-9)


def test_a_belief_that_excludes_the_truth_costs_everything(show):
    with show(bound_explorer()) as page:
        cell = page.get_by_label("Q of 0 given 0", exact=True)
        cell.fill("0")
        cell.press("Enter")
        text = page.locator(".igl-equation").inner_text()
        assert "\u2212\u221e + \u221e" in text
        assert page.locator(".igl-bound svg").first.is_visible()


@pytest.mark.parametrize(("key", "answer"), list(enumerate(ANSWERS)))
def test_a_prediction_is_answered_by_what_was_chosen(show, make, key, answer):
    with show(make["predict"]()) as page:
        reply, result = page.locator(".igl-reply"), page.locator(".igl-result")
        button = page.get_by_role("button", name="Show what came out")
        button.press("Enter")
        assert reply.inner_text() == "Give an answer first."
        assert not result.is_visible()
        page.get_by_label(answer, exact=True).press("Space")
        assert reply.inner_text() == ""
        button.press("Enter")
        assert reply.inner_text() == ("Yes. " if answer == "up" else "No. ") + ANSWERS[answer]
        assert result.inner_text() == "It went up by 0.5 nats."
        page.locator(".igl-answers label").nth((key + 1) % 3).click()  # another answer after all
        other = list(ANSWERS)[(key + 1) % 3]
        assert reply.inner_text().endswith(ANSWERS[other])


def test_a_guess_is_answered_by_how_near_it_is(show, make):
    with show(make["predict number"]()) as page:
        slider = page.locator("input[type=range]")
        assert slider.get_attribute("aria-valuetext") == "your guess: 50%"
        assert not page.locator(".igl-result").is_visible()
        for guess, wanted in [(0, 0), (100, 2), (70, 0), (71, 1), (100, 2), (85, 1)]:
            set_to(slider, guess)
            page.get_by_role("button", name="Show what came out").click()
            assert page.locator(".igl-reply").inner_text() == GUESSES[wanted][1]
            assert page.locator(".igl-result").is_visible()


def test_a_print_shows_what_came_out(show, make):
    with show(make["predict"]()) as page:
        page.emulate_media(media="print")
        assert page.locator(".igl-result").is_visible()
        assert not page.get_by_role("button", name="Show what came out").is_visible()


def test_a_foreign_widget_says_so(show, make):
    with show(ipywidgets.IntSlider(), channel_explorer()) as page:
        assert "needs a running kernel" in page.locator("[data-failed]").inner_text()
        assert page.locator(".igl-channel").is_visible()


# --- All widgets alike -----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_moves_by_keyboard_and_by_mouse(show, make, kind):
    with show(make[kind]()) as page:
        for slider in page.locator("input[type=range]").all():
            slider.press("Home")
            settle(page)
            before, words = looks(page), slider.get_attribute("aria-valuetext")
            slider.press("ArrowRight")
            slider.press("ArrowRight")
            settle(page)
            by_key = looks(page)
            assert by_key != before
            assert slider.get_attribute("aria-valuetext") != words
            assert any(letter.isalpha() for letter in words)
            box = slider.bounding_box()
            middle = box["y"] + box["height"] / 2
            page.mouse.move(box["x"] + 0.5 * box["width"], middle)
            page.mouse.down()
            page.mouse.move(box["x"] + 0.9 * box["width"], middle, steps=4)
            page.mouse.up()
            settle(page)
            assert looks(page) != by_key
            low, high = (float(slider.get_attribute(name)) for name in ("min", "max"))
            assert float(slider.input_value()) > low + 0.8 * (high - low)


@pytest.mark.parametrize("kind", ["explore", "channel"])
def test_two_views_of_a_widget_keep_in_step(show, make, kind):
    """As in Jupyter: what one view does reaches the model, and the other view from there."""
    widget = make[kind]()
    with show(widget, widget) as page:
        for label in page.locator(".page-widget").first.locator("input[type=range]").all():
            label.press("End")
        page.wait_for_timeout(300)
        first, second = page.locator(".page-widget").all()
        values = [
            [i.input_value() for i in v.locator("input[type=range]").all()] for v in (first, second)
        ]
        assert (
            values[0]
            == values[1]
            == [first.locator("input[type=range]").first.get_attribute("max")] * 2
        )
        pictures = [view.locator("canvas, svg").first for view in (first, second)]
        look = "e => e.numbers ? Array.from(e.numbers).join() : e.outerHTML"
        assert pictures[0].evaluate(look) == pictures[1].evaluate(look)


@pytest.mark.parametrize("kind", KINDS)
def test_a_slider_answers_at_once(show, make, kind):
    """Measured: about 1 ms (python -m benchmarks widgets); the bound is for a busy machine."""
    with show(make[kind]()) as page:
        drawn = [t for t, _ in page.evaluate(LATENCY, 20)]
        assert np.median(drawn) < 200


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible(show, make, theme, width):
    kinds = [*KINDS, *QUESTIONS]
    with show(*(make[kind]() for kind in kinds), theme=theme, width=width) as page:
        violations = Axe().run(page).response["violations"]
        serious = [
            (v["id"], v["nodes"][0]["html"], v["nodes"][0].get("failureSummary"))
            for v in violations
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        dark = page.locator(".igl").first.evaluate("e => getComputedStyle(e).backgroundColor")
        assert (dark == "rgb(255, 255, 255)") == (theme == "light")


@pytest.mark.parametrize("kind", [*KINDS, "predict number"])
def test_a_notebook_takes_no_key_from_a_widget(show, make, kind):
    with show(make[kind]()) as page:
        page.evaluate(quiet_page.NOTEBOOK)
        page.keyboard.press("d")
        assert page.evaluate("taken") == ["d", "d"]  # outside, both listen
        for control in page.locator(".igl input, .igl button").all():
            control.focus()
            for key in ("d", "d", "x", "ArrowDown", "Home"):
                page.keyboard.press(key)
        slider = page.locator("input[type=range]").first
        slider.focus()
        for key in ("End", "ArrowLeft", "ArrowDown"):
            page.keyboard.press(key)
        low, high, step = (float(slider.get_attribute(name)) for name in ("min", "max", "step"))
        assert float(slider.input_value()) == pytest.approx(high - 2 * step)
        assert page.evaluate("taken") == ["d", "d"]
        page.keyboard.press("Alt+j")  # a shortcut of the notebook's own, where it lets us choose
        assert "j" in page.evaluate("taken")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_is_reached_by_tab_and_shows_its_focus(show, make, theme):
    """Of radio buttons with one name, Tab reaches one; arrow keys go on from there."""
    with show(*(make[kind]() for kind in [*KINDS, *QUESTIONS]), theme=theme) as page:
        groups = page.evaluate(
            "[...new Set([...document.querySelectorAll('.igl input, .igl button')]"
            ".map((c, i) => c.name || String(i)))].length"
        )
        for _ in range(groups):
            page.keyboard.press("Tab")
            width, inside = page.evaluate(
                """() => {
                  const control = document.activeElement;
                  const seen = control.type === "radio" ? control.closest("label") : control;
                  const { outlineStyle, outlineWidth } = getComputedStyle(seen);
                  return [outlineStyle === "solid" ? parseFloat(outlineWidth) : 0,
                    control.closest(".igl") !== null];
                }"""
            )
            assert inside and width >= 2
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.igl')") is None
