// @ts-check
// The bound and the truth over time.

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
const faint = (x, y, anchor, words) =>
  makeSvg("text", { x, y, "text-anchor": anchor, class: "igl-faint" }, words);

/**
 * The moment of the code that is drawn: c1, or c2 where c1 has but one value.
 * @param {{step: number, bound: number, truth: number, boundValue: number, truthValue: number}} figures
 * @param {number} k
 * @returns {Moment}
 */
export const momentOf = ({ step, bound, truth, boundValue, truthValue }, k) =>
  (k > 1 ? { step, bound, truth } : { step, bound: boundValue, truth: truthValue });

/** L_I and I(c; x) against the step, under the dashed line ln K if there is one. */
export function makeInformationChart() {
  const left = 30, right = 300, top = 24, bottom = 150;
  const node = makeSvg("svg", { role: "img", viewBox: "0 0 340 186" });
  const truth = makeSvg("polyline", { fill: "none", stroke: "var(--second)", "stroke-width": 2.5,
    "stroke-dasharray": "2 3" });
  const bound = makeSvg("polyline", { fill: "none", stroke: "var(--accent)", "stroke-width": 2.5 });
  const ceiling = makeSvg("line", { x1: left, x2: right, stroke: "var(--soft)", "stroke-dasharray": "7 4" });
  const words = { k: faint(left + 4, 0, "start", ""), last: faint(right, bottom + 17, "end", ""),
    bound: makeSvg("text", { x: right + 5, class: "igl-bound" }),
    truth: makeSvg("text", { x: right + 5, class: "igl-truth" }) };
  const title = makeSvg("text", { x: left - 22, y: 11, style: "font-weight: 600" });
  node.append(title,
    makeSvg("path", { d: `M${left} ${top - 6}V${bottom}H${right}`, class: "igl-axis" }), ceiling,
    truth, bound, faint(left - 6, bottom + 4, "end", "0"), faint(left, bottom + 17, "start", "0"),
    faint((left + right) / 2, bottom + 32, "middle", "training step"), ...Object.values(words));

  /** @param {Moment[]} history  @param {number} k */
  function set(history, k) {
    const name = k > 1 ? "c1" : "c2", high = 1.08 * (k > 1 ? Math.log(k) : 2), last = Math.max(1, history.at(-1)?.step ?? 1);
    const y = (/** @type {number} */ v) => bottom - (bottom - top) * Math.max(-0.08, Math.min(1, v / high));
    const line = (/** @type {"bound" | "truth"} */ key) =>
      history.map((m) => `${left + ((right - left) * m.step) / last},${y(m[key])}`).join(" ");
    bound.setAttribute("points", line("bound"));
    truth.setAttribute("points", line("truth"));
    title.textContent = `What x tells about ${name}, in nats`;
    ceiling.setAttribute("visibility", k > 1 ? "visible" : "hidden");
    for (const end of ["y1", "y2"]) ceiling.setAttribute(end, String(y(Math.log(k))));
    words.k.setAttribute("y", String(y(Math.log(k)) - 5));
    words.k.textContent = k > 1 ? `ln ${k} = ${Math.log(k).toFixed(2)}` : "";
    words.last.textContent = history.length ? String(last) : "";
    placeEnds(words, history.at(-1), y);
    const now = history.at(-1);
    node.setAttribute("aria-label", now ? typeset(`Step ${now.step}: the bound L_I of ${name} is ` +
      `${now.bound.toFixed(2)}, the true I(${name}; x) ${now.truth.toFixed(2)} nats; ln ${k} is ${Math.log(k).toFixed(2)}`) : "Nothing measured yet");
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
