// @ts-check
// Convolutions of 4 x 4 pixels, stride 2, padding 1, as products of matrices.
import { dense, sequence } from "./layers.js";

/** @typedef {import("./matrices.js").Arena} Arena */
/** @typedef {import("./layers.js").Layer} Layer */

const TAPS = 4;

/**
 * A row for each pixel of the half as large picture: the 4 x 4 pixels around it.
 * Pictures are (n, side, side, channels); rows are (n, side / 2, side / 2, 4, 4, channels).
 * @param {Float32Array} pictures
 * @param {Float32Array} rows
 * @param {number} side
 * @param {number} channels
 */
export function gather(pictures, rows, side, channels) {
  rows.fill(0);
  visit(side, channels, pictures.length, (at, to, length) => {
    for (let i = 0; i < length; i++) rows[to + i] = pictures[at + i];
  });
}

/**
 * The other way: each pixel the sum of what lies in the rows for it.
 * @param {Float32Array} rows
 * @param {Float32Array} pictures
 * @param {number} side
 * @param {number} channels
 */
export function scatter(rows, pictures, side, channels) {
  pictures.fill(0);
  visit(side, channels, pictures.length, (at, from, length) => {
    for (let i = 0; i < length; i++) pictures[at + i] += rows[from + i];
  });
}

/**
 * The runs of numbers that lie side by side in pictures as in rows; the border has no pixels.
 * @param {number} side
 * @param {number} channels
 * @param {number} size  of all pictures
 * @param {(picture: number, row: number, length: number) => void} run
 */
function visit(side, channels, size, run) {
  const line = TAPS * channels;
  let row = 0;
  for (let picture = 0; picture < size; picture += side * side * channels) {
    for (let y = -1; y < side - 1; y += 2) {
      for (let x = -1; x < side - 1; x += 2, row += TAPS * line) {
        const left = Math.max(x, 0),
          right = Math.min(x + TAPS, side);
        for (let t = 0; t < TAPS; t++) {
          if (y + t < 0 || y + t >= side) continue;
          const at = picture + ((y + t) * side + left) * channels;
          run(at, row + t * line + (left - x) * channels, (right - left) * channels);
        }
      }
    }
  }
}

/**
 * A layer without weights, with the gradient that belongs to it: the other of the two.
 * @param {Arena} arena
 * @param {number} side  of the larger pictures
 * @param {number} channels
 * @param {boolean} gathers
 * @returns {Layer}
 */
function rearrange(arena, side, channels, gathers) {
  const large = side * side * channels,
    rows = (large * TAPS * TAPS) / 4;
  return {
    weights: [],
    averages: [],
    pass(n) {
      const pictures = arena.floats(n * large),
        patches = arena.floats(n * rows);
      /** @param {Float32Array} x */
      const down = (x) => {
        gather(x, patches, side, channels);
        return patches;
      };
      /** @param {Float32Array} x */
      const up = (x) => {
        scatter(x, pictures, side, channels);
        return pictures;
      };
      return gathers ? { forward: down, backward: up } : { forward: up, backward: down };
    },
  };
}

/**
 * A convolution that halves the side.
 * @param {Arena} arena
 * @param {number} side  of what comes in
 * @param {number} before  channels
 * @param {number} after
 * @param {boolean} [bias]
 */
export const halve = (arena, side, before, after, bias = false) =>
  sequence([
    rearrange(arena, side, before, true),
    dense(arena, TAPS * TAPS * before, after, { bias, rows: (side * side) / 4 }),
  ]);

/**
 * A transposed convolution that doubles the side.
 * @param {Arena} arena
 * @param {number} side  of what comes in
 * @param {number} before  channels
 * @param {number} after
 */
export const double = (arena, side, before, after) =>
  sequence([
    dense(arena, before, TAPS * TAPS * after, { rows: side * side }),
    rearrange(arena, 2 * side, after, false),
  ]);
