// @ts-check
// Pictures fetched anew from other places, each number between its four neighbors.

/** @typedef {import("../laboratory/random.js").Random} Random */

export const SIDE = 28,
  AREA = SIDE * SIDE;

/**
 * What one place is read from: four pixels, and how much each counts.
 * @typedef {object} Spot
 * @property {number} at  the upper left pixel
 * @property {number} fx  how far right of it, 0 to 1
 * @property {number} fy  how far below
 * @property {number} inside  which of the four exist, as bits: 1 2 in the upper row, 4 8 below
 * @property {boolean} freeX  whether x may move without being held at the border
 * @property {boolean} freeY
 */

/**
 * @param {number} x  from -1 (left border) to 1
 * @param {number} y
 * @param {boolean} hold  whether a place beyond the border is moved to it; else it reads 0 there
 * @param {Spot} spot  is filled
 */
function find(x, y, hold, spot) {
  const last = SIDE - 1;
  let column = ((x + 1) * SIDE - 1) / 2,
    row = ((y + 1) * SIDE - 1) / 2;
  spot.freeX = !hold || (column > 0 && column < last);
  spot.freeY = !hold || (row > 0 && row < last);
  if (hold) {
    column = Math.min(last, Math.max(0, column));
    row = Math.min(last, Math.max(0, row));
  }
  const left = Math.floor(column),
    top = Math.floor(row);
  spot.at = top * SIDE + left;
  spot.fx = column - left;
  spot.fy = row - top;
  const sides = (left >= 0 && left < SIDE ? 5 : 0) | (left >= -1 && left < last ? 10 : 0);
  const rows = (top >= 0 && top < SIDE ? 3 : 0) | (top >= -1 && top < last ? 12 : 0);
  spot.inside = sides & rows;
}

/** @returns {Spot} */
const makeSpot = () => ({ at: 0, fx: 0, fy: 0, inside: 0, freeX: true, freeY: true });

/**
 * @param {Float32Array} pictures  (n, AREA)
 * @param {Float32Array} grid  where each pixel of the new pictures is read, (n, AREA, 2)
 * @param {boolean} hold  as in `find`
 * @param {Float32Array} out  (n, AREA)
 */
export function sample(pictures, grid, hold, out) {
  const spot = makeSpot();
  for (let i = 0; i < out.length; i++) {
    find(grid[2 * i], grid[2 * i + 1], hold, spot);
    const { at, fx, fy, inside } = spot,
      p = i - (i % AREA) + at;
    let value = 0;
    if (inside & 1) value += pictures[p] * (1 - fx) * (1 - fy);
    if (inside & 2) value += pictures[p + 1] * fx * (1 - fy);
    if (inside & 4) value += pictures[p + SIDE] * (1 - fx) * fy;
    if (inside & 8) value += pictures[p + SIDE + 1] * fx * fy;
    out[i] = value;
  }
}

/**
 * The gradient of a loss with respect to the pictures, from that of what was sampled.
 * @param {Float32Array} dout
 * @param {Float32Array} grid
 * @param {boolean} hold
 * @param {Float32Array} dpictures
 */
export function sampleBackward(dout, grid, hold, dpictures) {
  const spot = makeSpot();
  dpictures.fill(0);
  for (let i = 0; i < dout.length; i++) {
    find(grid[2 * i], grid[2 * i + 1], hold, spot);
    const { at, fx, fy, inside } = spot,
      p = i - (i % AREA) + at,
      d = dout[i];
    if (inside & 1) dpictures[p] += d * (1 - fx) * (1 - fy);
    if (inside & 2) dpictures[p + 1] += d * fx * (1 - fy);
    if (inside & 4) dpictures[p + SIDE] += d * (1 - fx) * fy;
    if (inside & 8) dpictures[p + SIDE + 1] += d * fx * fy;
  }
}

/**
 * The gradient with respect to the places, where places are held at the border.
 * @param {Float32Array} pictures
 * @param {Float32Array} dout
 * @param {Float32Array} grid
 * @param {Float32Array} dgrid
 */
export function placesBackward(pictures, dout, grid, dgrid) {
  const spot = makeSpot();
  for (let i = 0; i < dout.length; i++) {
    find(grid[2 * i], grid[2 * i + 1], true, spot);
    const { at, fx, fy, freeX, freeY } = spot,
      p = i - (i % AREA) + at;
    const [a, b] = [pictures[p], freeX ? pictures[p + 1] : pictures[p]];
    const c = freeY ? pictures[p + SIDE] : a,
      e = freeY ? (freeX ? pictures[p + SIDE + 1] : c) : b;
    const right = (b - a) * (1 - fy) + (e - c) * fy,
      down = (c - a) * (1 - fx) + (e - b) * fx;
    dgrid[2 * i] = freeX ? (dout[i] * right * SIDE) / 2 : 0;
    dgrid[2 * i + 1] = freeY ? (dout[i] * down * SIDE) / 2 : 0;
  }
}

/** (x, y) of each pixel's center, row after row, in -1..1: (AREA, 2) */
export const CENTERS = Float32Array.from({ length: 2 * AREA }, (_, i) => {
  const pixel = i >> 1,
    at = i % 2 ? Math.floor(pixel / SIDE) : pixel % SIDE;
  return (2 * at + 1) / SIDE - 1;
});

/**
 * Affine maps, each of (x, y, 1).
 * @param {ArrayLike<number>} theta  (n, 6)
 * @param {Float32Array} grid  (n, AREA, 2)
 */
export function affineGrid(theta, grid) {
  for (let n = 0; n < theta.length / 6; n++) {
    const [a, b, c, d, e, f] = Array.from({ length: 6 }, (_, i) => theta[6 * n + i]);
    for (let i = 0; i < AREA; i++) {
      const x = CENTERS[2 * i],
        y = CENTERS[2 * i + 1];
      grid[2 * (n * AREA + i)] = a * x + b * y + c;
      grid[2 * (n * AREA + i) + 1] = d * x + e * y + f;
    }
  }
}

/**
 * Random turns, stretches, shears and shifts, as preset "lite" has them.
 * @param {number} n
 * @param {number} s  strength
 * @param {Random} random
 * @returns {Float32Array} (n, 6)
 */
export function randomMaps(n, s, random) {
  const theta = new Float32Array(6 * n);
  for (let i = 0; i < n; i++) {
    const [angle, shear, wide, high, right, down] = Array.from(
      { length: 6 },
      () => s * (2 * random.uniform() - 1),
    );
    const cos = Math.cos(angle),
      sin = Math.sin(angle);
    const upper = [cos * Math.exp(wide), (cos * shear - sin) * Math.exp(high), (20 / SIDE) * right];
    const lower = [sin * Math.exp(wide), (sin * shear + cos) * Math.exp(high), (20 / SIDE) * down];
    theta.set([...upper, ...lower], 6 * i);
  }
  return theta;
}
