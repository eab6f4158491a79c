// @ts-check
// Convolutions of 4 x 4 pixels, stride 2, padding 1, as products of matrices.
import { dense, sequence } from "./layers.js";

/** @typedef {import("./matrices.js").Arena} Arena */
/** @typedef {import("./layers.js").Layer} Layer */

const TAPS = 4;

/**
 * Between pictures, (n, side, side, channels), and rows, one for each pixel of the half as
 * large picture, (n, side / 2, side / 2, 4, 4, channels): the 4 x 4 pixels around it.  Gather
 * copies pixels into rows; scatter makes each pixel the sum of what lies in the rows for it.
 * @param {Float32Array} pictures
 * @param {Float32Array} rows
 * @param {number} side
 * @param {number} channels
 * @param {boolean} gathers
 */
export function rearrange(pictures, rows, side, channels, gathers) {
  const line = TAPS * channels,
    size = side * side * channels;
  (gathers ? rows : pictures).fill(0);
  let row = 0;
  for (let picture = 0; picture < pictures.length; picture += size) {
    for (let y = -1; y < side - 1; y += 2) {
      for (let x = -1; x < side - 1; x += 2, row += TAPS * line) {
        const left = Math.max(x, 0),
          length = (Math.min(x + TAPS, side) - left) * channels;
        for (let t = Math.max(0, -y); t < TAPS && y + t < side; t++) {
          const at = picture + ((y + t) * side + left) * channels,
            to = row + t * line + (left - x) * channels;
          if (gathers) for (let i = 0; i < length; i++) rows[to + i] = pictures[at + i];
          else for (let i = 0; i < length; i++) pictures[at + i] += rows[to + i];
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
function rearrangement(arena, side, channels, gathers) {
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
        rearrange(x, patches, side, channels, true);
        return patches;
      };
      /** @param {Float32Array} x */
      const up = (x) => {
        rearrange(pictures, x, side, channels, false);
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
    rearrangement(arena, side, before, true),
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
    rearrangement(arena, 2 * side, after, false),
  ]);
