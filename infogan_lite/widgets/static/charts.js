// @ts-check
// Small charts: bars on one axis, and a table as a heat map.
import { makeSvg, typeset } from "./elements.js";

/** @typedef {{ label: string, from: number, to: number, color: string }} Bar */

const BAR = { left: 62, right: 44, width: 380, row: 30 };

/**
 * Horizontal bars on one axis of nats.
 * @param {{ min: number, max: number, ticks: [number, string][], title: string }} axis
 */
export function makeBars({ min, max, ticks, title }) {
  const { left, right, width, row } = BAR;
  /** @param {number} v */
  const x = (v) => left + ((width - left - right) * (v - min)) / (max - min);
  const svg = makeSvg("svg", { role: "img", style: "max-width: 30rem" });
  /** @param {Bar[]} bars */
  const set = (bars) => {
    const bottom = bars.length * row;
    const said = bars.map((b) => `${b.label} = ${(b.to - b.from).toFixed(3)} nats`);
    svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 34}`);
    svg.setAttribute("aria-label", `${title}: ${said.join("; ")}`);
    svg.replaceChildren(
      ...ticks.flatMap(([v, text]) => makeTick(x(v), bottom, text)),
      faint(x((min + max) / 2), bottom + 31, "nats"),
      ...bars.flatMap((bar, i) => makeBar(bar, i * row, min, max, x)),
    );
  };
  return { node: svg, set };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 */
const faint = (x, y, words) =>
  makeSvg("text", { x, y, "text-anchor": "middle", class: "igl-faint" }, words);

/**
 * @param {number} x
 * @param {number} bottom
 * @param {string} words
 */
const makeTick = (x, bottom, words) => [
  makeSvg("line", { x1: x, x2: x, y1: 0, y2: bottom, class: "igl-axis" }),
  faint(x, bottom + 16, typeset(words)),
];

/**
 * @param {Bar} bar
 * @param {number} top
 * @param {number} min
 * @param {number} max
 * @param {(value: number) => number} x
 */
function makeBar({ label, from, to, color }, top, min, max, x) {
  const a = x(Math.max(min, Math.min(from, to)));
  const b = x(Math.min(max, Math.max(from, to)));
  const size = { width: Math.max(0, b - a), height: BAR.row - 12, rx: 2 };
  return [
    makeSvg("text", { x: BAR.left - 8, y: top + 19, "text-anchor": "end" }, ...withIndex(label)),
    makeSvg("rect", { x: a, y: top + 6, ...size, fill: `var(--${color})` }),
    makeSvg("text", { x: BAR.width - BAR.right + 6, y: top + 19 }, inNats(to - from)),
  ];
}

/** @param {number} v */
const inNats = (v) =>
  Number.isFinite(v) ? typeset(v.toFixed(3)) : v > 0 ? "\u221E" : "\u2212\u221E";

/**
 * "L_I" with its I below the line.
 * @param {string} label
 */
function withIndex(label) {
  const [head, index] = label.split("_");
  if (!index) return [label];
  return [head, makeSvg("tspan", { dy: 3, style: "font-size: 9px" }, index)];
}

/**
 * @typedef {object} HeatOptions
 * @property {string[]} rows
 * @property {string[]} columns
 * @property {string} title
 * @property {string} xlabel
 * @property {string} ylabel
 * @property {(value: number, row: number, column: number) => string} format
 */

/**
 * A table of numbers in [0, 1] as a heat map; `set` changes the cells that differ.
 * @param {HeatOptions} options
 */
export function makeHeat(options) {
  const { rows, columns, format } = options;
  const side = Math.min(44, 300 / columns.length);
  const high = Math.min(side, 32);
  const width = 34 + side * columns.length + 4;
  const height = 22 + high * rows.length + 36;
  const look = `max-width: ${1.25 * width}px`;
  const svg = makeSvg("svg", { role: "img", viewBox: `0 0 ${width} ${height}`, style: look });
  svg.append(...heatNames(options, side, high));
  const cells = rows.map((_, i) => columns.map((_, j) => makeCell(i, j, side, high)));
  for (const { rect, label } of cells.flat()) svg.append(rect, label);
  /**
   * @param {number[][]} table
   * @param {string} words
   */
  const set = (table, words) => {
    svg.setAttribute("aria-label", words);
    for (const [i, row] of cells.entries()) {
      for (const [j, { rect, label }] of row.entries()) {
        const fill = `rgba(var(--heat), ${(0.06 + 0.64 * table[i][j]).toFixed(3)})`;
        const text = format(table[i][j], i, j);
        if (rect.getAttribute("fill") !== fill) rect.setAttribute("fill", fill);
        if (label.textContent !== text) label.textContent = text;
      }
    }
  };
  return { node: svg, width, set };
}

/**
 * Title, axes, and the names of rows and columns.
 * @param {HeatOptions} options
 * @param {number} side
 * @param {number} high
 */
function heatNames({ rows, columns, title, xlabel, ylabel }, side, high) {
  const middle = 34 + (side * columns.length) / 2;
  const bottom = 22 + high * rows.length;
  const head = makeSvg("text", { x: middle, y: 13, "text-anchor": "middle" }, title);
  head.style.fontWeight = "600";
  const aside = faint(0, 0, ylabel);
  aside.setAttribute("transform", `translate(10 ${(22 + bottom) / 2}) rotate(-90)`);
  return [
    head,
    aside,
    faint(middle, bottom + 32, xlabel),
    ...columns.map((name, j) => faint(34 + (j + 0.5) * side, bottom + 16, name)),
    ...rows.map((name, i) => faint(25, 22 + (i + 0.5) * high + 4, name)),
  ];
}

/**
 * @param {number} i
 * @param {number} j
 * @param {number} side
 * @param {number} high
 */
function makeCell(i, j, side, high) {
  const [x, y] = [34 + j * side, 22 + i * high];
  const rect = makeSvg("rect", { x, y, width: side - 1, height: high - 1, rx: 2 });
  const place = { x: x + side / 2 - 0.5, y: y + high / 2 + 4, "text-anchor": "middle" };
  const label = makeSvg("text", { ...place, style: side < 40 ? "font-size: 10px" : "" });
  return { rect, label };
}
