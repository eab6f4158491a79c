// @ts-check
// Arithmetic of small probability tables p[c][x]; information in nats; 0 ln 0 is 0.

/** @typedef {number[][]} Table */

/** @param {number[]} values */
const sum = (values) => values.reduce((a, b) => a + b, 0);

/** P(c): the sums of the rows.
 * @param {Table} p
 */
export const sumRows = (p) => p.map(sum);

/** P(x): the sums of the columns.
 * @param {Table} p
 */
export const sumColumns = (p) => p[0].map((_, x) => sum(p.map((row) => row[x])));

/** @param {number[]} q */
export const entropy = (q) => -sum(q.map((v) => (v > 0 ? v * Math.log(v) : 0)));

/**
 * P(c|x).  Where P(x) = 0 nothing depends on it: it is set to P(c).
 * @param {Table} p
 * @returns {Table}
 */
export function posterior(p) {
  const pc = sumRows(p);
  const px = sumColumns(p);
  return p.map((row, c) => row.map((v, x) => (px[x] > 0 ? v / px[x] : pc[c])));
}

/**
 * The joint table of a channel: with probability `noise` x is drawn anew from all k values, and
 * with probability `skew` c is the first value.
 * @param {number} k
 * @param {number} noise
 * @param {number} skew
 */
export function noisyChannel(k, noise, skew) {
  const all = Array.from({ length: k }, (_, i) => i);
  const prior = all.map((c) => (1 - skew) / k + (c === 0 ? skew : 0));
  const channel = all.map((c) => all.map((x) => noise / k + (c === x ? 1 - noise : 0)));
  return { prior, channel, joint: channel.map((row, c) => row.map((v) => v * prior[c])) };
}

/**
 * H(c), H(c|x) and I(c; x).
 * @param {Table} p
 */
export function information(p) {
  const [hc, hx, both] = [sumRows(p), sumColumns(p), p.flat()].map(entropy);
  /** @param {number} v */
  const clean = (v) => (Math.abs(v) < 1e-12 ? 0 : v);
  return { H: clean(hc), conditional: clean(both - hx), I: clean(hc + hx - both) };
}

/**
 * Q = (1 - mix) P(c|x)^(1 / temperature), made to sum to 1, + mix / K.
 * @param {Table} posterior
 * @param {number} mix
 * @param {number} temperature
 * @returns {Table}
 */
export function moveAway(posterior, mix, temperature) {
  const powered = posterior.map((row) => row.map((v) => v ** (1 / temperature)));
  const sums = sumColumns(powered);
  return powered.map((row) =>
    row.map((v, x) => ((1 - mix) * v) / sums[x] + mix / posterior.length),
  );
}

/**
 * Q with Q(c|x) = v; the other entries of the column share what is left as they did before.
 * @param {Table} q
 * @param {number} c
 * @param {number} x
 * @param {number} v
 * @returns {Table}
 */
export function withCell(q, c, x, v) {
  const rest = sum(q.map((row) => row[x])) - q[c][x];
  const others = q.length - 1;
  /** @param {number} old */
  const share = (old) => (rest > 1e-12 ? (old / rest) * (1 - v) : (1 - v) / others);
  return q.map((row, i) => row.map((old, j) => (j !== x ? old : i === c ? v : share(old))));
}

/**
 * I, L_I and the gap E KL(P(c|x) || Q(c|x)), each from its own definition.
 * @param {Table} p
 * @param {Table} q
 */
export function bound(p, q) {
  const truth = posterior(p);
  const H = entropy(sumRows(p));
  /** @param {(c: number, x: number) => number} f */
  const mean = (f) => sum(p.flatMap((row, c) => row.map((v, x) => (v > 0 ? v * f(c, x) : 0))));
  return {
    I: H + mean((c, x) => Math.log(truth[c][x])),
    L_I: H + mean((c, x) => Math.log(q[c][x])),
    gap: mean((c, x) => Math.log(truth[c][x] / q[c][x])),
  };
}
