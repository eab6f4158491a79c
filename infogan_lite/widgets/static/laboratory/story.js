// @ts-check
// The line of text that follows what happens.

/** @typedef {import("./workshop.js").Figures} Figures */

/**
 * @typedef {object} Scene
 * @property {string} data
 * @property {number} k
 * @property {boolean} uniform
 * @property {number} lambda
 * @property {boolean} playing
 * @property {number} step
 * @property {boolean} half
 * @property {Figures | null} figures
 */

/** A part of each data set, and several, in words. @type {Record<string, [string, string]>} */
export const PART = {
  ring: ["mode", "modes"],
  unequal: ["mode", "modes"],
  moons: ["moon", "moons"],
  spiral: ["quarter of the spiral", "quarters of the spiral"],
  own: ["stroke", "strokes"],
};

/** @param {number} n  @param {string} data */
const count = (n, data) => `${n} ${PART[data][n === 1 ? 0 : 1]}`;

/**
 * How codes and parts fit together.
 * @param {number[][]} table
 * @returns {{shared: number, spread: number}} parts that two codes or more call theirs; codes
 *   with a tenth or more of their points at each of two parts
 */
export function fit(table) {
  const claims = new Array(table[0].length).fill(0);
  let spread = 0;
  for (const row of table) {
    const total = row.reduce((s, v) => s + v, 0);
    if (row.filter((v) => v > 0.1 * total).length > 1) spread++;
    claims[row.indexOf(Math.max(...row))]++;
  }
  return { shared: claims.filter((n) => n > 1).length, spread };
}

/** @typedef {{mood: string, text: string}} Told  the mood changes less often than the text */

/**
 * What is to be seen now, in one or two sentences, and what to do next.
 * @param {Scene} scene
 * @returns {Told}
 */
export function tell(scene) {
  const { step, half, playing, figures, lambda } = scene;
  if (scene.data === "own" && figures === null)
    return {
      mood: "draw",
      text:
        "Draw a few strokes or spots in the plane: they are the real data. " + "Then press Train.",
    };
  if (step === 0 && !half && !playing)
    return {
      mood: "start",
      text:
        "Gray: the real data. Colored: what G makes, one color for each " +
        "value of the code c. Press Train.",
    };
  if (!playing && half)
    return {
      mood: "half",
      text:
        "D and Q have learned, so the shading and the arrows changed. Next, " +
        "G moves its points along the arrows: press One half step again.",
    };
  if (figures === null) return { mood: "wait", text: "The nets begin to learn." };
  if (lambda < 0.05) return withoutReward(scene, figures);
  if (scene.k === 1) return ofValue(scene, figures);
  const told = withReward(scene, figures);
  return { mood: told.mood, text: `${told.text} ${countNats(scene, figures)}` };
}

/** @param {Scene} scene  @param {Figures} figures */
const countNats = ({ k }, { bound, truth }) =>
  `L_I = ${bound.toFixed(2)}, under I(c; x) = ` +
  `${truth.toFixed(2)}, of at most ln ${k} = ${Math.log(k).toFixed(2)} nats.`;

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)}%`;

/** @param {Scene} scene  @param {Figures} figures  @returns {Told} */
function withoutReward({ data, step }, { purity }) {
  const [part] = PART[data];
  if (purity > 0.8)
    return {
      mood: "kept",
      text:
        "Lambda is 0: nothing rewards the code now. What it had learned, G " +
        `may keep or lose; ${percent(purity)} of a color still lie at its commonest ${part}.`,
    };
  if (step < 150)
    return {
      mood: "mixed",
      text: "Lambda is 0: G learns to imitate the gray points, and nothing " + "rewards the code.",
    };
  return {
    mood: "mixed",
    text:
      `Lambda is 0, and the colors stay mixed: the commonest ${part} of a ` +
      `color holds ${percent(purity)} of it on average. Now raise lambda.`,
  };
}

/** @param {Scene} scene  @param {Figures} figures  @returns {Told} */
function withReward(scene, { table, owned, purity, bound }) {
  const { k, data } = scene,
    [part] = PART[data],
    parts = table[0].length;
  if (bound < 0.8 * Math.log(k))
    return {
      mood: "rising",
      text:
        `Lambda is ${lambdaText(scene.lambda)}: G is paid for points ` +
        "from which Q can read the code.",
    };
  if (owned === k && owned === parts && purity > 0.95)
    return {
      mood: "own",
      text:
        data === "unequal"
          ? `Each color has a ${part} of its own, with 1/${k} of the points, though the data are unequal.`
          : `Each color has taken a ${part} of its own.`,
    };
  return (
    misfit(scene, fit(table), parts, owned) ??
    (parts === 8
      ? {
          mood: "settling",
          text: `${owned} of ${count(parts, data)} have a color of their own so far.`,
        }
      : {
          mood: "meant",
          text:
            "Q reads the code, yet the code is not the one we meant: the commonest " +
            `${part} of a color holds ${percent(purity)} of it. Nobody told G of a ${part}.`,
        })
  );
}

/**
 * What goes with a number of codes, or a prior, that the data do not have.
 * @param {Scene} scene
 * @param {{shared: number, spread: number}} found
 * @param {number} parts
 * @param {number} owned
 * @returns {Told | null}
 */
function misfit({ k, data }, { shared, spread }, parts, owned) {
  const [part] = PART[data],
    start = `${k} codes for ${count(parts, data)}:`;
  if (data === "unequal" && (shared || spread))
    return {
      mood: "unequal",
      text:
        `The prior gives each color 1/${k} of the points, the data do ` +
        "not: large modes are shared by several colors, and small ones share a color.",
    };
  if (k > parts && shared)
    return {
      mood: "split",
      text: `${start} codes share, and Q tells them apart inside one ${part}.`,
    };
  if (k < parts && spread) return { mood: "merge", text: `${start} a color has to cover several.` };
  if (k < parts && owned < parts)
    return {
      mood: "dropped",
      text:
        `${start} each color keeps to one, and ${parts - owned} ` +
        `${parts - owned === 1 ? "is" : "are"} left out, so far.`,
    };
  return null;
}

/** With one category all is in c2.  @param {Scene} scene  @param {Figures} figures  @returns {Told} */
function ofValue({ uniform }, { boundValue, truthValue }) {
  if (!uniform)
    return { mood: "one", text: "One category: there is nothing to tell about it, ln 1 = 0." };
  const nats = `L_I of c2 = ${boundValue.toFixed(2)}, under I(c2; x) = ${truthValue.toFixed(2)} nats.`;
  return boundValue < 0.5
    ? {
        mood: "value",
        text: `G is paid for points from which Q can read c2, from -1 to 1. ${nats}`,
      }
    : {
        mood: "along",
        text:
          "Points of like color share a c2: it has become a direction in the " +
          `data, along the line. ${nats}`,
      };
}

/** @param {number} v */
export const lambdaText = (v) => String(Math.round(100 * v) / 100);
