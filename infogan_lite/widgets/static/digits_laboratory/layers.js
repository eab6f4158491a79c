// @ts-check
// The layers of a net, each with its forward pass and its gradient.
import { transpose } from "./matrices.js";

/** @typedef {import("./matrices.js").Arena} Arena */

/**
 * Numbers that are learned.
 * @typedef {object} Weight
 * @property {Float32Array} value
 * @property {Float32Array} grad  added up until Adam moves the weight
 * @property {Float32Array} first  Adam's average of the gradient
 * @property {Float32Array} second  and of its square
 */

/**
 * A batch on its way through a layer: what must be remembered between forward and backward.
 * `backward` takes the gradient of a loss with respect to the output, and returns that with
 * respect to the input; with `learn` it adds that of the weights to their `grad`.
 * @typedef {object} Pass
 * @property {(x: Float32Array, training: boolean) => Float32Array} forward
 * @property {(dy: Float32Array, learn: boolean) => Float32Array} backward
 */

/**
 * @typedef {object} Layer
 * @property {Weight[]} weights
 * @property {Averages[]} averages  of batch norm
 * @property {(n: number) => Pass} pass  for batches of n
 */

/**
 * What batch norm keeps for pictures that are generated or read one by one.
 * @typedef {{ mean: Float32Array, variance: Float32Array, momentum: number }} Averages
 */

/**
 * @param {Arena} arena
 * @param {number} n
 * @returns {Weight}
 */
const makeWeight = ({ floats }, n) => ({
  value: floats(n),
  grad: floats(n),
  first: floats(n),
  second: floats(n),
});

/**
 * y = x W, plus b if there is one.
 * @param {Arena} arena
 * @param {number} inputs  a multiple of 8
 * @param {number} outputs  a multiple of 8
 * @param {{ bias?: boolean, rows?: number }} [options]  `rows` of x for each picture: pixels
 * @returns {Layer}
 */
export function dense(arena, inputs, outputs, { bias = false, rows = 1 } = {}) {
  const W = makeWeight(arena, inputs * outputs),
    b = makeWeight(arena, bias ? outputs : 0);
  const turned = arena.floats(inputs * outputs);
  return {
    weights: [W, b],
    averages: [],
    pass(n) {
      const m = n * rows,
        y = arena.floats(m * outputs),
        dx = arena.floats(m * inputs);
      let given = y;
      return {
        forward(x) {
          given = x;
          if (bias) for (let r = 0; r < m; r++) y.set(b.value, r * outputs);
          arena.product(x, W.value, y, { m, k: inputs, n: outputs, add: bias });
          return y;
        },
        backward(dy, learn) {
          if (learn) {
            const size = { m: inputs, k: m, n: outputs, turned: true, add: true };
            arena.product(given, dy, W.grad, size);
            if (bias) addRows(dy, b.grad);
          }
          transpose(W.value, turned, inputs, outputs);
          arena.product(dy, turned, dx, { m, k: outputs, n: inputs });
          return dx;
        },
      };
    },
  };
}

/** @param {Float32Array} rows  @param {Float32Array} sum */
function addRows(rows, sum) {
  const n = sum.length;
  for (let at = 0; at < rows.length; at += n) for (let j = 0; j < n; j++) sum[j] += rows[at + j];
}

/**
 * One number for all pixels, which is learned.
 * @param {Arena} arena
 * @returns {Layer}
 */
export function offset(arena) {
  const b = makeWeight(arena, 1);
  return {
    weights: [b],
    averages: [],
    pass: () => ({
      forward(x) {
        for (let i = 0; i < x.length; i++) x[i] += b.value[0];
        return x;
      },
      backward(dy, learn) {
        if (learn) for (let i = 0; i < dy.length; i++) b.grad[0] += dy[i];
        return dy;
      },
    }),
  };
}

/**
 * ReLU, leaky with a slope left of 0; in place.
 * @param {number} slope
 * @returns {Layer}
 */
export const rectify = (slope) => ({
  weights: [],
  averages: [],
  pass() {
    /** @type {Float32Array} */
    let y = new Float32Array(0);
    return {
      forward(x) {
        for (let i = 0; i < x.length; i++) if (x[i] < 0) x[i] *= slope;
        y = x;
        return y;
      },
      backward(dy) {
        // With slope 0 the output is 0 where it was cut, as it is where the input was 0.
        for (let i = 0; i < dy.length; i++) if (y[i] <= 0) dy[i] *= slope;
        return dy;
      },
    };
  },
});

/**
 * One layer after the other.
 * @param {Layer[]} layers
 * @returns {Layer}
 */
export const sequence = (layers) => ({
  weights: layers.flatMap((layer) => layer.weights),
  averages: layers.flatMap((layer) => layer.averages),
  pass(n) {
    const passes = layers.map((layer) => layer.pass(n));
    return {
      forward: (x, training) => passes.reduce((h, pass) => pass.forward(h, training), x),
      backward: (dy, learn) => passes.reduceRight((d, pass) => pass.backward(d, learn), dy),
    };
  },
});

const BETA1 = 0.5,
  BETA2 = 0.999,
  TINY = 1e-8;

/**
 * One step of Adam (Kingma and Ba, 2015); the gradients are 0 afterwards.
 * @param {Weight[]} weights
 * @param {number} rate
 * @param {number} step  from 1
 */
export function adam(weights, rate, step) {
  const lift = 1 / Math.sqrt(1 - BETA2 ** step),
    pace = rate / (1 - BETA1 ** step);
  for (const { value, grad, first, second } of weights) {
    for (let i = 0; i < value.length; i++) {
      const g = grad[i];
      first[i] += (1 - BETA1) * (g - first[i]);
      second[i] += (1 - BETA2) * (g * g - second[i]);
      value[i] -= (pace * first[i]) / (Math.sqrt(second[i]) * lift + TINY);
    }
    grad.fill(0);
  }
}
