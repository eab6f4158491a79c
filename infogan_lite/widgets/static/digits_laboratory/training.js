// @ts-check
// The training loop of preset "lite" of version 0.2.0 (two uniform codes, sigma 0.5, falling rates;
// no averages, turned axes or told maps), without its penalty R1, which takes a second derivative.
import { makeRandom } from "../laboratory/random.js";
import { adam } from "./layers.js";
import { makeArena } from "./matrices.js";
import {
  ANSWERS,
  criticPass,
  generatorPass,
  INPUT,
  K,
  LOGIT,
  makeNets,
  UNIFORM,
  Z_DIM,
} from "./networks.js";
import { game, lowerBound, practice } from "./objective.js";
import { AREA, affineGrid, randomMaps, sample, sampleBackward } from "./sampling.js";

/** @typedef {import("../laboratory/random.js").Random} Random */
/** @typedef {import("./matrices.js").Arena} Arena */
/** @typedef {import("./objective.js").Codes} Codes */

export const BATCH = 64,
  STEPS = 1500;
const MEGABYTES = 192,
  RATE_D = 1e-3,
  RATE_G = 2e-3,
  DECAY_FROM = 0.5,
  PRACTICE_FROM = 0.5,
  PRACTICE_RISE = 0.1,
  MAPS = 0.2;

/**
 * @typedef {object} Rules
 * @property {number} steps
 * @property {number} lambda  of c1
 * @property {number} lambdaUniform  of c2 and c3
 */

/** @type {Rules} */
export const RULES = { steps: STEPS, lambda: 1, lambdaUniform: 0.1 };

/** How strong the practice is at a step.  @param {Rules} rules  @param {number} step */
export const lateness = ({ steps, lambda }, step) =>
  lambda > 0 ? Math.min(1, Math.max(0, (step / steps - PRACTICE_FROM) / PRACTICE_RISE)) : 0;

/** What both learning rates are multiplied by.  @param {Rules} rules  @param {number} step */
export const decay = ({ steps }, step) => Math.min(1, (1 - (step - 1) / steps) / (1 - DECAY_FROM));

/**
 * z and codes for n pictures, and what goes into G.
 * @param {number} n
 * @param {Random} random
 * @returns {Codes & { input: Float32Array }}
 */
export function drawCodes(n, random) {
  const input = new Float32Array(n * INPUT),
    category = new Uint8Array(n),
    values = new Float32Array(n * UNIFORM);
  for (let r = 0; r < n; r++) {
    const at = r * INPUT;
    for (let i = 0; i < Z_DIM; i++) input[at + i] = random.normal();
    category[r] = random.integer(K);
    input[at + Z_DIM + category[r]] = 1;
    for (let j = 0; j < UNIFORM; j++) {
      values[r * UNIFORM + j] = 2 * random.uniform() - 1;
      input[at + Z_DIM + K + j] = values[r * UNIFORM + j];
    }
  }
  return { input, category, values };
}

/**
 * Pictures as D and Q see them: each through a random map of its own, empty beyond the border.
 * @param {Arena} arena
 * @param {number} n
 */
export function lookPass(arena, n) {
  const grid = arena.floats(2 * n * AREA),
    seen = arena.floats(n * AREA),
    dx = arena.floats(n * AREA);
  return {
    /** @param {Float32Array} x  @param {Random} random */
    forward(x, random) {
      affineGrid(randomMaps(n, MAPS, random), grid);
      sample(x, grid, false, seen);
      return seen;
    },
    /** @param {Float32Array} dseen */
    backward(dseen) {
      sampleBackward(dseen, grid, false, dx);
      return dx;
    },
  };
}

/** @typedef {ReturnType<typeof makeSide>} Side */

/**
 * A batch as D and Q see it, with room for the gradients.
 * @param {Arena} arena
 * @param {import("./networks.js").Nets} nets
 * @param {number} n
 */
function makeSide(arena, nets, n) {
  return {
    look: lookPass(arena, n),
    critic: criticPass(nets, n),
    dlogit: arena.floats(n * LOGIT),
    danswer: arena.floats(n * ANSWERS),
  };
}

/**
 * Batches of real pictures, late in training each picture twice.
 * @param {Arena} arena
 * @param {Float32Array} pictures
 * @param {Random} random
 */
function makeDraw(arena, pictures, random) {
  const real = arena.floats(2 * BATCH * AREA);
  return (/** @type {boolean} */ late) => {
    for (let r = 0; r < BATCH; r++) {
      const at = random.integer(pictures.length / AREA) * AREA;
      const picture = pictures.subarray(at, at + AREA);
      real.set(picture, r * AREA);
      if (late) real.set(picture, (BATCH + r) * AREA);
    }
    return late ? real : real.subarray(0, BATCH * AREA);
  };
}

/**
 * A step of both optimizers.
 * @param {import("./networks.js").Nets} nets
 * @param {Rules} rules
 * @param {number} step
 */
function move(nets, rules, step) {
  const rate = decay(rules, step);
  for (const { weights } of [nets.trunk, nets.D, nets.Q]) adam(weights, rate * RATE_D, step);
  for (const { weights } of [nets.drawing, nets.layout]) adam(weights, rate * RATE_G, step);
}

/**
 * A training run, from first weights that are noise.
 * @param {Float32Array} pictures  (n, 784) in 0..1, without labels
 * @param {number} seed  any 32-bit integer
 * @param {Rules} rules
 */
export function makeTraining(pictures, seed, rules) {
  const arena = makeArena(MEGABYTES),
    nets = makeNets(arena, makeRandom(seed, 0)),
    random = makeRandom(seed, 1);
  const generator = generatorPass(arena, nets, BATCH),
    fake = makeSide(arena, nets, BATCH),
    once = makeSide(arena, nets, BATCH),
    twice = makeSide(arena, nets, 2 * BATCH);
  const drawReal = makeDraw(arena, pictures, random);
  let step = 0;

  /** One step of D, Q and G: all gradients are taken before anything moves. */
  function advance() {
    const late = lateness(rules, ++step);
    const side = late > 0 ? twice : once,
      x = drawReal(late > 0);
    const codes = drawCodes(BATCH, random);
    const seen = side.critic.forward(side.look.forward(x, random), true);
    const made = fake.look.forward(generator.forward(codes.input, true), random);
    const { logit, answer } = fake.critic.forward(made, true);

    let lossD = game(seen.logit, -1, side.dlogit);
    if (late > 0) practice(seen.answer, late, side.danswer);
    side.critic.backward(side.dlogit, late > 0 ? side.danswer : null, true);

    const bound = lowerBound(answer, codes, rules.lambda, rules.lambdaUniform, fake.danswer);
    lossD += game(logit, 1, fake.dlogit);
    fake.critic.backward(fake.dlogit, fake.danswer, true);

    const lossG = game(logit, -1, fake.dlogit);
    generator.backward(fake.look.backward(fake.critic.backward(fake.dlogit, fake.danswer, false)));
    move(nets, rules, step);
    return { step, lossD, lossG, bound };
  }
  return { arena, nets, advance, step: () => step };
}

/** @typedef {ReturnType<typeof makeTraining>} Training */
