// @ts-check
// G(z, c), and D and Q on one trunk: the nets of preset "lite" of version 0.2.0, drawn from a seed.
import { bendPass, NUMBERS } from "./bend.js";
import { double, halve } from "./convolution.js";
import { dense, offset, rectify, sequence } from "./layers.js";
import { batchNorm } from "./norm.js";

/** @typedef {import("./matrices.js").Arena} Arena */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("../laboratory/random.js").Random} Random */

export const K = 10,
  Z_DIM = 16,
  UNIFORM = 2;
/** Widths of what goes in and out, rounded up to a multiple of 8: the rest stays 0. */
export const INPUT = 32,
  LAYOUT = 24,
  ANSWERS = 16,
  LOGIT = 8;
const HIDDEN = 128,
  Q_HIDDEN = 64,
  NARROW = 16,
  WIDE = 32,
  LEAK = 0.1,
  DEVIATION = 0.02,
  BEND_DEVIATION = 0.3;

/**
 * @typedef {object} Nets
 * @property {Layer} drawing  G without its last layer: z and c, (n, INPUT), to (n, 784)
 * @property {Layer} layout  how the drawing is bent: z, c2 and c3, (n, LAYOUT), to NUMBERS
 * @property {Layer} trunk  pictures to (n, HIDDEN)
 * @property {Layer} D  to a logit, the first of LOGIT
 * @property {Layer} Q  to ANSWERS: 10 logits of c1, the means of c2 and c3
 */

/**
 * @param {Arena} arena
 * @param {Random} random
 * @returns {Nets}
 */
export function makeNets(arena, random) {
  const norm = (/** @type {number} */ channels, rows = 1) => batchNorm(arena, channels, rows);
  const drawing = sequence([
    dense(arena, INPUT, HIDDEN),
    norm(HIDDEN),
    rectify(0),
    dense(arena, HIDDEN, 49 * WIDE),
    norm(WIDE, 49),
    rectify(0),
    double(arena, 7, WIDE, NARROW),
    norm(NARROW, 196),
    rectify(0),
    double(arena, 14, NARROW, 1),
    offset(arena),
  ]);
  const trunk = sequence([
    halve(arena, 28, 1, NARROW, true),
    rectify(LEAK),
    halve(arena, 14, NARROW, WIDE),
    norm(WIDE, 49),
    rectify(LEAK),
    dense(arena, 49 * WIDE, HIDDEN),
    norm(HIDDEN),
    rectify(LEAK),
  ]);
  const D = dense(arena, HIDDEN, LOGIT, { bias: true });
  const answers = dense(arena, Q_HIDDEN, ANSWERS, { bias: true });
  const Q = sequence([dense(arena, HIDDEN, Q_HIDDEN), norm(Q_HIDDEN), rectify(LEAK), answers]);
  const layout = dense(arena, LAYOUT, NUMBERS, { bias: true });
  for (const layer of [drawing, trunk, D, Q]) fill(layer, DEVIATION, random);
  fill(layout, BEND_DEVIATION, random);
  return { drawing, layout, trunk, D, Q };
}

/**
 * Normal first weights; biases and what batch norm learns are left as they are.
 * @param {Layer} layer
 * @param {number} deviation
 * @param {Random} random
 */
function fill(layer, deviation, random) {
  const least = HIDDEN + 1; // all matrices have more numbers than the longest row
  for (const { value } of layer.weights) {
    if (value.length < least) continue;
    for (let i = 0; i < value.length; i++) value[i] = deviation * random.normal();
  }
}

/**
 * A batch on its way through G: z and c to pictures, (n, 784).
 * @param {Arena} arena
 * @param {Nets} nets
 * @param {number} n
 */
export function generatorPass(arena, { drawing, layout }, n) {
  const draw = drawing.pass(n),
    lay = layout.pass(n),
    bend = bendPass(arena, n);
  const place = arena.floats(n * LAYOUT),
    given = arena.floats(n * INPUT);
  return {
    /** @param {Float32Array} input  (n, INPUT): z, c1 one-hot, c2, c3  @param {boolean} training */
    forward(input, training) {
      given.set(input);
      for (let r = 0; r < n; r++) {
        const at = r * INPUT,
          uniform = at + Z_DIM + K;
        place.set(input.subarray(at, at + Z_DIM), r * LAYOUT);
        place.set(input.subarray(uniform, uniform + UNIFORM), r * LAYOUT + Z_DIM);
      }
      return bend.forward(draw.forward(given, training), lay.forward(place, training));
    },
    /** @param {Float32Array} dx */
    backward(dx) {
      const { ddrawing, dnumbers } = bend.backward(dx);
      draw.backward(ddrawing, true);
      lay.backward(dnumbers, true);
    },
  };
}

/**
 * A batch on its way through the trunk, D and Q.
 * @param {Nets} nets
 * @param {number} n
 */
export function criticPass({ trunk, D, Q }, n) {
  const body = trunk.pass(n),
    head = D.pass(n),
    reader = Q.pass(n);
  return {
    /** @param {Float32Array} x  @param {boolean} training */
    forward(x, training) {
      const h = body.forward(x, training);
      return { logit: head.forward(h, training), answer: reader.forward(h, training) };
    },
    /**
     * @param {Float32Array} dlogit
     * @param {Float32Array | null} danswer  null: nobody asks what Q read
     * @param {boolean} learn
     */
    backward(dlogit, danswer, learn) {
      const dh = head.backward(dlogit, learn);
      if (danswer) {
        const other = reader.backward(danswer, learn);
        for (let i = 0; i < dh.length; i++) dh[i] += other[i];
      }
      return body.backward(dh, learn);
    },
  };
}
