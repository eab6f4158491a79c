// @ts-check
// replay(snapshots): one slider over training time; L_I, the pictures and the confusion follow.
import { decodePicture, pencil } from "./canvas.js";
import { makeHeat } from "./charts.js";
import { makeSlider } from "./controls.js";
import { make, makeCard, makeStatus, makeSvg, typeset } from "./elements.js";
import { bind } from "./model.js";

/** @import { View } from "./model.js" */

/**
 * The traits of replay(): training steps, L_I in nats, counts of code and digit for each step,
 * and the pictures of all steps, one below the other.
 * @typedef {{ index: number, steps: number[], bound: number[], confusion: number[][][],
 *   layout_text: string, sheet: DataView<ArrayBuffer> }} Traits
 */

const CURVE = { left: 34, right: 368, top: 14, bottom: 154, width: 380, height: 190 };

/**
 * L_I against the training step, up to snapshot i, below the dashed line ln K.
 * @param {number[]} steps
 * @param {number[]} bound
 * @param {number} ceiling
 */
function makeCurve(steps, bound, ceiling) {
  const { left, right, top, bottom, width, height } = CURVE;
  const low = Math.min(0, ...bound);
  const high = Math.max(ceiling, ...bound) * 1.08;
  /** @param {number} s */
  const x = (s) => left + ((right - left) * s) / steps[steps.length - 1];
  /** @param {number} v */
  const y = (v) => bottom - ((bottom - top) * (v - low)) / (high - low);
  const svg = makeSvg("svg", { role: "img", viewBox: `0 0 ${width} ${height}` });
  const line = makeSvg("polyline", { fill: "none", stroke: "var(--accent)", "stroke-width": 2 });
  const dot = makeSvg("circle", { r: 4.5, fill: "var(--accent)" });
  svg.append(...curveAxes(y(0), y(ceiling), ceiling, steps[steps.length - 1]), line, dot);
  const points = steps.map((s, j) => `${x(s)},${y(bound[j])}`);
  /** @param {number} i */
  const set = (i) => {
    svg.setAttribute(
      "aria-label",
      `L_I of c1 is ${bound[i].toFixed(2)} nats at step ${steps[i]}; ` +
        `the ceiling ln K is ${ceiling.toFixed(2)}`,
    );
    line.setAttribute("points", points.slice(0, i + 1).join(" "));
    dot.setAttribute("cx", String(x(steps[i])));
    dot.setAttribute("cy", String(y(bound[i])));
  };
  return { node: svg, set };
}

/**
 * @param {number} zero where 0 nats lies
 * @param {number} limit where the ceiling lies
 * @param {number} ceiling
 * @param {number} last step
 */
function curveAxes(zero, limit, ceiling, last) {
  const { left, right, top, bottom, width } = CURVE;
  /**
   * @param {number} x
   * @param {number} y
   * @param {string} anchor
   * @param {string} words
   */
  const faint = (x, y, anchor, words) =>
    makeSvg("text", { x, y, "text-anchor": anchor, class: "igl-faint" }, words);
  const dashes = { stroke: "var(--soft)", "stroke-dasharray": "5 4" };
  return [
    makeSvg("text", { x: left, y: 9, style: "font-weight: 600" }, "L_I of c1 (nats)"),
    makeSvg("line", { x1: left, x2: right, y1: zero, y2: zero, class: "igl-axis" }),
    makeSvg("line", { x1: left, x2: left, y1: top, y2: bottom, class: "igl-axis" }),
    makeSvg("line", { x1: left, x2: right, y1: limit, y2: limit, ...dashes }),
    faint(right, limit - 5, "end", `ceiling ln K = ${ceiling.toFixed(3)}`),
    faint(left - 6, zero + 4, "end", "0"),
    faint(left, bottom + 18, "start", "0"),
    faint(right, bottom + 18, "end", String(last)),
    faint((left + width) / 2, bottom + 18, "middle", "training step"),
  ];
}

/** @param {number[][]} table */
const total = (table) => table.flat().reduce((a, b) => a + b, 0);

/**
 * The share of images that carry the commonest label of their category.
 * @param {number[][]} table counts, a row for each category
 */
export const sorted = (table) =>
  table.reduce((sum, row) => sum + Math.max(...row), 0) / total(table);

/**
 * Counts of code and digit as a heat map, each row by its share.
 * @param {number[][][]} confusion
 */
function makeConfusion(confusion) {
  let shown = confusion[0];
  const heat = makeHeat({
    rows: shown.map((_, i) => String(i)),
    columns: shown[0].map((_, i) => String(i)),
    title: "held-out digits",
    ylabel: "code c1",
    xlabel: "digit",
    format: (_, i, j) => (shown[i][j] ? String(shown[i][j]) : ""),
  });
  /** @param {number} index */
  const set = (index) => {
    shown = confusion[index];
    const shares = shown.map((row) => row.map((n) => n / Math.max(1, total([row]))));
    const commonest = shown.map((row, r) => `${r}: ${row.indexOf(Math.max(...row))}`).join(", ");
    heat.set(shares, `Confusion of code and digit; commonest digit of each category: ${commonest}`);
  };
  return { node: heat.node, set };
}

/**
 * The pictures of one moment, cut out of the sheet.
 * @param {ImageBitmap} sheet
 * @param {number[]} steps
 * @param {string} layout
 */
function makeMoment(sheet, steps, layout) {
  const { width } = sheet;
  const height = sheet.height / steps.length;
  const canvas = make("canvas", { className: "igl-frame", role: "img", width, height });
  /** @param {number} i */
  const set = (i) => {
    pencil(canvas).drawImage(sheet, 0, i * height, width, height, 0, 0, width, height);
    canvas.setAttribute("aria-label", `Generated pictures at step ${steps[i]}: ${layout}`);
  };
  return { node: make("figure", {}, canvas, make("figcaption", {}, typeset(layout))), set };
}

/**
 * @param {number} step
 * @param {number} bound
 * @param {number[][]} table counts of code and digit
 */
export function sayMoment(step, bound, table) {
  const ceiling = Math.log(table.length).toFixed(2);
  const share = Math.round(100 * sorted(table));
  return (
    `step ${step}: L_I = ${bound.toFixed(2)} of at most ${ceiling} nats; ` +
    `${share}% of the held-out digits carry the commonest label of their category`
  );
}

/** @param {View<Traits>} view */
async function render({ model, el }) {
  const [steps, bound, tables] = [model.get("steps"), model.get("bound"), model.get("confusion")];
  const sheet = await decodePicture(model.get("sheet"));
  const moment = makeMoment(sheet, steps, model.get("layout_text"));
  const curve = makeCurve(steps, bound, Math.log(tables[0].length));
  const heat = makeConfusion(tables);
  const text = make("p", { className: "igl-equation" });
  const status = makeStatus();
  /** @param {number} i */
  const inWords = (i) => sayMoment(steps[i], bound[i], tables[i]);
  const draw = () => {
    const i = model.get("index");
    for (const part of [moment, curve, heat]) part.set(i);
    text.textContent = typeset(`${inWords(i).replace(/^s/, "S")}.`);
    status.say(inWords(i));
  };
  const last = steps.length - 1;
  const slider = makeSlider({
    label: "Training step",
    min: 0,
    max: last,
    step: 1,
    value: model.get("index"),
    words: inWords,
    show: (i) => String(steps[i]),
    marks: [0, last].map((i) => [i, String(steps[i])]),
    onInput: (i) => tell(i),
  });
  const tell = bind(model, "index", slider, draw);
  const controls = make("div", { className: "igl-controls igl-first" }, slider.node);
  const left = make("div", {}, curve.node, text);
  const charts = make("div", { className: "igl-charts" }, left, heat.node);
  const parts = [controls, moment.node, charts, status.node];
  el.append(makeCard("igl-replay", "Replay of the training", ...parts));
  draw();
  return () => slider.stop();
}

export default { render };
