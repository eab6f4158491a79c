// @ts-check
// How well c1 sorts digits that were held out: names for categories, and the part misread.
import { ANSWERS, criticPass, K } from "./networks.js";
import { AREA } from "./sampling.js";

/** @typedef {import("./training.js").Training} Training */

const PIECE = 100,
  SETTLED_BY = 2000;

/**
 * Reads c1 from real pictures.  Batch norm's averages of D and Q are taken anew from training
 * pictures first, as `evaluate` does; training does not use them, so nothing is disturbed.
 * @param {Training} training
 * @param {Float32Array} pictures  (n, 784), n a multiple of 100
 */
export function makeReader({ arena, nets }, pictures) {
  const critic = criticPass(nets, PIECE),
    room = arena.floats(PIECE * AREA);
  const averages = [...nets.trunk.averages, ...nets.Q.averages];
  /** @param {Float32Array} x  @param {boolean} training  @returns {Float32Array} */
  const answer = (x, training) => {
    room.set(x);
    return critic.forward(room, training).answer;
  };
  function settle() {
    for (let i = 0; i < SETTLED_BY / PIECE; i++) {
      for (const average of averages) average.momentum = 1 / (i + 1);
      answer(pictures.subarray(i * PIECE * AREA, (i + 1) * PIECE * AREA), true);
    }
    for (const average of averages) average.momentum = 0.1;
  }
  /** @param {Float32Array} x  @returns {Uint8Array} the most probable c1 of each */
  function read(x) {
    const found = new Uint8Array(x.length / AREA);
    for (let from = 0; from < found.length; from += PIECE) {
      const answers = answer(x.subarray(from * AREA, (from + PIECE) * AREA), false);
      for (let r = 0; r < PIECE; r++) found[from + r] = best(answers.subarray(r * ANSWERS));
    }
    return found;
  }
  return { settle, read };
}

/** @param {Float32Array} logits */
function best(logits) {
  let at = 0;
  for (let k = 1; k < K; k++) if (logits[k] > logits[at]) at = k;
  return at;
}

/**
 * How often category i was read where the label is j, (K, K).
 * @param {Uint8Array} categories
 * @param {Uint8Array} labels
 */
export function countPairs(categories, labels) {
  const counts = Array.from({ length: K }, () => new Array(K).fill(0));
  for (const [i, category] of categories.entries()) counts[category][labels[i]]++;
  return counts;
}

/**
 * The one-to-one naming of categories that is right most often.  All ways to use up a set of
 * labels for the first few categories are compared through the best of each set.
 * @param {number[][]} counts  (K, K)
 * @returns {number[]} the label of each category
 */
export function bestNames(counts) {
  const sets = 1 << K,
    most = new Int32Array(sets).fill(-1),
    last = new Int8Array(sets);
  most[0] = 0;
  for (let set = 1; set < sets; set++) {
    let category = -1;
    for (let rest = set; rest > 0; rest &= rest - 1) category++;
    for (let label = 0; label < K; label++) {
      if (!(set & (1 << label))) continue;
      const total = most[set ^ (1 << label)] + counts[category][label];
      if (total <= most[set]) continue;
      most[set] = total;
      last[set] = label;
    }
  }
  const names = new Array(K);
  for (let set = sets - 1, category = K - 1; category >= 0; category--) {
    names[category] = last[set];
    set ^= 1 << last[set];
  }
  return names;
}

/**
 * @typedef {object} Report
 * @property {number} error  the part of held-out digits that is misread
 * @property {number[]} names  the digit of each category
 * @property {number[][]} table  category against label, held-out digits
 */

/**
 * @param {Training} training
 * @param {import("./digits.js").Digits} digits
 */
export function makeExaminer(training, { train, trainLabels, test, testLabels }) {
  const reader = makeReader(training, train),
    known = train.subarray(0, SETTLED_BY * AREA);
  /** @returns {Report} */
  return () => {
    reader.settle();
    const names = bestNames(countPairs(reader.read(known), trainLabels.subarray(0, SETTLED_BY)));
    const table = countPairs(reader.read(test), testLabels);
    const right = table.reduce((sum, row, category) => sum + row[names[category]], 0);
    return { error: 1 - right / testLabels.length, names, table };
  };
}
