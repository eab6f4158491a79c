// @ts-check
// Random numbers from any 32-bit seed: the same seed gives the same run.

/**
 * @typedef {object} Random
 * @property {() => number} uniform  at least 0, below 1
 * @property {() => number} normal  standard normal
 * @property {(n: number) => number} integer  0 to n - 1
 */

/**
 * Mulberry32 and Box and Muller.  `stream` makes runs of one seed that share nothing: one for
 * the weights, one for the batches, one for what is measured, so that looking changes nothing.
 * @param {number} seed  any integer; its lowest 32 bits count
 * @param {number} [stream]
 * @returns {Random}
 */
export function makeRandom(seed, stream = 0) {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal, integer: (n) => Math.floor(uniform() * n) };
}
