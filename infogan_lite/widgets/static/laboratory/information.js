// @ts-check
// How much the points tell about their codes: the truth beside the bound, in nats.

import { readCodes } from "./game.js";
import { forward } from "./nets.js";

/** @typedef {import("./game.js").Game} Game */
/** @typedef {import("./game.js").Batch} Batch */

const ANY = -1;

/**
 * L_I = H(c) + E log Q(c|x) of points that no net has learned from; 0 where there is no c2.
 * @param {Game} game
 * @param {Batch} batch
 * @returns {{category: number, value: number}}
 */
export function lowerBound(game, batch) {
  const { trunk, Q, k, uniform } = game;
  const read = readCodes(game, batch, forward(Q, forward(trunk, batch.x, batch.n), batch.n));
  return { category: Math.log(k) + read.category, value: uniform ? Math.log(2) + read.value : 0 };
}

/** psi(x) for x > 0: the recurrence up to 10, then Stirling's series.  @param {number} x */
export function digamma(x) {
  let sum = 0;
  for (; x < 10; x++) sum -= 1 / x;
  const f = 1 / (x * x);
  return sum + Math.log(x) - 0.5 / x - f * (1 / 12 - f * (1 / 120 - f / 252));
}

/**
 * I(c; x) of a category and points of the plane (Ross, PLoS ONE 9(2), 2014).
 *
 * Each point asks how far its fifth neighbor of the same code is, and how many of all points
 * lie within: as many as of its own code where the codes keep apart, K times as many where
 * they are mixed.  No grid, so a mode may be as narrow as it likes.  Bias: none where c and x
 * are independent; close to a border between two codes the answer is a blend over five
 * neighbors, which costs about 0.01 to 0.03 nats at 4,000 points and can only lower it.
 * @param {Float64Array} x  (n, 2)
 * @param {Int32Array} category
 * @param {number} k  values of c
 * @returns {number}
 */
export function mutualInformation(x, category, k) {
  const NEIGHBORS = 5,
    n = category.length;
  const counts = new Int32Array(k),
    order = sortByFirst(x, n);
  const a = new Float64Array(n),
    b = new Float64Array(n),
    c = new Int32Array(n);
  order.forEach((from, to) => {
    a[to] = x[2 * from];
    b[to] = x[2 * from + 1];
    c[to] = category[from];
    counts[c[to]]++;
  });
  let sum = 0,
    used = 0;
  for (let i = 0; i < n; i++) {
    const near = Math.min(NEIGHBORS, counts[c[i]] - 1);
    if (near < 1) continue;
    const radius = distanceWithin(a, b, c, i, near);
    // Where points coincide, more than the fifth are at its distance.
    const own = radius > 0 ? near : countWithin(a, b, c, i, 0, c[i]);
    sum += digamma(own) - digamma(countWithin(a, b, c, i, radius, ANY)) - digamma(counts[c[i]]);
    used++;
  }
  return used > 0 ? Math.max(0, digamma(used) + sum / used) : 0;
}

const PIECES = 32;

/**
 * I(c2; x), with c2 cut into 32 pieces.  That can only lower it, and by little: Q's Gaussian
 * is never narrower than a piece, so the bound cannot rise to where it would show.
 * @param {Float64Array} x  (n, 2)
 * @param {Float64Array} value  from -1 to 1
 */
export const informationOfValue = (x, value) =>
  mutualInformation(
    x,
    Int32Array.from(value, (v) => Math.min(PIECES - 1, Math.floor(((v + 1) / 2) * PIECES))),
    PIECES,
  );

/** @param {Float64Array} x  @param {number} n */
const sortByFirst = (x, n) =>
  Array.from({ length: n }, (_, i) => i).sort((i, j) => x[2 * i] - x[2 * j]);

/**
 * The squared distance from point i to its `near`-th neighbor of the same code.  `a` is sorted,
 * so the search walks outward and stops where the first coordinate alone is too far.
 * @param {Float64Array} a
 * @param {Float64Array} b
 * @param {Int32Array} c
 * @param {number} i
 * @param {number} near
 */
function distanceWithin(a, b, c, i, near) {
  const best = new Float64Array(near).fill(Infinity),
    last = near - 1;
  /** @param {number} j  @returns {boolean} whether to go on */
  const visit = (j) => {
    const dx = (a[j] - a[i]) ** 2;
    if (dx >= best[last]) return false;
    const d = dx + (b[j] - b[i]) ** 2;
    if (c[j] !== c[i] || d >= best[last]) return true;
    let at = last;
    for (; at > 0 && best[at - 1] > d; at--) best[at] = best[at - 1];
    best[at] = d;
    return true;
  };
  let left = i - 1,
    right = i + 1;
  for (let more = true; more; ) {
    more = false;
    if (left >= 0 && visit(left)) {
      left--;
      more = true;
    }
    if (right < a.length && visit(right)) {
      right++;
      more = true;
    }
  }
  return best[last];
}

/**
 * How many other points lie no farther than the root of `radius`, of one code or of ANY.
 * @param {Float64Array} a
 * @param {Float64Array} b
 * @param {Int32Array} c
 * @param {number} i
 * @param {number} radius  squared
 * @param {number} code
 */
function countWithin(a, b, c, i, radius, code) {
  let count = 0;
  for (const way of [-1, 1])
    for (let j = i + way; j >= 0 && j < a.length && (a[j] - a[i]) ** 2 <= radius; j += way)
      if ((code === ANY || c[j] === code) && (a[j] - a[i]) ** 2 + (b[j] - b[i]) ** 2 <= radius)
        count++;
  return count;
}

/**
 * @param {Int32Array} category
 * @param {Uint8Array} part
 * @param {number} k
 * @param {number} parts
 * @returns {number[][]} how many points of each code lie at each part
 */
export function countTable(category, part, k, parts) {
  const table = Array.from({ length: k }, () => new Array(parts).fill(0));
  for (const [i, c] of category.entries()) table[c][part[i]]++;
  return table;
}

/**
 * Purity: the share of points that lie at the commonest part of their code.  Owned: how many
 * parts hold at least .8 of the points of some code.
 * @param {number[][]} table
 * @returns {{purity: number, owned: number}}
 */
export function judge(table) {
  const owned = new Set();
  let all = 0,
    pure = 0;
  for (const row of table) {
    const total = row.reduce((s, v) => s + v, 0),
      most = Math.max(...row);
    all += total;
    pure += most;
    if (total > 0 && most >= 0.8 * total) owned.add(row.indexOf(most));
  }
  return { purity: all > 0 ? pure / all : 0, owned: owned.size };
}
