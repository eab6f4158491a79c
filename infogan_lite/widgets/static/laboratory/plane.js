// @ts-check
// The plane: what D believes, real points, generated points by their code, arrows of the gradient.
import { REACH, SIDE } from "./scale.js";

/** @typedef {import("./workshop.js").Picture} Picture */

// Okabe and Ito's colors, which color-blind readers tell apart; the yellow a little darker.
export const HUES = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e0a000",
  "#56b4e9",
  "#8a5a2b",
  "#7b5cd6",
];
const SHAPES = 5;
const RAMP = [
  [42, 111, 214],
  [150, 150, 150],
  [240, 190, 0],
]; // c2 at -1, 0 and 1

/** @param {number} code */
export const hue = (code) => HUES[code % HUES.length];

/** From blue by gray to yellow.  @param {number} v  c2, from -1 to 1 */
export function ramp(v) {
  const from = RAMP[v < 0 ? 0 : 1],
    to = RAMP[v < 0 ? 1 : 2],
    share = v < 0 ? v + 1 : v;
  return `rgb(${from.map((a, i) => Math.round(a + share * (to[i] - a))).join()})`;
}

/**
 * A mark around (x, y): circle, square, triangle up, diamond, triangle down.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function trace(pen, shape, x, y, r) {
  pen.beginPath();
  if (shape === 0) pen.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === 1) pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  else {
    const corners =
      shape === 2
        ? [
            [0, -1.25],
            [1.15, 0.85],
            [-1.15, 0.85],
          ]
        : shape === 3
          ? [
              [0, -1.35],
              [1.2, 0],
              [0, 1.35],
              [-1.2, 0],
            ]
          : [
              [0, 1.25],
              [1.15, -0.85],
              [-1.15, -0.85],
            ];
    for (const [a, b] of corners) pen.lineTo(x + a * r, y + b * r);
  }
  pen.closePath();
}

/** @param {string} text  "#rrggbb"  @returns {number[]} */
export const rgb = (text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));

/**
 * @typedef {object} Look
 * @property {string} paper  where D says real
 * @property {string} shade  where D says generated
 * @property {string} real  the real points
 * @property {string} ink  arrows, outlines
 */

/**
 * @typedef {object} View
 * @property {Picture | null} picture
 * @property {number[][]} real
 * @property {boolean} arrows
 * @property {(string | number)[][]} letters  of the parts: [letter, x, y]
 * @property {number[] | null} cursor  where the next spot is drawn by keyboard
 */

/**
 * @param {HTMLCanvasElement} canvas
 */
export function makePlane(canvas) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const small = document.createElement("canvas");
  small.width = small.height = SIDE;
  /** @type {Float32Array} */
  let surface = new Float32Array(0);
  /** @param {number} v */
  const at = (v) => ((v + REACH) / (2 * REACH)) * canvas.width;
  const unit = () => canvas.width / 420;

  /** @param {View} view  @param {Look} look */
  function draw(view, look) {
    const { picture } = view;
    if (picture?.surface.length) surface = picture.surface;
    pen.fillStyle = look.paper;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if (surface.length) paintSurface(pen, small, surface, look);
    paintReal(pen, view.real, at, unit(), look);
    paintLetters(pen, view.letters, at, unit(), look);
    if (picture) {
      if (view.arrows) paintArrows(pen, picture, at, unit(), look);
      paintPoints(pen, picture, at, unit(), look);
      paintTrails(pen, picture, at, unit(), look);
      paintNames(pen, picture, at, unit(), look);
    }
    if (view.cursor) paintCursor(pen, view.cursor, at, unit(), look);
  }
  return { draw };
}

/** @typedef {(v: number) => number} Place */

/** D soon says about a half everywhere: from .2 to .8 the shade has its full range.  @param {number} p */
export const stretch = (p) => Math.max(0, Math.min(1, (p - 0.2) / 0.6));

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLCanvasElement} small
 * @param {Float32Array} surface
 * @param {Look} look
 */
function paintSurface(pen, small, surface, look) {
  const inside = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
  const image = new ImageData(SIDE, SIDE),
    paper = rgb(look.paper),
    shade = rgb(look.shade);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const row = SIDE - 1 - Math.floor(i / SIDE),
      to = 4 * (row * SIDE + (i % SIDE));
    for (let c = 0; c < 3; c++)
      image.data[to + c] = shade[c] + stretch(surface[i]) * (paper[c] - shade[c]);
    image.data[to + 3] = 255;
  }
  inside.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, 0, 0, pen.canvas.width, pen.canvas.height);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number[][]} real
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintReal(pen, real, at, unit, look) {
  pen.fillStyle = look.real;
  pen.beginPath();
  for (const [x, y] of real) {
    pen.moveTo(at(x), at(-y));
    pen.arc(at(x), at(-y), 1.5 * unit, 0, 2 * Math.PI);
  }
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {(string | number)[][]} letters
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintLetters(pen, letters, at, unit, look) {
  pen.font = `${13 * unit}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = look.ink;
  for (const [letter, x, y] of letters) pen.fillText(String(letter), at(Number(x)), at(-Number(y)));
}

/**
 * Some points have an arrow, the way that G's loss falls; its length grows as the root of
 * the gradient, and a long one is cut.
 * @param {CanvasRenderingContext2D} pen
 * @param {Picture} picture
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintArrows(pen, { points, arrows }, at, unit, look) {
  pen.strokeStyle = look.ink;
  pen.lineWidth = 1 * unit;
  pen.globalAlpha = 0.6;
  pen.beginPath();
  for (let i = 0; i < arrows.length; i += 2) {
    const length = Math.hypot(arrows[i], arrows[i + 1]);
    if (length < 0.02) continue;
    const cut = Math.min(0.5, 0.3 * Math.sqrt(length)) / length,
      x = at(points[i]),
      y = at(-points[i + 1]);
    const tipX = at(points[i] + cut * arrows[i]),
      tipY = at(-points[i + 1] - cut * arrows[i + 1]);
    const dx = tipX - x,
      dy = tipY - y,
      far = Math.hypot(dx, dy),
      head = 4 * unit;
    pen.moveTo(x, y);
    pen.lineTo(tipX, tipY);
    for (const side of [0.5, -0.5]) {
      pen.moveTo(tipX, tipY);
      pen.lineTo(tipX - (head * (dx + side * dy)) / far, tipY - (head * (dy - side * dx)) / far);
    }
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Picture} picture
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintPoints(pen, { points, codes, values }, at, unit, look) {
  pen.lineWidth = 0.8 * unit;
  pen.strokeStyle = look.paper;
  for (let r = 0; r < codes.length; r++) {
    pen.fillStyle = values.length ? ramp(values[r]) : hue(codes[r]);
    trace(pen, codes[r] % SHAPES, at(points[2 * r]), at(-points[2 * r + 1]), 3.6 * unit);
    pen.fill();
    pen.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Picture} picture
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintTrails(pen, { trails, codes }, at, unit, look) {
  const k = Math.max(...codes) + 1,
    length = trails.length / 2 / k;
  for (let c = 0; c < k && length > 0; c++) {
    for (const [color, width] of /** @type {[string, number][]} */ ([
      [look.paper, 5],
      [k > 1 ? hue(c) : look.ink, 2.6],
    ])) {
      pen.strokeStyle = pen.fillStyle = color;
      pen.lineWidth = width * unit;
      pen.beginPath();
      for (let i = c * length; i < (c + 1) * length; i++)
        pen.lineTo(at(trails[2 * i]), at(-trails[2 * i + 1]));
      pen.stroke();
      const end = (c + 1) * length - 1;
      trace(pen, 0, at(trails[2 * end]), at(-trails[2 * end + 1]), (width + 2) * unit);
      pen.fill();
    }
  }
}

/**
 * The number of each code, at the point of it that lies nearest to all its others: a mean
 * could lie where there is none.
 * @param {Float32Array} points
 * @param {Uint8Array} codes
 * @returns {number[][]} [code, x, y]
 */
export function placeNames(points, codes) {
  /** @type {Map<number, number[]>} */
  const members = new Map();
  for (const [r, c] of codes.entries()) members.set(c, [...(members.get(c) ?? []), r]);
  return [...members].map(([code, rows]) => {
    const far = (/** @type {number} */ r) =>
      rows.reduce(
        (sum, o) =>
          sum + Math.hypot(points[2 * r] - points[2 * o], points[2 * r + 1] - points[2 * o + 1]),
        0,
      );
    const best = rows.reduce((a, b) => (far(b) < far(a) ? b : a));
    return [code, points[2 * best], points[2 * best + 1]];
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Picture} picture
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintNames(pen, { points, codes, values }, at, unit, look) {
  if (values.length) return;
  pen.font = `bold ${12 * unit}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 2 * unit;
  for (const [code, x, y] of placeNames(points, codes)) {
    pen.strokeStyle = hue(code);
    pen.fillStyle = look.paper;
    trace(pen, 0, at(x), at(-y), 8.5 * unit);
    pen.fill();
    pen.stroke();
    pen.fillStyle = look.ink;
    pen.fillText(String(code), at(x), at(-y) + 0.5 * unit);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number[]} cursor
 * @param {Place} at
 * @param {number} unit
 * @param {Look} look
 */
function paintCursor(pen, [x, y], at, unit, look) {
  pen.strokeStyle = look.ink;
  pen.lineWidth = 1.5 * unit;
  pen.beginPath();
  for (const [dx, dy] of [
    [9, 0],
    [0, 9],
  ]) {
    pen.moveTo(at(x) - dx * unit, at(-y) - dy * unit);
    pen.lineTo(at(x) + dx * unit, at(-y) + dy * unit);
  }
  pen.stroke();
}
