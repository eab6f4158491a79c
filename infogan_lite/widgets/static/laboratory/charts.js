// @ts-check
// The bound and the truth over time.
import { makeSvg, typeset } from "../elements.js";

/** @typedef {{step: number, bound: number, truth: number}} Moment */

/**
 * Adds a moment; a long history keeps every second one, so that it never weighs much.
 * @param {Moment[]} history
 * @param {Moment} moment
 * @returns {Moment[]}
 */
export function remember(history, moment) {
  const kept = history.length < 240 ? history : history.filter((_, i) => i % 2 === 0);
  return [...kept.filter((m) => m.step < moment.step), moment];
}

/** @param {number} x  @param {number} y  @param {string} anchor  @param {string} words */
const soft = (x, y, anchor, words) =>
  makeSvg("text", { x, y, "text-anchor": anchor, class: "igl-faint" }, words);

/**
 * The moment of the code that is drawn: c1, or c2 where c1 has but one value.
 * @param {{step: number, bound: number, truth: number, boundValue: number, truthValue: number}} figures
 * @param {number} k
 * @returns {Moment}
 */
export const momentOf = ({ step, bound, truth, boundValue, truthValue }, k) =>
  k > 1 ? { step, bound, truth } : { step, bound: boundValue, truth: truthValue };

const LEFT = 30;
const RIGHT = 300;
const TOP = 24;
const BOTTOM = 150;

/** The parts of the chart that change, inside those that stay. */
function makeFrame() {
  const node = makeSvg("svg", { role: "img", viewBox: "0 0 340 186" });
  const dashed = { stroke: "var(--soft)", "stroke-dasharray": "7 4" };
  const line = { fill: "none", "stroke-width": 2.5 };
  const words = {
    k: soft(LEFT + 4, 0, "start", ""),
    last: soft(RIGHT, BOTTOM + 17, "end", ""),
    bound: makeSvg("text", { x: RIGHT + 5, class: "igl-bound" }),
    truth: makeSvg("text", { x: RIGHT + 5, class: "igl-truth" }),
  };
  const parts = {
    title: makeSvg("text", { x: LEFT - 22, y: 11, style: "font-weight: 600" }),
    ceiling: makeSvg("line", { x1: LEFT, x2: RIGHT, ...dashed }),
    truth: makeSvg("polyline", { ...line, stroke: "var(--second)", "stroke-dasharray": "2 3" }),
    bound: makeSvg("polyline", { ...line, stroke: "var(--accent)" }),
  };
  node.append(
    makeSvg("path", { d: `M${LEFT} ${TOP - 6}V${BOTTOM}H${RIGHT}`, class: "igl-axis" }),
    ...Object.values(parts),
    soft(LEFT - 6, BOTTOM + 4, "end", "0"),
    soft(LEFT, BOTTOM + 17, "start", "0"),
    soft((LEFT + RIGHT) / 2, BOTTOM + 32, "middle", "training step"),
    ...Object.values(words),
  );
  return { node, words, ...parts };
}

/**
 * The chart in words.
 * @param {Moment | undefined} now
 * @param {string} name
 * @param {number} k
 */
function inWords(now, name, k) {
  if (!now) return "Nothing measured yet";
  const [bound, truth, most] = [now.bound, now.truth, Math.log(k)].map((v) => v.toFixed(2));
  return typeset(
    `Step ${now.step}: the bound L_I of ${name} is ${bound}, ` +
      `the true I(${name}; x) ${truth} nats; ln ${k} is ${most}`,
  );
}

/** L_I and I(c; x) against the step, under the dashed line ln K if there is one. */
export function makeInformationChart() {
  const { node, words, title, ceiling, truth, bound } = makeFrame();
  /** @param {Moment[]} history  @param {number} k */
  function set(history, k) {
    const name = k > 1 ? "c1" : "c2";
    const high = 1.08 * (k > 1 ? Math.log(k) : 2);
    const now = history.at(-1);
    const last = Math.max(1, now?.step ?? 1);
    const y = (/** @type {number} */ v) =>
      BOTTOM - (BOTTOM - TOP) * Math.max(-0.08, Math.min(1, v / high));
    const line = (/** @type {"bound" | "truth"} */ key) =>
      history.map((m) => `${LEFT + ((RIGHT - LEFT) * m.step) / last},${y(m[key])}`).join(" ");
    bound.setAttribute("points", line("bound"));
    truth.setAttribute("points", line("truth"));
    title.textContent = `What x tells about ${name}, in nats`;
    ceiling.setAttribute("visibility", k > 1 ? "visible" : "hidden");
    for (const end of ["y1", "y2"]) ceiling.setAttribute(end, String(y(Math.log(k))));
    words.k.setAttribute("y", String(y(Math.log(k)) - 5));
    words.k.textContent = k > 1 ? `ln ${k} = ${Math.log(k).toFixed(2)}` : "";
    words.last.textContent = history.length ? String(last) : "";
    placeEnds(words, now, y);
    node.setAttribute("aria-label", inWords(now, name, k));
  }
  return { node, set };
}

/**
 * The names at the lines' ends, pushed apart where they would touch.
 * @param {{bound: SVGElement, truth: SVGElement}} words
 * @param {Moment | undefined} now
 * @param {(v: number) => number} y
 */
function placeEnds(words, now, y) {
  words.bound.textContent = now ? "L_I" : "";
  words.truth.textContent = now ? "I(c; x)" : "";
  if (!now) return;
  const gap = Math.max(0, 14 - (y(now.bound) - y(now.truth))) / 2;
  words.bound.setAttribute("y", String(y(now.bound) + gap + 4));
  words.truth.setAttribute("y", String(y(now.truth) - gap + 4));
}
