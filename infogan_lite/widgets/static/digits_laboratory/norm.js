// @ts-check
// Batch norm: each channel with mean 0 and variance 1 over a batch, then scaled and shifted.

/** @typedef {import("./matrices.js").Arena} Arena */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./layers.js").Pass} Pass */
/** @typedef {import("./layers.js").Weight} Weight */
/** @typedef {import("./layers.js").Averages} Averages */

const STEADY = 1e-5;

/**
 * @param {Arena} arena
 * @param {number} channels
 * @param {number} [rows]  of each picture: its pixels
 * @returns {Layer}
 */
export function batchNorm(arena, channels, rows = 1) {
  const make = () => {
    const [value, grad, first, second] = Array.from({ length: 4 }, () => arena.floats(channels));
    return { value, grad, first, second };
  };
  const scale = make(),
    shift = make();
  scale.value.fill(1);
  const averages = {
    mean: arena.floats(channels),
    variance: arena.floats(channels),
    momentum: 0.1,
  };
  averages.variance.fill(1);
  return {
    weights: [scale, shift],
    averages: [averages],
    pass: (n) => normPass(arena, n * rows, { scale, shift, averages }),
  };
}

/**
 * @param {Arena} arena
 * @param {number} m  rows of a batch
 * @param {{ scale: Weight, shift: Weight, averages: Averages }} layer
 * @returns {Pass}
 */
function normPass(arena, m, { scale, shift, averages }) {
  const channels = averages.mean.length,
    y = arena.floats(m * channels),
    normal = arena.floats(m * channels),
    dx = arena.floats(m * channels);
  const spread = new Float64Array(channels); // 1 / standard deviation
  return {
    forward(x, training) {
      const { mean, variance } = training ? remember(x, averages) : averages;
      for (let j = 0; j < channels; j++) spread[j] = 1 / Math.sqrt(variance[j] + STEADY);
      for (let at = 0; at < x.length; at += channels) {
        for (let j = 0; j < channels; j++) {
          const v = (x[at + j] - mean[j]) * spread[j];
          normal[at + j] = v;
          y[at + j] = v * scale.value[j] + shift.value[j];
        }
      }
      return y;
    },
    backward(dy, learn) {
      const sums = sumUp(dy, normal, channels);
      if (learn) for (let j = 0; j < channels; j++) shift.grad[j] += sums.plain[j];
      if (learn) for (let j = 0; j < channels; j++) scale.grad[j] += sums.times[j];
      for (let at = 0; at < dy.length; at += channels) {
        for (let j = 0; j < channels; j++) {
          const mean = (sums.plain[j] + normal[at + j] * sums.times[j]) / m;
          dx[at + j] = (dy[at + j] - mean) * spread[j] * scale.value[j];
        }
      }
      return dx;
    },
  };
}

/**
 * Mean and variance of each channel, and a part of them for the averages.
 * @param {Float32Array} x
 * @param {Averages} averages
 */
function remember(x, averages) {
  const channels = averages.mean.length,
    m = x.length / channels;
  const mean = new Float64Array(channels),
    variance = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels)
    for (let j = 0; j < channels; j++) mean[j] += x[at + j];
  for (let j = 0; j < channels; j++) mean[j] /= m;
  for (let at = 0; at < x.length; at += channels)
    for (let j = 0; j < channels; j++) variance[j] += (x[at + j] - mean[j]) ** 2;
  for (let j = 0; j < channels; j++) {
    variance[j] /= m;
    averages.mean[j] += averages.momentum * (mean[j] - averages.mean[j]);
    const unbiased = (variance[j] * m) / (m - 1);
    averages.variance[j] += averages.momentum * (unbiased - averages.variance[j]);
  }
  return { mean, variance };
}

/**
 * The sums of dy, and of dy times x, over all rows.
 * @param {Float32Array} dy
 * @param {Float32Array} x
 * @param {number} channels
 */
function sumUp(dy, x, channels) {
  const plain = new Float64Array(channels),
    times = new Float64Array(channels);
  for (let at = 0; at < dy.length; at += channels) {
    for (let j = 0; j < channels; j++) {
      plain[j] += dy[at + j];
      times[j] += dy[at + j] * x[at + j];
    }
  }
  return { plain, times };
}
