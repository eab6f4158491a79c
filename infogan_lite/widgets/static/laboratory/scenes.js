// @ts-check
// What there is to choose, and things to try in turn.

/** @typedef {import("./workshop.js").Start} Start */
/** @typedef {import("./workshop.js").Figures} Figures */
/** @typedef {import("./workshop.js").Picture} Picture */
/** @typedef {import("./game.js").Rules} Rules */
/** @typedef {import("./charts.js").Moment} Moment */
/** @import { Model } from "../model.js" */

/** @typedef {{ data: string, k: number, uniform: boolean, lam: number, seed: number }} Traits */

/**
 * @typedef {object} State
 * @property {Start} start
 * @property {Rules} rules
 * @property {number} turn  how often the nets or one's own points began anew
 * @property {boolean} playing
 * @property {boolean} visible  whether any of it is in sight
 * @property {number} pace  steps a second
 * @property {boolean} arrows
 * @property {Picture | null} picture
 * @property {Figures | null} figures
 * @property {number[][]} real
 * @property {Moment[]} history
 */

export const NAMES = {
  ring: "Eight Gaussians",
  unequal: "Unequal Gaussians",
  moons: "Two moons",
  spiral: "Spiral",
  own: "Draw your own",
};
/** @type {[string, number][]} */
export const PACES = [
  ["slow", 5],
  ["normal", 60],
  ["fast", Infinity],
];
export const MOST_CODES = 12;

/**
 * @param {Model<Traits>} model
 * @returns {State}
 */
export function firstState(model) {
  return {
    start: {
      k: model.get("k"),
      uniform: model.get("uniform"),
      seed: model.get("seed"),
      data: model.get("data"),
      strokes: [],
    },
    rules: { lambda: model.get("lam"), batch: 64, rateD: 0.0025, rateG: 0.0025 },
    turn: 0,
    playing: false,
    visible: true,
    pace: 60,
    arrows: true,
    picture: null,
    figures: null,
    real: [],
    history: [],
  };
}

/**
 * @typedef {object} Trial
 * @property {string} name
 * @property {string} hint  for the tooltip
 * @property {Partial<Start>} start
 * @property {number} lambda
 */

/** @type {Trial[]} */
export const TRIALS = [
  {
    name: "No reward",
    hint: "Lambda 0: a plain GAN with a code that nobody asks for",
    start: { data: "ring", k: 8, uniform: false },
    lambda: 0,
  },
  {
    name: "Raise \u03bb",
    hint: "Lambda 1, while the nets go on",
    start: { data: "ring", k: 8, uniform: false },
    lambda: 1,
  },
  {
    name: "Too many codes",
    hint: "Twelve codes for eight modes",
    start: { data: "ring", k: 12, uniform: false },
    lambda: 1,
  },
  {
    name: "Too few",
    hint: "Five codes for eight modes",
    start: { data: "ring", k: 5, uniform: false },
    lambda: 1,
  },
  {
    name: "Unequal data",
    hint: "A uniform prior, and modes of 3 to 28 percent",
    start: { data: "unequal", k: 8, uniform: false },
    lambda: 1,
  },
  {
    name: "Not what we meant",
    hint: "Two codes for two moons: will each take a moon?",
    start: { data: "moons", k: 2, uniform: false },
    lambda: 1,
  },
  {
    name: "A continuous code",
    hint: "c2, a number from -1 to 1",
    start: { data: "moons", k: 1, uniform: true },
    lambda: 0.5,
  },
];

/**
 * Whether the nets can go on, or must begin anew.
 * @param {Start} start
 * @param {Partial<Start>} wanted
 */
export const sameStart = (start, wanted) =>
  start.data === wanted.data && start.k === wanted.k && start.uniform === wanted.uniform;
