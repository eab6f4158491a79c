// @ts-check
// InfoGAN in the plane: G(z, c), D and Q on one trunk, and the two halves of a step.

import { drawReal } from "./data.js";
import { adam, backward, forward, makeNet } from "./nets.js";
import { makeRandom } from "./random.js";

/** @typedef {import("./random.js").Random} Random */
/** @typedef {import("./nets.js").Layer} Layer */
/** @typedef {import("./data.js").Data} Data */

/**
 * What the reader may turn while the nets learn.
 * @typedef {object} Rules
 * @property {number} lambda  weight of L_I
 * @property {number} batch
 * @property {number} rateD  of D and Q
 * @property {number} rateG
 */

/**
 * @typedef {object} Game
 * @property {number} k  values of c1, at least 1
 * @property {boolean} uniform  whether there is c2, uniform from -1 to 1
 * @property {Layer[]} G
 * @property {Layer[]} trunk
 * @property {Layer[]} D
 * @property {Layer[]} Q  logits of c1, then mean and log sigma of c2
 * @property {Random} random  for the batches
 * @property {number} step  whole steps done
 * @property {Batch | null} batch  between the two halves of a step
 */

/**
 * @typedef {object} Batch
 * @property {number} n
 * @property {Float64Array} input  z, c1 one-hot, c2: what G takes, (n, Z_DIM + k + 1)
 * @property {Int32Array} category  c1
 * @property {Float64Array} value  c2
 * @property {Float64Array} x  G(z, c), (n, 2)
 */

export const Z_DIM = 4,
  HIDDEN = 64;
const BETA1 = 0.5,
  BETA2 = 0.99;
const WIDEST = 1; // standard deviation of the noise on what D is shown
const FLOOR = -3; // of log sigma: a narrower Gaussian has gradients that throw G about

/**
 * @param {number} k
 * @param {boolean} uniform
 * @param {number} seed  any 32-bit integer
 * @returns {Game}
 */
export function makeGame(k, uniform, seed) {
  const weights = makeRandom(seed, 0);
  const codes = k + (uniform ? 1 : 0),
    answers = k + (uniform ? 2 : 0);
  return {
    k,
    uniform,
    G: makeNet([Z_DIM + codes, HIDDEN, HIDDEN, 2], 0, weights),
    trunk: makeNet([2, HIDDEN, HIDDEN], 0.2, weights, false),
    D: makeNet([HIDDEN, 1], 1, weights),
    Q: makeNet([HIDDEN, answers], 1, weights),
    random: makeRandom(seed, 1),
    step: 0,
    batch: null,
  };
}

/**
 * @param {Game} game
 * @param {number} n
 * @param {Random} random
 * @returns {Batch}
 */
export function generate({ G, k, uniform }, n, random) {
  const width = Z_DIM + k + (uniform ? 1 : 0);
  const input = new Float64Array(n * width),
    value = new Float64Array(n);
  const category = new Int32Array(n);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < Z_DIM; i++) input[r * width + i] = random.normal();
    category[r] = random.integer(k);
    input[r * width + Z_DIM + category[r]] = 1;
    if (uniform) input[(r + 1) * width - 1] = value[r] = 2 * random.uniform() - 1;
  }
  return { n, input, category, value, x: forward(G, input, n) };
}

/** @param {number} v */
const sigmoid = (v) => 1 / (1 + Math.exp(-v));

/**
 * log Q(c | x) of each code, in nats, and the gradient of minus its mean.
 * @param {Game} game
 * @param {Batch} batch
 * @param {Float64Array} answer  Q's numbers, (n, k + 2)
 * @returns {{category: number, value: number, gradient: Float64Array}} means over the batch
 */
export function readCodes({ k, uniform }, { n, category, value }, answer) {
  const width = k + (uniform ? 2 : 0),
    gradient = new Float64Array(n * width);
  let ofCategory = 0,
    ofValue = 0;
  for (let r = 0; r < n; r++) {
    const a = r * width;
    let most = -Infinity,
      sum = 0;
    for (let i = a; i < a + k; i++) most = Math.max(most, answer[i]);
    for (let i = a; i < a + k; i++) sum += gradient[i] = Math.exp(answer[i] - most);
    for (let i = a; i < a + k; i++) gradient[i] /= n * sum;
    gradient[a + category[r]] -= 1 / n;
    ofCategory += (answer[a + category[r]] - most - Math.log(sum)) / n;
    if (uniform) {
      const log = Math.max(FLOOR, answer[a + k + 1]),
        off = (answer[a + k] - value[r]) / Math.exp(log);
      gradient[a + k] = off / Math.exp(log) / n;
      gradient[a + k + 1] = answer[a + k + 1] > FLOOR ? (1 - off * off) / n : 0;
      ofValue -= ((off * off) / 2 + log + Math.log(2 * Math.PI) / 2) / n;
    }
  }
  return { category: ofCategory, value: ofValue, gradient };
}

/**
 * What D and Q are shown: each point moved by noise of a size of its own, from none to wide.
 * The wide noise tells G of modes that are far away, the narrow noise shows their shape; a
 * schedule would do both in turn, but then nothing could be changed while the nets learn.
 * @param {Float64Array} x
 * @param {Random} random
 */
export function blur(x, random) {
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 2) {
    const size = WIDEST * random.uniform() ** 2;
    out[i] = x[i] + size * random.normal();
    out[i + 1] = x[i + 1] + size * random.normal();
  }
  return out;
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 * @param {number} weight
 */
const addTimes = (a, b, weight) => a.map((v, i) => v + weight * b[i]);

/**
 * First half: D tells real from generated, Q reads the codes; G stays.  Q's head always
 * learns; the trunk hears of it with the weight lambda.
 * @param {Game} game
 * @param {Data} data
 * @param {Rules} rules
 */
export function stepDQ(game, data, rules) {
  const { trunk, D, Q, random } = game,
    n = rules.batch;
  const real = drawReal(data, n, random),
    batch = generate(game, n, random);
  game.batch = batch;

  let logit = forward(D, forward(trunk, blur(real, random), n), n);
  backward(
    trunk,
    backward(
      D,
      logit.map((v) => -sigmoid(-v) / n),
      n,
    ),
    n,
  );

  const h = forward(trunk, blur(batch.x, random), n);
  logit = forward(D, h, n);
  const { gradient } = readCodes(game, batch, forward(Q, h, n));
  const dh = backward(
    D,
    logit.map((v) => sigmoid(v) / n),
    n,
  );
  backward(trunk, addTimes(dh, backward(Q, gradient, n), rules.lambda), n);
  for (const net of [trunk, D, Q]) adam(net, rules.rateD, BETA1, BETA2);
}

/**
 * The gradient of G's loss, -log D(x) - lambda log Q(c | x), with respect to its points.
 * @param {Game} game
 * @param {Batch} batch
 * @param {Rules} rules
 * @param {Float64Array} seen  the points as D and Q are shown them
 */
export function pull(game, batch, rules, seen) {
  const { trunk, D, Q } = game,
    { n } = batch;
  const h = forward(trunk, seen, n);
  const dh = backward(
    D,
    forward(D, h, n).map((v) => -sigmoid(-v) / n),
    n,
    false,
  );
  const { gradient } = readCodes(game, batch, forward(Q, h, n));
  return backward(trunk, addTimes(dh, backward(Q, gradient, n, false), rules.lambda), n, false);
}

/**
 * Second half: G moves its points to where D calls them real and Q reads their codes.
 * @param {Game} game
 * @param {Rules} rules
 */
export function stepG(game, rules) {
  const { batch } = game;
  if (batch === null) throw new Error("stepG comes after stepDQ");
  const seen = blur(batch.x, game.random),
    { G } = game;
  // Between the halves the page may have shown other points: then G's layers hold those.
  if (G[G.length - 1].y !== batch.x) forward(G, batch.input, batch.n);
  backward(game.G, pull(game, batch, rules, seen), batch.n);
  adam(game.G, rules.rateG, BETA1, BETA2);
  game.batch = null;
  game.step++;
}
