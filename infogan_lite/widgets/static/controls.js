// @ts-check
// Sliders, play buttons and choices.
import { make, newId, typeset } from "./elements.js";

/**
 * @typedef {object} SliderOptions
 * @property {string} label visible name
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {number} value
 * @property {(value: number) => string} words what a screen reader says
 * @property {(value: number) => string} show the number beside the name
 * @property {[number, number]} [inside] a part of the track to mark
 * @property {[number, string][]} marks below the track
 * @property {(value: number) => void} onInput called at each move, also while playing
 * @property {boolean} [sweep] whether there is a play button; without a word there is
 * @property {boolean} [round] whether the ends are one place, which keys and play go past
 */

/**
 * A slider with its label, its value in words, a scale, and a play button.
 * @param {SliderOptions} options
 */
export function makeSlider(options) {
  const { label, min, max, step, value, words, show, marks, onInput } = options;
  const round = options.round ?? false;
  const id = newId();
  const input = make("input", { type: "range", id, min, max, step });
  const output = make("span", { className: "igl-value", "aria-hidden": "true" });
  const { track, at } = makeTrack(input, options);
  /** @param {number} v */
  const set = (v) => {
    input.value = String(v);
    output.textContent = typeset(show(+input.value));
    input.setAttribute("aria-valuetext", words(+input.value));
    track.style.setProperty("--at", at(+input.value));
  };
  /** @param {number} v */
  const move = (v) => {
    set(v);
    onInput(+input.value);
  };
  const player = makePlayer(label, { min, max, step, round, get: () => +input.value, move });
  /** @param {number} v */
  const moveByHand = (v) => {
    player.stop();
    move(v);
  };
  if (round) goRound(input, min, max, step, moveByHand);
  input.addEventListener("input", () => moveByHand(+input.value));
  set(value);
  const head = make("div", { className: "igl-head" }, make("label", { htmlFor: id }, label));
  head.append(output);
  if (options.sweep ?? true) head.append(player.button);
  const node = make("div", { className: "igl-slider" }, head, track, makeScale(marks, min, max));
  return { node, input, set, stop: player.stop };
}

/**
 * The track around an input, and where on it a value lies, from 0 to 1.
 * @param {HTMLInputElement} input
 * @param {SliderOptions} options
 */
function makeTrack(input, { min, max, inside }) {
  const track = make("div", { className: "igl-track" }, input);
  /** @param {number} v */
  const at = (v) => String((v - min) / (max - min));
  if (inside) {
    track.style.setProperty("--from", at(inside[0]));
    track.style.setProperty("--to", at(inside[1]));
  }
  return { track, at };
}

/**
 * Lets keys go past the ends of a slider whose ends are one place.
 * @param {HTMLInputElement} input
 * @param {number} min
 * @param {number} max
 * @param {number} step
 * @param {(value: number) => void} move
 */
function goRound(input, min, max, step, move) {
  const page = Math.max(1, Math.round((max - min) / (10 * step))); // as far as browsers go
  /** @type {Record<string, number>} */
  const strides = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
  Object.assign(strides, { PageUp: page, PageDown: -page });
  input.addEventListener("keydown", (event) => {
    const next = +input.value + (strides[event.key] ?? 0) * step;
    const other = event.altKey || event.ctrlKey || event.metaKey; // a shortcut
    if (other || (min <= next && next <= max)) return;
    event.preventDefault();
    move(next > max ? next - (max - min) : next + (max - min));
  });
}

/**
 * The words below a track.
 * @param {[number, string][]} marks
 * @param {number} min
 * @param {number} max
 */
function makeScale(marks, min, max) {
  const scale = make("div", { className: "igl-scale", "aria-hidden": "true" });
  for (const [v, text] of marks) {
    // A long text at an end stays within the track.
    const end = v === min ? "igl-start" : v === max ? "igl-end" : "";
    const mark = make("span", { className: text.length < 4 ? "" : end }, typeset(text));
    mark.style.setProperty("--at", String((v - min) / (max - min)));
    scale.append(mark);
  }
  return scale;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A play/stop button that moves a value up and down, or round, slowly and in few steps if calm.
 * @param {string} label
 * @param {{ min: number, max: number, step: number, round: boolean, get: () => number,
 *   move: (value: number) => void }} range
 */
function makePlayer(label, { min, max, step, round, get, move }) {
  const button = make("button", { type: "button", className: "igl-button igl-play" });
  let timer = 0; // 0: not playing
  let direction = 1;
  const face = () => {
    button.textContent = timer ? "\u25A0 Stop" : "\u25B6 Play";
    button.setAttribute("aria-label", `${timer ? "Stop" : "Play"} ${label}`);
  };
  const stop = () => {
    window.clearTimeout(timer);
    timer = 0;
    face();
  };
  const tick = () => {
    const stride = calm() ? (max - min) / 8 : Math.max(step, (max - min) / 80);
    const from = round && get() >= max ? min : get();
    if (from >= max) direction = -1;
    if (from <= min) direction = 1;
    move(Math.min(max, Math.max(min, from + direction * stride)));
    timer = window.setTimeout(tick, calm() ? 1000 : 50);
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    timer = window.setTimeout(tick, 0);
    face();
  });
  face();
  return { button, stop };
}

/** @typedef {{ text: string, spoken: string, picture?: HTMLCanvasElement }} Option */

/**
 * Radio buttons in a fieldset.
 * @param {{ legend: string, options: Option[], value: number, className: string,
 *   onInput: (index: number) => void }} choice
 */
export function makeChoice({ legend, options, value, className, onInput }) {
  const name = newId();
  const box = make("div", { className: "igl-options" });
  const inputs = options.map(({ text, spoken, picture }, i) => {
    const input = make("input", { type: "radio", name, value: i, checked: i === value });
    input.setAttribute("aria-label", spoken);
    input.addEventListener("input", () => onInput(i));
    const label = make("label", {}, input);
    if (picture) label.append(picture);
    label.append(make("span", {}, text));
    box.append(label);
    return input;
  });
  const node = make("fieldset", { className: `igl-choice ${className}` });
  node.append(make("legend", {}, legend), box);
  /** @param {number} index */
  const set = (index) => {
    for (const [i, input] of inputs.entries()) input.checked = i === index;
  };
  return { node, set };
}

/**
 * @param {string} text
 * @param {() => void} onClick
 */
export function makeButton(text, onClick) {
  const button = make("button", { type: "button", className: "igl-button" }, text);
  button.addEventListener("click", onClick);
  return button;
}
