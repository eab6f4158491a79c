// @ts-check
// What goes on in the worker: it trains while it is told to, and sends what the page draws.
import { makeRandom } from "../laboratory/random.js";
import { unpackDigits } from "./digits.js";
import { generatorPass, INPUT, K, UNIFORM, Z_DIM } from "./networks.js";
import { makeExaminer } from "./reading.js";
import { AREA, SIDE } from "./sampling.js";
import { makeTraining, RULES } from "./training.js";

/** @typedef {import("./reading.js").Report} Report */
/** @typedef {import("./training.js").Training} Training */

/** Pictures for each value of c1. */
export const ROWS = 8;
const SHEET_EVERY = 400, // milliseconds
  EXAM_EVERY = 150; // steps

/**
 * What the sheet shows: the same noise in each column, c2 and c3 the same everywhere.
 * @typedef {{ noise: number, values: number[] }} View
 */

/**
 * @typedef {{ kind: "start", packed: ArrayBuffer, held: number, seed: number, steps: number,
 *     view: View }
 *   | { kind: "play" } | { kind: "pause" } | { kind: "view", view: View }} Wish
 */

/**
 * @typedef {{ step: number, steps: number, seconds: number, bound: number[] }} Moment
 * @typedef {{ kind: "moment" } & Moment
 *   | { kind: "sheet", bytes: Uint8Array }
 *   | { kind: "report", step: number } & Report
 *   | { kind: "trouble", words: string }} Message
 */

/**
 * Takes pictures of G as it is: a column for each c1, a row for each z.
 * @param {Training} training
 */
export function makeCamera({ arena, nets }) {
  const n = K * ROWS,
    pass = generatorPass(arena, nets, n),
    input = new Float32Array(n * INPUT);
  /** @param {View} view  @returns {Uint8Array} of K * SIDE by ROWS * SIDE pixels, 255 is ink */
  return ({ noise, values }) => {
    const random = makeRandom(noise, 2);
    input.fill(0);
    for (let row = 0; row < ROWS; row++) {
      const z = Float32Array.from({ length: Z_DIM }, random.normal);
      for (let k = 0; k < K; k++) {
        const at = (row * K + k) * INPUT;
        input.set(z, at);
        input[at + Z_DIM + k] = 1;
        input.set(values.slice(0, UNIFORM), at + Z_DIM + K);
      }
    }
    return sheetOf(pass.forward(input, false));
  };
}

/** @param {Float32Array} pictures  (K * ROWS, AREA) */
function sheetOf(pictures) {
  const bytes = new Uint8Array(pictures.length),
    width = K * SIDE;
  for (let i = 0; i < pictures.length; i++) {
    const picture = Math.floor(i / AREA),
      pixel = i % AREA;
    const y = Math.floor(picture / K) * SIDE + Math.floor(pixel / SIDE),
      x = (picture % K) * SIDE + (pixel % SIDE);
    bytes[y * width + x] = Math.round(255 * pictures[i]);
  }
  return bytes;
}

/**
 * A run with all that is sent of it.
 * @param {Wish & { kind: "start" }} start
 * @param {(message: Message) => void} post
 */
async function makeBench({ packed, held, seed, steps, view }, post) {
  const digits = await unpackDigits(packed, held);
  const training = makeTraining(digits.train, seed, { ...RULES, steps }),
    photograph = makeCamera(training),
    examine = makeExaminer(training, digits);
  let seconds = 0,
    lastSheet = 0;
  const sheet = () => post({ kind: "sheet", bytes: photograph(view) });
  return {
    sheet,
    done: () => training.step() >= steps,
    /** @param {View} next */
    look(next) {
      view = next;
      sheet();
    },
    step() {
      const begin = performance.now();
      const { step, bound } = training.advance();
      const exam = step % EXAM_EVERY === 0 || step === steps;
      const report = exam ? examine() : null,
        now = performance.now();
      seconds += (now - begin) / 1000;
      post({ kind: "moment", step, steps, seconds, bound });
      if (report) post({ kind: "report", step, ...report });
      if (!exam && now - lastSheet < SHEET_EVERY) return;
      lastSheet = now;
      sheet();
    },
  };
}

/**
 * Trains step by step, so that a wish never waits for long.
 * @param {(message: Message) => void} post
 */
export function makeWorkshop(post) {
  /** @type {Awaited<ReturnType<typeof makeBench>> | null} */
  let bench = null;
  let playing = false,
    waiting = false;
  function tick() {
    waiting = false;
    if (!playing || !bench || bench.done()) return;
    bench.step();
    wait();
  }
  function wait() {
    if (waiting) return;
    waiting = true;
    setTimeout(tick, 0);
  }
  /** @param {Wish} wish */
  async function receive(wish) {
    if (wish.kind === "start") {
      bench = await makeBench(wish, post);
      bench.sheet();
    }
    if (wish.kind === "view") bench?.look(wish.view);
    if (wish.kind === "play" || wish.kind === "pause") playing = wish.kind === "play";
    if (playing) wait();
  }
  return {
    /** @param {Wish} wish */
    receive: (wish) =>
      receive(wish).catch((error) => post({ kind: "trouble", words: String(error) })),
  };
}
