// @ts-check
// Points in the plane: the real data, and the parts that a person would see in them.

/** @typedef {import("./random.js").Random} Random */

/**
 * @typedef {object} Data
 * @property {number[][]} centers  points [x, y]; those of one part lie close together
 * @property {number[]} part  of each center
 * @property {number[]} weight  of each center: how often a real point is drawn there
 * @property {number} spread  standard deviation around a center
 * @property {number} parts  how many there are
 */

/**
 * @param {number} n
 * @param {(i: number) => number[]} center
 * @param {(i: number) => number} part
 * @param {(i: number) => number} weight
 * @param {number} spread
 * @returns {Data}
 */
function makeData(n, center, part, weight, spread) {
  const all = Array.from({ length: n }, (_, i) => i),
    parts = all.map(part);
  return {
    centers: all.map(center),
    part: parts,
    weight: all.map(weight),
    spread,
    parts: Math.max(-1, ...parts) + 1,
  };
}

/** @param {number} i  @returns {number[]} */
const onRing = (i) => [2 * Math.cos((Math.PI * i) / 4), 2 * Math.sin((Math.PI * i) / 4)];
const SHARES = [28, 22, 16, 12, 9, 6, 4, 3]; // in percent

/** @param {number} i  0 to 199  @returns {number[]} */
function onMoons(i) {
  const t = (Math.PI * ((i % 100) + 0.5)) / 100;
  return i < 100
    ? [1.5 * Math.cos(t) - 0.75, 1.5 * Math.sin(t) - 0.35]
    : [0.75 - 1.5 * Math.cos(t), 0.35 - 1.5 * Math.sin(t)];
}

/** @param {number} i  0 to 199; equal steps of arc length, as far as a root gives them  @returns {number[]} */
function onSpiral(i) {
  const t = 3.4 * Math.PI * Math.sqrt((i + 8) / 208);
  return [0.22 * t * Math.cos(t), 0.22 * t * Math.sin(t)];
}

export const DATA = {
  ring: makeData(
    8,
    onRing,
    (i) => i,
    () => 1,
    0.1,
  ),
  unequal: makeData(
    8,
    onRing,
    (i) => i,
    (i) => SHARES[i],
    0.1,
  ),
  moons: makeData(
    200,
    onMoons,
    (i) => Math.floor(i / 100),
    () => 1,
    0.1,
  ),
  spiral: makeData(
    200,
    onSpiral,
    (i) => Math.floor(i / 50),
    () => 1,
    0.06,
  ),
};

/**
 * Points drawn by hand: each stroke is a part.
 * @param {number[][][]} strokes
 * @returns {Data}
 */
export function drawnData(strokes) {
  const part = strokes.flatMap((stroke, i) => stroke.map(() => i));
  const centers = strokes.flat();
  return makeData(
    centers.length,
    (i) => centers[i],
    (i) => part[i],
    () => 1,
    0.1,
  );
}

/**
 * @param {Data} data
 * @param {number} n
 * @param {Random} random
 * @returns {Float64Array} real points, (n, 2)
 */
export function drawReal(data, n, random) {
  let total = 0;
  const upTo = data.weight.map((w) => (total += w)),
    x = new Float64Array(2 * n);
  for (let r = 0; r < n; r++) {
    const at = random.uniform() * total,
      center = data.centers[upTo.findIndex((t) => at < t)];
    x[2 * r] = center[0] + data.spread * random.normal();
    x[2 * r + 1] = center[1] + data.spread * random.normal();
  }
  return x;
}

/**
 * @param {Data} data
 * @param {Float64Array} x  (n, 2)
 * @returns {Uint8Array} the part whose center is nearest, for each point
 */
export function nearestPart(data, x) {
  const found = new Uint8Array(x.length / 2);
  for (let r = 0; r < found.length; r++) {
    let least = Infinity;
    data.centers.forEach(([a, b], i) => {
      const d = (x[2 * r] - a) ** 2 + (x[2 * r + 1] - b) ** 2;
      if (d < least) {
        least = d;
        found[r] = data.part[i];
      }
    });
  }
  return found;
}

/**
 * A letter for each part, a little outside its middle.
 * @param {Data} data
 * @returns {(string | number)[][]} [letter, x, y]
 */
export function letters({ centers, part, parts }) {
  return Array.from({ length: parts }, (_, p) => {
    const own = centers.filter((_, i) => part[i] === p),
      [x, y] = own[Math.floor(own.length / 2)];
    const far = Math.hypot(x, y) || 1,
      out = Math.min(1 + 0.45 / far, 2.8 / far);
    return [letterOf(p), x * out, y * out];
  });
}

/** @param {number} part */
export const letterOf = (part) => String.fromCharCode(65 + part);
