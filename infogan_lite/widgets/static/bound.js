// @ts-check
// bound_explorer(): edit Q, or slide it away from the posterior; the bound L_I sinks below I.
import { makeBars, makeHeat } from "./charts.js";
import { makeButton, makeSlider } from "./controls.js";
import { makeEditor } from "./editor.js";
import { make, makeCard, makeStatus, typeset } from "./elements.js";
import { bind } from "./model.js";
import { bound, moveAway, posterior, withCell } from "./tables.js";

/**
 * @import { Model, View } from "./model.js"
 * @import { Table } from "./tables.js"
 */

/**
 * `q` is what has been typed in, or empty: then the sliders make Q.
 * @typedef {{ joint: Table, mix: number, temperature: number, q: Table, codes: string[],
 *   pictures: string[] }} Traits
 */

const LOWEST = -2; // nats, on the axis of the bars; the numbers go on below

/** @param {number} v */
const two = (v) => v.toFixed(2);

/** @param {number} v */
const three = (v) => (Number.isFinite(v) ? v.toFixed(3) : v > 0 ? "\u221E" : "\u2212\u221E");

/** @param {Table} table */
const inWords = (table) => table.map((row) => row.map(two).join(" ")).join("; ");

/** @param {number} mix */
const sayMix = (mix) => `share ${two(mix)}${mix === 1 ? ", Q knows nothing" : ""}`;

/** @param {number} t */
const sayTemperature = (t) =>
  `temperature ${two(t)}${t < 1 ? ", too sure" : t > 1 ? ", too unsure" : ", neither too sure nor too unsure"}`;

/**
 * The bars, both tables and the equation; `draw` shows what a Q is worth.
 * @param {Model<Traits>} model
 * @param {(row: number, column: number, value: number) => void} onEdit
 */
function makeFigures(model, onEdit) {
  const p = model.get("joint");
  const truth = posterior(p);
  const I = bound(p, truth).I;
  const bars = makeBars({
    min: LOWEST,
    max: I * 1.15,
    title: "The bound",
    ticks: [
      [LOWEST, String(LOWEST)],
      [-1, "-1"],
      [0, "0"],
      [I, "I"],
    ],
  });
  const [rows, columns] = [model.get("codes"), model.get("pictures")];
  const axes = { rows, columns, xlabel: "x", ylabel: "c" };
  const exact = makeHeat({ ...axes, title: "posterior P(c|x)", format: two });
  exact.set(truth, `Posterior: ${inWords(truth)}`);
  /** @type {(row: string, column: string) => string} */
  const name = (row, column) => `Q of ${row} given ${column}`;
  const guess = makeEditor({ rows, columns, title: "Q(c|x): type into it", name, onEdit });
  const line = make("p", { className: "igl-equation" });
  /** @param {Table} q */
  const draw = (q) => {
    const m = bound(p, q);
    bars.set([
      { label: "I(c; x)", from: 0, to: m.I, color: "soft" },
      { label: "L_I", from: 0, to: m.L_I, color: "accent" },
      { label: "gap", from: m.L_I, to: m.I, color: "second" },
    ]);
    guess.set(q);
    const sum = typeset(` + gap = ${three(m.L_I)} + ${three(m.gap)}`);
    line.replaceChildren("L", make("sub", {}, "I"), `${sum} = ${three(m.I)} = I(c; x)`);
    return m;
  };
  return { bars: bars.node, tables: [exact.node, guess.node], line, draw };
}

/**
 * The two ways in which Q moves away.
 * @param {Model<Traits>} model
 * @param {() => void} draw
 */
function makeSliders(model, draw) {
  /** @param {(v: number) => void} tell  @returns {(v: number) => void} */
  const forgetting = (tell) => (v) => {
    model.set("q", []); // what was typed in
    tell(v);
  };
  const mix = makeSlider({
    label: "Share of the uniform guess in Q",
    min: 0,
    max: 1,
    step: 0.01,
    value: model.get("mix"),
    show: two,
    words: sayMix,
    marks: [
      [0, "0"],
      [1, "Q knows nothing"],
    ],
    onInput: (v) => tellMix(v),
  });
  const temperature = makeSlider({
    label: "Temperature of Q",
    min: 0.1,
    max: 4,
    step: 0.05,
    value: model.get("temperature"),
    show: two,
    words: sayTemperature,
    marks: [
      [0.1, "too sure"],
      [1, "1"],
      [4, "too unsure"],
    ],
    onInput: (v) => tellTemperature(v),
  });
  const tellMix = forgetting(bind(model, "mix", mix, draw));
  const tellTemperature = forgetting(bind(model, "temperature", temperature, draw));
  return [mix, temperature];
}

/**
 * Three guessers to begin from.
 * @param {Table} p
 * @param {(q: Table) => void} take
 */
function makeGuessers(p, take) {
  const truth = posterior(p);
  const moved = truth.map((_, i) => truth[(i + truth.length - 1) % truth.length]);
  return make(
    "div",
    { className: "igl-buttons" },
    makeButton("Posterior", () => take(truth)),
    makeButton("Uniform", () => take(moveAway(truth, 1, 1))),
    makeButton("Sure and wrong", () => take(moveAway(moved, 0.02, 1))),
  );
}

/** @param {View<Traits>} view */
function render({ model, el }) {
  const p = model.get("joint");
  const current = () => {
    const typed = model.get("q");
    return typed.length > 0
      ? typed
      : moveAway(posterior(p), model.get("mix"), model.get("temperature"));
  };
  /** @param {Table} q */
  const take = (q) => {
    model.set("q", q);
    model.save_changes();
    draw();
  };
  const figures = makeFigures(model, (i, j, v) => take(withCell(current(), i, j, v)));
  const status = makeStatus();
  const draw = () => {
    const numbers = figures.draw(current());
    Object.assign(el, { numbers }); // unrounded, for whoever wants to look
    status.say(`L_I ${three(numbers.L_I)}, gap ${three(numbers.gap)}, I ${three(numbers.I)} nats`);
  };
  const sliders = makeSliders(model, draw);
  model.on("change:q", draw);
  const controls = make("div", { className: "igl-controls igl-first" });
  controls.append(...sliders.map((slider) => slider.node));
  const pair = make("div", { className: "igl-pair" }, ...figures.tables);
  const parts = [controls, figures.bars, pair, makeGuessers(p, take), figures.line, status.node];
  el.append(makeCard("igl-bound", "Bound explorer", ...parts));
  draw();
  return () => {
    for (const slider of sliders) slider.stop();
  };
}

export default { render };
