// @ts-check
// predict() and predict_number(): answer first, then see.  Nothing leaves the page.
import { makeButton, makeChoice, makeSlider } from "./controls.js";
import { make, makeCard } from "./elements.js";
import { inPageLanguage } from "./texts.js";

/** @import { Model, View } from "./model.js" */

/**
 * @typedef {{ question: string, answers: string[], replies: string[], result: string,
 *   right: number, low: number, high: number, step: number, unit: string,
 *   limits: number[] }} Traits
 */

/**
 * Which reply a guess gets: the first whose limit is not below it, else the last.
 * @param {number[]} limits
 * @param {number} guess
 */
export function replyTo(limits, guess) {
  const found = limits.findIndex((limit) => guess <= limit);
  return found < 0 ? limits.length - 1 : found;
}

/**
 * Radio buttons, none of them chosen yet; `onAnswer` is given the number of the reply.
 * @param {Model<Traits>} model
 * @param {(reply: number) => void} onAnswer
 */
function makeAnswers(model, onAnswer) {
  const options = model.get("answers").map((text) => ({ text, spoken: text }));
  const legend = model.get("question");
  const className = "igl-answers";
  return makeChoice({ legend, options, value: -1, className, onInput: onAnswer }).node;
}

/**
 * A slider; its middle counts as no guess until it has been moved.
 * @param {Model<Traits>} model
 * @param {(reply: number) => void} onAnswer
 */
function makeGuess(model, onAnswer) {
  const [min, max, step] = [model.get("low"), model.get("high"), model.get("step")];
  const digits = step >= 1 ? 0 : Math.ceil(-Math.log10(step));
  /** @param {number} v */
  const inWords = (v) => `${v.toFixed(digits)}${inPageLanguage(model.get("unit"))}`;
  const middle = min + Math.round((max - min) / 2 / step) * step;
  return makeSlider({
    label: model.get("question"),
    min,
    max,
    step,
    value: middle,
    words: (v) => `your guess: ${inWords(v)}`,
    show: inWords,
    marks: [min, max].map((v) => [v, inWords(v)]),
    onInput: (v) => onAnswer(replyTo(model.get("limits"), v)),
    sweep: false,
  }).node;
}

/** @param {View<Traits>} view */
function render({ model, el }) {
  const reply = make("p", { className: "igl-reply", role: "status" });
  const result = make("p", { className: "igl-result", hidden: true }, model.get("result"));
  let chosen = -1;
  let shown = false;
  const say = () => {
    const right = model.get("right");
    const verdict = right < 0 ? "" : chosen === right ? "Yes. " : "No. ";
    reply.textContent =
      chosen < 0 ? "Give an answer first." : verdict + inPageLanguage(model.get("replies")[chosen]);
  };
  /** @param {number} answer */
  const answered = (answer) => {
    chosen = answer;
    if (shown) say();
    else reply.textContent = "";
  };
  const button = makeButton("Show what came out", () => {
    shown = chosen >= 0;
    result.hidden = !shown;
    say();
  });
  const ask = model.get("answers").length > 0 ? makeAnswers : makeGuess;
  const parts = [ask(model, answered), button, reply, result];
  el.append(makeCard("igl-prediction", "Predict, then see", ...parts));
}

export default { render };
