// @ts-check
// What the reader turns: sliders, choices, and the things to try.
import { makeButton, makeChoice, makeSlider } from "../controls.js";
import { make } from "../elements.js";
import { MOST_CODES, NAMES, PACES, sameStart, TRIALS } from "./scenes.js";
import { lambdaText } from "./story.js";

/** @typedef {import("./laboratory.js").Actions} Actions */
/** @typedef {import("./scenes.js").State} State */
/** @typedef {import("./scenes.js").Trial} Trial */

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} onInput
 */
export function makeSwitch(label, checked, onInput) {
  const input = make("input", { type: "checkbox", checked });
  input.addEventListener("input", () => onInput(input.checked));
  return { node: make("label", { className: "igl-switch" }, input, label), input };
}

/**
 * A slider whose name is what a screen reader says as well.
 * @param {string} label
 * @param {[number, number, number]} range least, most, step
 * @param {number} value
 * @param {(v: number) => string} show
 * @param {[number, string][]} marks
 * @param {(v: number) => void} onInput
 */
function turn(label, [min, max, step], value, show, marks, onInput) {
  const words = (/** @type {number} */ v) => `${label} ${show(v)}`;
  const sweep = false; // each move of some begins anew
  return makeSlider({ label, min, max, step, value, show, words, marks, onInput, sweep });
}

/**
 * A learning rate, from 0.0001 to 0.01 in equal ratios.
 * @param {string} label
 * @param {number} value
 * @param {(rate: number) => void} onInput
 */
function turnRate(label, value, onInput) {
  const show = (/** @type {number} */ v) => (10 ** v).toFixed(4);
  /** @type {[number, string][]} */
  const marks = [-4, -2].map((v) => [v, String(10 ** v)]);
  return turn(label, [-4, -2, 0.05], Math.log10(value), show, marks, (v) => onInput(10 ** v));
}

/** @param {number[]} numbers  @returns {[number, string][]} */
const marksAt = (...numbers) => numbers.map((v) => [v, String(v)]);

/**
 * @param {State} state
 * @param {Actions} act
 */
const makeSliders = ({ start, rules }, act) => ({
  lambda: turn(
    "\u03bb, the reward for a readable code",
    [0, 2, 0.05],
    rules.lambda,
    lambdaText,
    [[0, "plain GAN"], ...marksAt(1, 2)],
    (lambda) => act.rules({ lambda }),
  ),
  k: turn("Codes K", [1, MOST_CODES, 1], start.k, String, marksAt(1, 8, 12), (k) =>
    act.begin({ k }),
  ),
  batch: turn("Batch", [16, 256, 16], rules.batch, String, marksAt(16, 256), (batch) =>
    act.rules({ batch }),
  ),
  rateD: turnRate("Learning rate of D and Q", rules.rateD, (rateD) => act.rules({ rateD })),
  rateG: turnRate("Learning rate of G", rules.rateG, (rateG) => act.rules({ rateG })),
});

/**
 * @param {State} state
 * @param {Actions} act
 */
export function makeControls(state, act) {
  const names = Object.keys(NAMES);
  return {
    ...makeSliders(state, act),
    data: makeChoice({
      legend: "Data",
      className: "igl-pills",
      value: names.indexOf(state.start.data),
      options: Object.values(NAMES).map((name) => ({ text: name, spoken: name })),
      onInput: (i) => act.begin({ data: names[i] }),
    }),
    uniform: makeSwitch("Continuous code c2 as well", state.start.uniform, (uniform) =>
      act.begin({ uniform }),
    ),
    pace: makeChoice({
      legend: "Speed",
      className: "igl-pills",
      value: PACES.findIndex(([, p]) => p === state.pace),
      options: PACES.map(([text, pace]) => ({
        text,
        spoken: pace === Infinity ? "as fast as it goes" : `${pace} steps a second`,
      })),
      onInput: (i) => act.pace(PACES[i][1]),
    }),
  };
}

/**
 * The things to try, as buttons: each sets the controls and lets the nets learn.
 * @param {State} state
 * @param {Actions} act
 * @param {ReturnType<typeof makeControls>} controls
 */
export function makeTrials(state, act, controls) {
  const list = make("ol", { className: "igl-trials", "aria-label": "Try in turn" });
  const follow = (/** @type {Trial} */ { start, lambda }) => {
    const goOn = sameStart(state.start, start) && lambda > state.rules.lambda;
    state.rules.lambda = lambda;
    if (!goOn) act.begin(start);
    act.rules({ lambda });
    controls.lambda.set(lambda);
    controls.k.set(state.start.k);
    controls.uniform.input.checked = state.start.uniform;
    controls.data.set(Object.keys(NAMES).indexOf(state.start.data));
    act.play(true);
  };
  TRIALS.forEach((trial, i) => {
    const button = makeButton(trial.name, () => {
      follow(trial);
      for (const other of list.querySelectorAll("button"))
        other.setAttribute("aria-pressed", String(other === button));
    });
    button.setAttribute("aria-pressed", "false");
    button.title = trial.hint;
    button.prepend(make("span", { className: "igl-number" }, String(i + 1)));
    list.append(make("li", {}, button));
  });
  return list;
}
