// @ts-check
// bound_explorer(): move Q away from the posterior and watch the bound L_I sink below I.
import { makeBars, makeHeat } from "./charts.js";
import { makeSlider } from "./controls.js";
import { make, makeCard, makeStatus, typeset } from "./elements.js";
import { bind } from "./model.js";
import { bound, moveAway, posterior } from "./tables.js";

/**
 * @import { Model, View } from "./model.js"
 * @import { Table } from "./tables.js"
 */

/** @typedef {{ joint: Table, mix: number, temperature: number }} Traits */

/** @param {number} v */
const two = (v) => v.toFixed(2);

/** @param {Table} table */
const inWords = (table) => table.map((row) => row.map(two).join(" ")).join("; ");

/** @param {number} mix */
const sayMix = (mix) => `share ${two(mix)}${mix === 1 ? ", Q knows nothing" : ""}`;

/** @param {number} t */
const sayTemperature = (t) =>
  `temperature ${two(t)}${t < 1 ? ", too sure" : t > 1 ? ", too unsure" : ", neither too sure nor too unsure"}`;

/**
 * The bars, both tables and the equation; `draw` shows what Q is worth.
 * @param {Table} p
 */
function makeFigures(p) {
  const truth = posterior(p);
  const I = bound(p, truth).I;
  const min = Math.min(-0.5, bound(p, moveAway(truth, 0, 0.25)).L_I);
  const bars = makeBars({
    min,
    max: I * 1.15,
    title: "The bound",
    ticks: [
      [min, min.toFixed(1)],
      [0, "0"],
      [I, "I"],
    ],
  });
  /** @param {number} n */
  const names = (n) => Array.from({ length: n }, (_, i) => String(i + 1));
  const axes = { rows: names(p.length), columns: names(p[0].length), xlabel: "x", ylabel: "c" };
  const exact = makeHeat({ ...axes, title: "posterior P(c|x)", format: two });
  const guess = makeHeat({ ...axes, title: "Q(c|x)", format: two });
  exact.set(truth, `Posterior: ${inWords(truth)}`);
  const line = make("p", { className: "igl-equation" });
  /**
   * @param {number} mix
   * @param {number} temperature
   */
  const draw = (mix, temperature) => {
    const q = moveAway(truth, mix, temperature);
    const m = bound(p, q);
    bars.set([
      { label: "I(c; x)", from: 0, to: m.I, color: "soft" },
      { label: "L_I", from: 0, to: m.L_I, color: "accent" },
      { label: "E KL", from: m.L_I, to: m.I, color: "second" },
    ]);
    guess.set(q, `Q: ${inWords(q)}`);
    const sum = `${m.L_I.toFixed(3)} + ${m.gap.toFixed(3)} = ${(m.L_I + m.gap).toFixed(3)}`;
    line.textContent = typeset(`L_I + E KL(P(c|x) || Q(c|x)) = ${sum} = I(c; x)`);
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
    min: 0.25,
    max: 4,
    step: 0.05,
    value: model.get("temperature"),
    show: two,
    words: sayTemperature,
    marks: [
      [0.25, "too sure"],
      [1, "1"],
      [4, "too unsure"],
    ],
    onInput: (v) => tellTemperature(v),
  });
  const tellMix = bind(model, "mix", mix, draw);
  const tellTemperature = bind(model, "temperature", temperature, draw);
  return [mix, temperature];
}

/** @param {View<Traits>} view */
function render({ model, el }) {
  const figures = makeFigures(model.get("joint"));
  const status = makeStatus();
  const draw = () => {
    const numbers = figures.draw(model.get("mix"), model.get("temperature"));
    Object.assign(el, { numbers }); // unrounded, for whoever wants to look
    status.say(figures.line.textContent ?? "");
  };
  const sliders = makeSliders(model, draw);
  const controls = make("div", { className: "igl-controls igl-first" });
  controls.append(...sliders.map((slider) => slider.node));
  const pair = make("div", { className: "igl-pair" }, ...figures.tables);
  const parts = [controls, figures.bars, pair, figures.line, status.node];
  el.append(makeCard("igl-bound", "Bound explorer", ...parts));
  draw();
  return () => {
    for (const slider of sliders) slider.stop();
  };
}

export default { render };
