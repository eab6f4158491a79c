// @ts-check
// Small dense nets with their gradients, and Adam.  Plain arrays of float64, row after row.

/** @typedef {import("./random.js").Random} Random */

/**
 * y = x W + b, then leaky ReLU unless `slope` is 1.
 * @typedef {object} Layer
 * @property {number} inputs
 * @property {number} outputs
 * @property {number} slope  of the leaky ReLU: 0 is a ReLU, 1 no bend at all
 * @property {Float64Array} theta  W (inputs, outputs), then b (outputs)
 * @property {Float64Array} grad  as theta
 * @property {Float64Array} first  Adam's mean of the gradients
 * @property {Float64Array} second  and of their squares
 * @property {number} time  steps that Adam has made
 * @property {Float64Array} x  what came in last
 * @property {Float64Array} y  and went out
 */

/**
 * @param {number} inputs
 * @param {number} outputs
 * @param {number} slope
 * @param {Random} random
 * @returns {Layer}
 */
export function makeLayer(inputs, outputs, slope, random) {
  const n = inputs * outputs,
    size = n + outputs;
  const theta = new Float64Array(size);
  const scale = Math.sqrt((slope === 1 ? 1 : 2) / inputs); // He et al., 2015
  for (let i = 0; i < n; i++) theta[i] = scale * random.normal();
  const empty = new Float64Array(0);
  return {
    inputs,
    outputs,
    slope,
    theta,
    grad: new Float64Array(size),
    first: new Float64Array(size),
    second: new Float64Array(size),
    time: 0,
    x: empty,
    y: empty,
  };
}

/**
 * A chain of layers: sizes [2, 64, 64] make two.
 * @param {number[]} sizes
 * @param {number} slope
 * @param {Random} random
 * @param {boolean} [straight]  whether the last layer is without a bend
 * @returns {Layer[]}
 */
export function makeNet(sizes, slope, random, straight = true) {
  return sizes
    .slice(1)
    .map((outputs, i) =>
      makeLayer(sizes[i], outputs, straight && i === sizes.length - 2 ? 1 : slope, random),
    );
}

/**
 * out (m, n) = A (m, k) B (k, n), two by four numbers at a time: what is read serves several
 * times, which makes it twice as fast as row by row.
 * @param {Float64Array} A
 * @param {Float64Array} B
 * @param {number} m
 * @param {number} k
 * @param {number} n
 * @returns {Float64Array}
 */
export function multiply(A, B, m, k, n) {
  const out = new Float64Array(m * n);
  const even = m - (m % 2),
    fours = n - (n % 4);
  for (let r = 0; r < even; r += 2) for (let c = 0; c < fours; c += 4) tile(A, B, out, r, c, k, n);
  for (let r = 0; r < m; r++)
    for (let c = r < even ? fours : 0; c < n; c++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += A[r * k + i] * B[i * n + c];
      out[r * n + c] = sum;
    }
  return out;
}

/**
 * @param {Float64Array} A
 * @param {Float64Array} B
 * @param {Float64Array} out
 * @param {number} r
 * @param {number} c
 * @param {number} k
 * @param {number} n
 */
function tile(A, B, out, r, c, k, n) {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0,
    s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  const above = r * k,
    below = above + k;
  for (let i = 0, b = c; i < k; i++, b += n) {
    const p = B[b],
      q = B[b + 1],
      s = B[b + 2],
      t = B[b + 3];
    const u = A[above + i],
      v = A[below + i];
    s00 += u * p;
    s01 += u * q;
    s02 += u * s;
    s03 += u * t;
    s10 += v * p;
    s11 += v * q;
    s12 += v * s;
    s13 += v * t;
  }
  const o = r * n + c,
    l = o + n;
  out[o] = s00;
  out[o + 1] = s01;
  out[o + 2] = s02;
  out[o + 3] = s03;
  out[l] = s10;
  out[l + 1] = s11;
  out[l + 2] = s12;
  out[l + 3] = s13;
}

/**
 * @param {Float64Array} A
 * @param {number} m
 * @param {number} n
 * @returns {Float64Array} the (n, m) transpose of A (m, n)
 */
export function transpose(A, m, n) {
  const out = new Float64Array(m * n);
  for (let r = 0; r < m; r++) for (let c = 0; c < n; c++) out[c * m + r] = A[r * n + c];
  return out;
}

/**
 * @param {Layer[]} net
 * @param {Float64Array} x  (n, inputs)
 * @param {number} n
 * @returns {Float64Array} (n, outputs); each layer keeps what `backward` needs
 */
export function forward(net, x, n) {
  for (const layer of net) {
    const { inputs, outputs, slope, theta } = layer,
      bias = inputs * outputs;
    layer.x = x;
    const y = multiply(x, theta, n, inputs, outputs);
    for (let r = 0, i = 0; r < n; r++)
      for (let c = 0; c < outputs; c++, i++) {
        const v = y[i] + theta[bias + c];
        y[i] = v > 0 ? v : slope * v;
      }
    layer.y = x = y;
  }
  return x;
}

/**
 * Adds to the gradients of the weights, unless `learn` is false.
 * @param {Layer[]} net
 * @param {Float64Array} dy  the loss's gradient with respect to what went out
 * @param {number} n
 * @param {boolean} [learn]
 * @returns {Float64Array} and with respect to what came in
 */
export function backward(net, dy, n, learn = true) {
  for (const layer of [...net].reverse()) {
    const { inputs, outputs, slope, theta, grad, x, y } = layer,
      bias = inputs * outputs;
    const g = slope === 1 ? dy : dy.map((v, i) => (y[i] > 0 ? v : slope * v));
    if (learn) {
      const dW = multiply(transpose(x, n, inputs), g, inputs, n, outputs);
      for (let i = 0; i < bias; i++) grad[i] += dW[i];
      for (let r = 0, i = 0; r < n; r++) for (let c = 0; c < outputs; c++) grad[bias + c] += g[i++];
    }
    dy = multiply(g, transpose(theta, inputs, outputs), n, outputs, inputs);
  }
  return dy;
}

/**
 * One step of Adam (Kingma and Ba, 2015), as torch.optim.Adam makes it; the gradients are
 * then 0.
 * @param {Layer[]} net
 * @param {number} rate
 * @param {number} beta1
 * @param {number} beta2
 */
export function adam(net, rate, beta1, beta2) {
  for (const layer of net) {
    const { theta, grad, first, second } = layer,
      t = ++layer.time;
    const step = rate / (1 - beta1 ** t),
      root = Math.sqrt(1 - beta2 ** t);
    for (let i = 0; i < theta.length; i++) {
      const g = grad[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      theta[i] -= (step * first[i]) / (Math.sqrt(second[i]) / root + 1e-8);
    }
    grad.fill(0);
  }
}
