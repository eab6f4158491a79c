// @ts-check
// The losses' gradients: the game, the bound L_I, and Q's practice on real pictures.
import { ANSWERS, K, LOGIT, UNIFORM } from "./networks.js";

export const SIGMA = 0.5;

/** @param {number} v */
const sigmoid = (v) => 1 / (1 + Math.exp(-v));

/**
 * The mean of softplus(sign * logit), and its gradient into the first of LOGIT columns.
 * @param {Float32Array} logit  (n, LOGIT)
 * @param {number} sign
 * @param {Float32Array} dlogit
 */
export function game(logit, sign, dlogit) {
  const n = logit.length / LOGIT;
  let loss = 0;
  for (let at = 0; at < logit.length; at += LOGIT) {
    const v = sign * logit[at];
    loss += (Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))) / n;
    dlogit[at] = (sign * sigmoid(v)) / n;
  }
  return loss;
}

/**
 * What goes into G, row for row, tells which codes were drawn.
 * @typedef {object} Codes
 * @property {Uint8Array} category  c1, (n)
 * @property {Float32Array} values  c2 and c3, (n, 2)
 */

/**
 * L_I of c1, c2 and c3 in nats, and the gradient of minus their weighted sum.
 * @param {Float32Array} answer  (n, ANSWERS)
 * @param {Codes} codes
 * @param {number} lambda  of c1
 * @param {number} lambdaUniform  of c2 and c3
 * @param {Float32Array} danswer
 */
export function lowerBound(answer, { category, values }, lambda, lambdaUniform, danswer) {
  const n = category.length,
    bound = [Math.log(K), Math.log(2), Math.log(2)];
  const p = new Float64Array(K);
  for (let r = 0; r < n; r++) {
    const at = r * ANSWERS,
      sum = softmax(answer, at, p);
    for (let k = 0; k < K; k++) danswer[at + k] = (lambda * p[k]) / n;
    danswer[at + category[r]] -= lambda / n;
    bound[0] += (answer[at + category[r]] - sum) / n;
    for (let j = 0; j < UNIFORM; j++) {
      const off = (answer[at + K + j] - values[r * UNIFORM + j]) / SIGMA;
      danswer[at + K + j] = (lambdaUniform * off) / SIGMA / n;
      bound[1 + j] -= ((off * off) / 2 + Math.log(SIGMA) + Math.log(2 * Math.PI) / 2) / n;
    }
  }
  return bound;
}

/**
 * The softmax of a row's logits of c1, and the log of the sum that it was divided by.
 * @param {Float32Array} answer
 * @param {number} at
 * @param {Float64Array} p  (K), is filled
 */
export function softmax(answer, at, p) {
  let most = -Infinity,
    sum = 0;
  for (let k = 0; k < K; k++) most = Math.max(most, answer[at + k]);
  for (let k = 0; k < K; k++) sum += p[k] = Math.exp(answer[at + k] - most);
  for (let k = 0; k < K; k++) p[k] /= sum;
  return most + Math.log(sum);
}

/**
 * Practice late in training: Q gains by being sure of each real picture while it uses all
 * categories alike, I = H(mean of p) - mean of H(p), and by reading the second half of the
 * batch, the same pictures through other maps, as the first.  The gradient of minus the gain.
 * @param {Float32Array} answer  (n, ANSWERS)
 * @param {number} weight
 * @param {Float32Array} danswer  is overwritten
 */
export function practice(answer, weight, danswer) {
  const n = answer.length / ANSWERS,
    half = n / 2;
  const rows = Array.from({ length: n }, (_, r) => {
    const p = new Float64Array(K);
    softmax(answer, r * ANSWERS, p);
    return p;
  });
  const log = (/** @type {number} */ v) => Math.log(Math.max(v, 1e-12));
  const mean = Float64Array.from({ length: K }, (_, k) => rows.reduce((s, p) => s + p[k], 0) / n);
  for (let r = 0; r < n; r++) {
    const p = rows[r],
      gain = p.map((v, k) => (log(v) - log(mean[k])) / n);
    const middle = gain.reduce((sum, v, k) => sum + v * p[k], 0);
    for (let k = 0; k < K; k++) {
      const alike = r < half ? 0 : (p[k] - rows[r - half][k]) / half;
      danswer[r * ANSWERS + k] = weight * (alike - p[k] * (gain[k] - middle));
    }
  }
}
