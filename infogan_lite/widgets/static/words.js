// @ts-check
// What the explorer says of its codes.

/**
 * @typedef {object} Codes
 * @property {Record<string, string>} names a word for a factor, such as {c1: "digit"}
 * @property {string[]} labels a word for each category of c1, or none
 * @property {number[]} sizes how many categories each categorical factor has
 * @property {number} uniform how many uniform factors there are
 * @property {number} zCount how many z there are to choose from
 */

/**
 * What is shown: a category for each categorical factor, a value for each uniform one, degrees for
 * each circular one, and z number `index`, which is `drawn` if it is the one after the last.
 * @typedef {{ categories: number[], values: number[], angles: number[], index: number,
 *   drawn: number[] }} State
 */

/**
 * The uniform factors come after the categorical ones.
 * @param {Codes} codes
 * @param {number} i
 */
export const uniformName = ({ sizes }, i) => `c${sizes.length + i + 1}`;

/**
 * The circular factors come last.
 * @param {Codes} codes
 * @param {number} i
 */
export const circularName = ({ sizes, uniform }, i) => `c${sizes.length + uniform + i + 1}`;

/**
 * @param {Codes} codes
 * @param {string} name
 */
export const fullName = ({ names }, name) => (names[name] ? `${names[name]} ${name}` : name);

/**
 * @param {Codes} codes
 * @param {number} i
 * @param {number} value
 */
export function sayValue(codes, i, value) {
  const outside = Math.abs(value) > 1 ? ", outside the trained range" : "";
  return `${fullName(codes, uniformName(codes, i))} = ${value.toFixed(2)}${outside}`;
}

/**
 * @param {Codes} codes
 * @param {number} i
 * @param {number} degrees
 */
export const sayAngle = (codes, i, degrees) =>
  `${fullName(codes, circularName(codes, i))} = ${degrees} degrees`;

/**
 * @param {Codes} codes
 * @param {number} i
 * @param {number} k
 */
export function sayCategory(codes, i, k) {
  const label = i === 0 && k < codes.labels.length ? ` (${codes.labels[k]})` : "";
  return `${fullName(codes, `c${i + 1}`)} = ${k}${label}`;
}

/**
 * @param {Codes} codes
 * @param {number} index
 */
export const sayZ = ({ zCount }, index) =>
  index < zCount ? `z number ${index + 1}` : "a z of your own";

/**
 * @param {Codes} codes
 * @param {State} state
 */
export const sayAll = (codes, state) =>
  [
    ...state.categories.map((k, i) => sayCategory(codes, i, k)),
    ...state.values.map((value, i) => sayValue(codes, i, value)),
    ...state.angles.map((degrees, i) => sayAngle(codes, i, degrees)),
    sayZ(codes, state.index),
  ].join("; ");
