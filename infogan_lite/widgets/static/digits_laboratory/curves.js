// @ts-check
// Two curves over the steps: L_I of c1 in nats, and the part of held-out digits misread.
import { makeSvg } from "../elements.js";

const WIDE = 320,
  HIGH = 150,
  LEFT = 34,
  BASE = 128,
  TOP = 14;

/**
 * @typedef {[number, number][]} Curve  step and value
 */

/** @param {number} part  of the run  */
const across = (part) => LEFT + part * (WIDE - LEFT - 8);
/** @param {number} part  of the height */
const up = (part) => BASE - Math.max(0, Math.min(1, part)) * (BASE - TOP);

/**
 * @param {string} name
 * @param {number} most  the value at the top
 * @param {string} label  of the top
 */
function makeCurve(name, most, label) {
  const line = makeSvg("polyline", { fill: "none", "stroke-width": 2, class: "igl-curve" });
  const svg = makeSvg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true" },
    makeSvg("path", { class: "igl-axis", d: `M${LEFT} ${TOP}V${BASE}H${WIDE - 8}` }),
    makeSvg("text", { x: LEFT - 4, y: TOP + 4, "text-anchor": "end" }, label),
    makeSvg("text", { x: LEFT - 4, y: BASE, "text-anchor": "end" }, "0"),
    makeSvg("text", { x: LEFT + 6, y: TOP - 2 }, name),
    makeSvg(
      "text",
      { class: "igl-faint", x: WIDE - 8, y: BASE + 16, "text-anchor": "end" },
      "steps",
    ),
    line,
  );
  /** @param {Curve} curve  @param {number} steps */
  const draw = (curve, steps) => {
    const points = curve.map(([step, value]) => `${across(step / steps)},${up(value / most)}`);
    line.setAttribute("points", points.join(" "));
  };
  return { svg, draw };
}

export const makeCurves = () => ({
  bound: makeCurve("L_I of c1, nats; ceiling ln 10", Math.log(10), "2.30"),
  error: makeCurve("error of c1 on held-out digits", 1, "100%"),
});
