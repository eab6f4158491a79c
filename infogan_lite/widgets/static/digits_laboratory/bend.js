// @ts-check
// The last layer of G: a smooth map of the plane bends a drawing, then the sigmoid inks it.
import {
  AREA,
  affineGrid,
  CENTERS,
  placesBackward,
  SIDE,
  sample,
  sampleBackward,
} from "./sampling.js";

/** @typedef {import("./matrices.js").Arena} Arena */

const POINTS = 4,
  SHIFTS = POINTS * POINTS,
  SCALE = 0.1;

/** 6 of an affine map, 2 x 16 of a displacement, 1 of the ink; rounded up to a multiple of 8. */
export const NUMBERS = 40;
const INK = 6 + 2 * SHIFTS;

/** How much each of 4 x 4 points counts at each pixel: bilinear, (16, AREA). */
const BETWEEN = Float32Array.from({ length: SHIFTS * AREA }, (_, i) => {
  const point = Math.floor(i / AREA),
    pixel = i % AREA;
  /** @param {number} at  @param {number} p */
  const near = (at, p) => Math.max(0, 1 - Math.abs((at * (POINTS - 1)) / (SIDE - 1) - p));
  return (
    near(Math.floor(pixel / SIDE), Math.floor(point / POINTS)) * near(pixel % SIDE, point % POINTS)
  );
});

/**
 * @param {Float32Array} numbers  (n, NUMBERS)
 * @param {Float32Array} grid  (n, AREA, 2), is filled
 */
function makeGrid(numbers, grid) {
  for (let n = 0; n < numbers.length / NUMBERS; n++) {
    const own = numbers.subarray(n * NUMBERS, (n + 1) * NUMBERS).map((v) => SCALE * v);
    const part = grid.subarray(2 * n * AREA, 2 * (n + 1) * AREA);
    affineGrid([1 + own[0], own[1], own[2], own[3], 1 + own[4], own[5]], part);
    for (let p = 0; p < SHIFTS; p++) {
      const right = own[6 + p],
        down = own[6 + SHIFTS + p];
      for (let i = 0; i < AREA; i++) {
        part[2 * i] += right * BETWEEN[p * AREA + i];
        part[2 * i + 1] += down * BETWEEN[p * AREA + i];
      }
    }
  }
}

/**
 * From the gradient with respect to the places to that with respect to the numbers.
 * @param {Float32Array} dgrid
 * @param {Float32Array} dnumbers
 */
function gridBackward(dgrid, dnumbers) {
  for (let n = 0; n < dnumbers.length / NUMBERS; n++) {
    const part = dgrid.subarray(2 * n * AREA, 2 * (n + 1) * AREA),
      at = n * NUMBERS;
    for (let i = 0; i < AREA; i++) {
      for (let k = 0; k < 2; k++) {
        const d = SCALE * part[2 * i + k];
        dnumbers[at + 3 * k] += d * CENTERS[2 * i];
        dnumbers[at + 3 * k + 1] += d * CENTERS[2 * i + 1];
        dnumbers[at + 3 * k + 2] += d;
      }
    }
    for (let p = 0; p < SHIFTS; p++) {
      let right = 0,
        down = 0;
      for (let i = 0; i < AREA; i++) {
        right += part[2 * i] * BETWEEN[p * AREA + i];
        down += part[2 * i + 1] * BETWEEN[p * AREA + i];
      }
      dnumbers[at + 6 + p] = SCALE * right;
      dnumbers[at + 6 + SHIFTS + p] = SCALE * down;
    }
  }
}

/**
 * @param {Arena} arena
 * @param {number} n
 */
export function bendPass(arena, n) {
  const grid = arena.floats(2 * n * AREA),
    dgrid = arena.floats(2 * n * AREA);
  const x = arena.floats(n * AREA),
    dbent = arena.floats(n * AREA),
    ddrawing = arena.floats(n * AREA);
  const dnumbers = arena.floats(n * NUMBERS);
  let given = x;
  return {
    /** @param {Float32Array} drawing  @param {Float32Array} numbers */
    forward(drawing, numbers) {
      given = drawing;
      makeGrid(numbers, grid);
      sample(drawing, grid, true, x);
      for (let i = 0; i < x.length; i++) {
        const ink = 10 * SCALE * numbers[Math.floor(i / AREA) * NUMBERS + INK];
        x[i] = 1 / (1 + Math.exp(-x[i] - ink));
      }
      return x;
    },
    /** @param {Float32Array} dx */
    backward(dx) {
      dnumbers.fill(0);
      for (let i = 0; i < x.length; i++) {
        dbent[i] = dx[i] * x[i] * (1 - x[i]);
        dnumbers[Math.floor(i / AREA) * NUMBERS + INK] += 10 * SCALE * dbent[i];
      }
      placesBackward(given, dbent, grid, dgrid);
      gridBackward(dgrid, dnumbers);
      sampleBackward(dbent, grid, true, ddrawing);
      return { ddrawing, dnumbers };
    },
  };
}
