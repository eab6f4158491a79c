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

/** The parts of each data set, in words. @type {Record<string, string>} */
export const PART = { ring: "mode", unequal: "mode", moons: "moon", spiral: "quarter of the spiral",
  own: "stroke" };

/** @param {number} n  @param {string} word */
export const count = (n, word) =>
  `${n} ${n === 1 ? word : word.startsWith("quarter") ? word.replace("quarter", "quarters") : `${word}s`}`;

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

/**
 * What is to be seen now, in one or two sentences, and what to do next.
 * @param {Scene} scene
 * @returns {{mood: string, text: string}} the mood changes less often than the text
 */
export function tell(scene) {
  const { step, half, playing, figures, lambda } = scene;
  if (scene.data === "own" && figures === null)
    return { mood: "draw", text: "Draw a few strokes or spots in the plane: they are the real data. Then press Train." };
  if (step === 0 && !half && !playing)
    return { mood: "start", text: "Gray: the real data. Colored: what G makes, one color for each value of the code c. Press Train." };
  if (!playing && half)
    return { mood: "half", text: "D and Q have learned, so the shading and the arrows changed. Next, G moves its points along the arrows: press One half step again." };
  if (figures === null) return { mood: "wait", text: "The nets begin to learn." };
  return lambda < 0.05 ? withoutReward(scene, figures) : withReward(scene, figures);
}

/** @param {Scene} scene  @param {Figures} figures */
function withoutReward(scene, { purity }) {
  const part = PART[scene.data], percent = Math.round(100 * purity);
  if (purity > 0.8) return { mood: "kept", text: `Lambda is 0: nothing rewards the code now. What it had learned, G may keep or lose; ${percent}% of a color still lie at its commonest ${part}.` };
  return { mood: "mixed", text: scene.step < 150
    ? "Lambda is 0: G learns to imitate the gray points, and nothing rewards the code."
    : `Lambda is 0, and the colors stay mixed: the commonest ${part} of a color holds ${percent}% of it on average. Now raise lambda.` };
}

/** @param {Scene} scene  @param {Figures} figures */
function withReward(scene, figures) {
  const { table, owned, purity, bound, truth } = figures;
  const { k, data } = scene, part = PART[data], parts = table[0].length, { shared, spread } = fit(table);
  const nats = `L_I = ${bound.toFixed(2)}, under I(c; x) = ${truth.toFixed(2)}, of at most ln ${k} = ${Math.log(k).toFixed(2)} nats`;
  if (k === 1) return ofValue(scene, figures);
  if (bound < 0.8 * Math.log(k)) return { mood: "rising", text: `Lambda is ${lambdaText(scene.lambda)}: G is paid for points from which Q can read the code. ${nats}.` };
  if (owned === k && owned === parts && purity > 0.95) return { mood: "own", text: data === "unequal"
    ? `Each color has a ${part} of its own, with 1/${k} of the points each, though the data are unequal: D would see that. ${nats}.`
    : `Each color has taken a ${part} of its own. ${nats}.` };
  if (data === "unequal" && (shared || spread)) return { mood: "unequal", text: `The prior gives each color 1/${k} of the points, the data do not: large modes are shared by several colors, and small ones share a color. ${nats}.` };
  if (k > parts && shared) return { mood: "split", text: `${k} codes for ${count(parts, part)}: codes share, and Q tells them apart inside one ${part}. ${nats}.` };
  if (k < parts && spread) return { mood: "merge", text: `${k} codes for ${count(parts, part)}: a color has to cover several. ${nats}.` };
  if (k < parts && owned < parts) return { mood: "dropped", text: `${k} codes for ${count(parts, part)}: each color keeps to one, and ${parts - owned} ${parts - owned === 1 ? "is" : "are"} left out, so far. ${nats}.` };
  if (spread && parts === 8) return { mood: "rising", text: `${owned} of ${count(parts, part)} have a color of their own so far. ${nats}.` };
  if (spread) return { mood: "meant", text: `Q reads the code, yet the code is not the one we meant: the commonest ${part} of a color holds ${Math.round(100 * purity)}% of it. Nobody told G of a ${part}. ${nats}.` };
  return { mood: "high", text: `Q reads the code. ${nats}.` };
}

/** With one category all is in c2.  @param {Scene} scene  @param {Figures} figures */
function ofValue({ uniform }, { boundValue, truthValue }) {
  if (!uniform) return { mood: "one", text: "One category: there is nothing to tell about it, ln 1 = 0." };
  const nats = `L_I of c2 = ${boundValue.toFixed(2)}, under I(c2; x) = ${truthValue.toFixed(2)} nats`;
  return boundValue < 0.5
    ? { mood: "value", text: `G is paid for points from which Q can read c2, a number from -1 to 1. ${nats}.` }
    : { mood: "along", text: `Points of like color share a c2: it has become a direction in the data, along the line. ${nats}.` };
}

/** @param {number} v */
export const lambdaText = (v) => String(Math.round(100 * v) / 100);
