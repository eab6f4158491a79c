"""The widgets' JavaScript: one module each, and arithmetic in node against torch."""

import re
from dataclasses import replace

import javascript
import numpy as np
import pytest
import torch
from scipy.stats import kstest

import in_node
from infogan_lite import InfoGAN, LatentCode
from infogan_lite.widgets.bound import bound_explorer
from infogan_lite.widgets.export import export_generator
from infogan_lite.widgets.packing import front_end
from numbers_shown import bound_numbers, channel_numbers

WIDGETS = ["explorer.js", "frames.js", "replay.js", "channel.js", "bound.js"]
WIDGETS += ["laboratory/laboratory.js", "digits_laboratory/digits_laboratory.js"]


@pytest.fixture(scope="module", autouse=True)
def tools():
    in_node.need_node()


def run(module: str, expression: str, data=None):
    """The value of a JavaScript expression of ``data``, with all that the module exports."""
    path = next(path for path in javascript.files() if path.name == module)
    names = re.findall(
        r"^export (?:async )?(?:function|const) (\w+)", path.read_text(encoding="utf8"), re.M
    )
    body = f"const {{ {', '.join(names)} }} = module, {{ data }} = given; return {expression};"
    return in_node.run({"module": path}, body, data=data)


@pytest.mark.parametrize("name", WIDGETS)
def test_a_front_end_is_one_module(name, tmp_path):
    """No import is left, a module stands in it once, and node takes it for a module."""
    text = front_end(name)
    assert not re.search(r"^import\b", text, re.M) and "export default" in text
    names = re.findall(r"^(?:async )?(?:function|const) (\w+)", text, re.M)
    assert len(names) == len(set(names)) > 3
    (tmp_path / "front.mjs").write_text(text, encoding="utf-8")
    assert javascript.node("--check", tmp_path / "front.mjs").returncode == 0


# --- The generator ----------------------------------------------------------------------


@pytest.mark.parametrize("bend", [True, False])
@pytest.mark.parametrize("circular", [0, 2])
def test_layers_make_the_pictures_of_torch(tiny, alive, bend, circular):
    model: InfoGAN = alive(replace(tiny, bend=bend, code=LatentCode((3,), 2, circular)))
    exported = export_generator(model)
    dtype = {"float16": "<f2", "float32": "<f4"}[exported.dtype]
    weights = np.frombuffer(exported.weights, dtype).astype("<f4").tolist()
    z = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    index, values = torch.tensor([0, 1, 2, 1, 0]), torch.linspace(-2, 2, 10).view(5, 2)
    degrees = torch.linspace(-180, 170, 5 * circular).view(5, circular)
    c = model.code.encode([index], values, degrees.deg2rad())
    truth = model.generate(z, c).flatten(1).numpy()
    data = {"layers": exported.layers, "W": weights, "z": z.tolist(), "k": index.tolist()}
    pictures = run(
        "generator.js",
        "data.z.map((z, i) => runLayers(data.layers, Float32Array.from(data.W),"
        " inputRow(z, [data.k[i]], [3], data.values[i], data.angles[i])))",
        data | {"values": values.tolist(), "angles": degrees.tolist()},
    )
    assert truth.std() > 0.05  # or nothing would be tested
    assert np.abs(np.array(pictures) - truth).max() < 1 / 255


@pytest.mark.parametrize(("dtype", "unpack"), [("<f2", "unpackHalf"), ("<f4", "unpackFloat")])
def test_numbers_are_unpacked_as_numpy_reads_them(dtype, unpack):
    few = np.array([0.0, -0.0, 1, -2.5, 6e-8, 6.1e-5, 65504, 1 / 3], dtype)
    numbers = np.concatenate([few, np.random.default_rng(0).normal(size=200).astype(dtype)])
    view = "new DataView(Uint8Array.from(data).buffer)"
    result = run("generator.js", f"{unpack}({view})", list(numbers.tobytes()))
    assert result == numbers.astype(float).tolist()


def test_halves_that_are_no_numbers():
    bits = np.array([np.inf, -np.inf, np.nan], "<f2").tobytes()
    view = "new DataView(Uint8Array.from(data).buffer)"
    result = run("generator.js", f"Array.from(unpackHalf({view}), String)", list(bits))
    assert result == ["Infinity", "-Infinity", "NaN"]


def test_the_input_row_is_that_of_the_code():
    row = run("generator.js", "inputRow([7, 8], [2, 0], [3, 2], [0.5])")
    assert row == [7, 8, 0, 0, 1, 1, 0, 0.5]
    row = run("generator.js", "inputRow([7], [], [], [0.5], [90, -180])")
    assert row == pytest.approx([7, 0.5, 0, 1, -1, 0], abs=1e-6)


def test_normal_numbers_are_normal():
    first, again, other = (
        np.array(run("normal.js", f"drawNormal(4000, {seed})")) for seed in (1, 1, 2)
    )
    assert (first == again).all() and (first != other).all()
    assert kstest(first, "norm").pvalue > 0.01
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 5 / np.sqrt(4000)


# --- Tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 4, 10])
@pytest.mark.parametrize(("noise", "skew"), [(0, 0), (0.3, 0.2), (1, 0.5), (0.55, 1)])
def test_information_of_the_channel(k, noise, skew):
    shown = run("tables.js", f"information(noisyChannel({k}, {noise}, {skew}).joint)")
    assert shown == pytest.approx(channel_numbers(noise, skew, k), abs=1e-9)


def test_information_of_the_symmetric_channel_in_closed_form():
    row = np.array([0.7 + 0.3 / 4, 0.075, 0.075, 0.075])
    shown = run("tables.js", "information(noisyChannel(4, 0.3, 0).joint)")
    assert shown["I"] == pytest.approx(np.log(4) + (row * np.log(row)).sum(), abs=1e-12)


@pytest.mark.parametrize(("mix", "temperature"), [(0, 1), (0.4, 1), (0, 0.25), (1, 4), (0.2, 2.5)])
@pytest.mark.parametrize("kind", ["square", "with zeros"])
def test_the_bound_and_its_gap(mix, temperature, kind):
    zeros = ((0.75, 0.25, 0.0), ((0.5, 0.5, 0), (0, 1, 0), (0, 0, 1)))
    p = (bound_explorer() if kind == "square" else bound_explorer(*zeros)).joint
    shown = run("tables.js", f"bound(data, moveAway(posterior(data), {mix}, {temperature}))", p)
    assert shown == pytest.approx(bound_numbers(p, mix, temperature), abs=1e-9)


@pytest.mark.parametrize("v", [0.0, 0.3, 1.0])
def test_a_cell_of_q_leaves_the_rest_of_its_column_to_the_others(v):
    q = np.random.default_rng(0).dirichlet(np.ones(4), size=3).T
    q[:, 1] = [0, 1, 0, 0]  # here the others have nothing, and share alike
    for x, others in ((0, q[[0, 2, 3], 0] / q[[0, 2, 3], 0].sum()), (1, np.full(3, 1 / 3))):
        expected = q.copy()
        expected[[0, 2, 3], x], expected[1, x] = (1 - v) * others, v
        shown = run("tables.js", f"withCell(data, 1, {x}, {v})", q.tolist())
        np.testing.assert_allclose(shown, expected, atol=1e-12)


# --- Questions --------------------------------------------------------------------------


def test_a_guess_gets_the_first_reply_whose_limit_it_does_not_pass():
    guesses = [9, 70, 71, 100, 101]
    shown = run("prediction.js", "data.map((v) => replyTo([70, 85, 100], v))", guesses)
    assert shown == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes. ", "네. "),
        ("No. ", "No. "),  # not in the table
        ("step 100: L_I = 1.2 (of c1)?", "100단계: c1의 L_I = 1.2?"),
        ("from 1 to 2", "2까지, 1부터"),
        ("from 1 to", "from 1 to"),
        ("from up to down", "down까지, 위부터"),  # values too
        (" Yes. from 1 to 2", " 네. 2까지, 1부터"),  # sentences
        ("up; from 1 to 2; 3", "위; 2까지, 1부터; 3"),  # items
        ("from 1 to 2, at most", "기껏해야 1에서 2"),  # the longer text first
        ("I(c; x) = 1", "I(c; x) = 1"),
    ],
)
def test_a_text_in_the_language_of_the_page(text, said):
    table = {"Yes.": "네.", "up": "위", "from {} to {}": "{2}까지, {1}부터"}
    table["from {} to {}, at most"] = "기껏해야 {}에서 {}"
    table["step {}: L_I = {} (of {})?"] = "{1}단계: {3}의 L_I = {2}?"
    assert run("texts.js", "lookUp(readTable(data[0]), data[1])", [table, text]) == said


# --- A slider and Python ----------------------------------------------------------------

CALLS = """(async () => {
  let done = 0;
  const call = %s(() => { done++; }, 200), seen = [];
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (const ms of [0, 120, 120, 400, 0]) { await wait(ms); seen.push(done); call(); }
  await wait(500);
  return [...seen, done];
})()"""


@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("throttle", [0, 0, 1, 2, 2, 3]),  # 0.2 s after the first call of each burst
        ("debounce", [0, 0, 0, 1, 1, 2]),  # 0.2 s after the last
    ],
)
def test_calls_are_thinned_out(name, done):
    assert run("model.js", f"await {CALLS % name}") == done


MODEL = """(async () => {
  const state = { n: 0 }, listeners = [], shown = [], sent = [];
  const model = {
    get: (key) => state[key],
    set: (key, value) => { state[key] = value; for (const call of listeners) call(); },
    on: (event, call) => listeners.push(call),
    save_changes: () => sent.push(state.n),
  };
  const move = bind(model, "n", { set: (v) => shown.push(v) }, () => {});
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  %s
  return { shown, sent };
})()"""


def test_a_slider_follows_python_and_tells_it():
    script = MODEL % 'model.set("n", 5); move(7); model.set("n", 7); await wait(700);'
    assert run("model.js", f"await {script}") == {"shown": [5], "sent": [7]}


def test_an_echo_does_not_pull_a_slider_back():
    script = MODEL % 'move(1); move(2); model.set("n", 1); model.set("n", 2); await wait(700);'
    assert run("model.js", f"await {script}") == {"shown": [], "sent": [1, 2]}


def test_what_python_says_last_is_shown_once_the_slider_rests():
    script = MODEL % 'move(1); model.set("n", 9); await wait(700); model.set("n", 4);'
    assert run("model.js", f"await {script}") == {"shown": [9, 4], "sent": [1]}


# --- Words and pictures -----------------------------------------------------------------

CODES = {"names": {"c1": "digit"}, "labels": ["7", "1"], "sizes": [2, 3], "uniform": 2, "zCount": 2}


def test_a_state_in_words():
    state = {"categories": [1, 2], "values": [0.5, -1.5], "angles": [], "index": 1, "drawn": []}
    words = "digit c1 = 1 (1); c2 = 2; c3 = 0.50; c4 = -1.50, outside the trained range; "
    for angles, more in (([], ""), ([-45, 180], "c5 = -45 degrees; c6 = 180 degrees; ")):
        given = {"codes": CODES, "state": state | {"angles": angles}}
        said = run("words.js", "sayAll(data.codes, data.state)", given)
        assert said == f"{words}{more}z number 2"
    assert run("words.js", "sayZ(data, 2)", CODES) == "a z of your own"
    assert run("words.js", "sayCategory({...data, labels: []}, 0, 1)", CODES) == "digit c1 = 1"
    assert run("words.js", "[1, 1.05].map((v) => sayValue(data, 0, v))", CODES) == [
        "c3 = 1.00",
        "c3 = 1.05, outside the trained range",
    ]


def test_minus_signs_are_typeset():
    texts = ["-2", "(-1)", "a = -3", "c1-2", "well-known", "1 - 2"]
    shown = run("elements.js", "data.map(typeset)", texts)
    assert shown == ["\u22122", "(\u22121)", "a = \u22123", "c1-2", "well-known", "1 - 2"]


def test_a_moment_of_training_in_words():
    words = run("replay.js", "sayMoment(100, 1.234, [[3, 1], [0, 4]])")
    assert words == (
        "step 100: L_I = 1.23 of at most 0.69 nats; 88% of the held-out digits carry the "
        "commonest label of their category"
    )


@pytest.mark.parametrize(("channels", "ink"), [(1, True), (1, False), (3, True)])
def test_pixels_become_bytes(channels, ink):
    x = np.random.default_rng(0).random((channels, 4, 5)).astype("float32")
    command = f"toBytes(Float32Array.from(data), {channels}, {str(ink).lower()})"
    shown = np.array(run("canvas.js", command, x.flatten().tolist())).reshape(4, 5, 4)
    truth = 1 - x if channels == 1 and ink else x
    assert np.abs(shown[..., :3] - 255 * truth.transpose(1, 2, 0)).max() <= 0.5 + 1e-4
    assert (shown[..., 3] == 255).all()


def test_the_frame_of_a_state_is_the_nearest():
    grid = [-2, -1, 0, 1, 2]
    frames = run(
        "sheet.js",
        "data.map(([k, values]) => frameNumber([-2, -1, 0, 1, 2], k, values))",
        [[0, [-2, -2]], [0, [-2, -1.2]], [3, [0.6, 2]], [2, []], [1, [1.4]]],
    )
    n = len(grid)
    assert frames == [0, 1, 3 * n * n + 3 * n + 4, 2, 1 * n + 3]


def test_parts_follow_each_other():
    view = "new DataView(Uint8Array.from([9, 9, 1, 2, 3, 4, 5, 6]).buffer, 2)"
    parts = run("frames.js", f"split({view}, [1, 3, 2]).map((v) => Array.from(new Uint8Array(v.buffer, v.byteOffset, v.byteLength)))")  # fmt: skip  # noqa: E501
    assert parts == [[1], [2, 3, 4], [5, 6]]
