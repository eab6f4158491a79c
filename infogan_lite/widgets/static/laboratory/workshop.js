// @ts-check
// What goes on in the worker: it trains while it is told to, and sends what the page draws.

import { DATA, drawnData, drawReal, nearestPart } from "./data.js";
import { generate, makeGame, pull, stepDQ, stepG, Z_DIM } from "./game.js";
import {
  countTable,
  informationOfValue,
  judge,
  lowerBound,
  mutualInformation,
} from "./information.js";
import { forward } from "./nets.js";
import { makeRandom } from "./random.js";
import { REACH, SIDE } from "./scale.js";

/** @typedef {import("./game.js").Game} Game */
/** @typedef {import("./game.js").Batch} Batch */
/** @typedef {import("./game.js").Rules} Rules */
/** @typedef {import("./data.js").Data} Data */

/**
 * @typedef {object} Start
 * @property {number} k
 * @property {boolean} uniform
 * @property {number} seed
 * @property {string} data  a name of DATA, or "own"
 * @property {number[][][]} strokes  of one's own points
 */

/**
 * What the page asks for.  New nets or new points begin a new turn, which the page numbers.
 * @typedef {{kind: "restart", start: Start, rules: Rules, turn: number}
 *   | {kind: "rules", rules: Rules}
 *   | {kind: "strokes", strokes: number[][][], turn: number}
 *   | {kind: "play", pace: number, calm: boolean}
 *   | {kind: "pause"} | {kind: "half"} | {kind: "painted"}} Wish
 */

/**
 * One moment as the page draws it.  Arrays of points are (n, 2), row after row.
 * @typedef {object} Picture
 * @property {"picture"} kind
 * @property {number} step
 * @property {boolean} half  whether D and Q have learned and G has not yet
 * @property {Float32Array} points  G(z, c) for the same z at all times: so they glide
 * @property {Uint8Array} codes  c1 of each
 * @property {Float32Array} values  c2 of each, if there is c2 and no choice of c1; else empty
 * @property {Float32Array} arrows  minus the gradient of G's loss at the first points
 * @property {Float32Array} surface  D(x) on SIDE by SIDE places, bottom row first; or empty: as before
 * @property {Float32Array} trails  for each c1 the way of G(0, c1, c2) as c2 goes from -1 to 1
 * @property {Float32Array} real  points of the data, once after each restart, else empty
 */

/**
 * @typedef {object} Figures
 * @property {"figures"} kind
 * @property {number} step
 * @property {number[][]} table  code against part, counts of fresh points
 * @property {number} purity
 * @property {number} owned
 * @property {number} bound  L_I of c1, in nats
 * @property {number} truth  I(c1; x)
 * @property {number} boundValue  L_I of c2
 * @property {number} truthValue  I(c2; x); 0 without c2
 */

/**
 * What is sent, with the turn it belongs to: it may arrive when the page is a turn ahead.
 * @typedef {(Picture | Figures) & {turn: number}} Sent
 */

const SHOWN = 240,
  WITH_ARROW = 80,
  TRAIL = 17,
  FRESH = 3000;
const SLICE = 20,
  SURFACE_EVERY = 120,
  FIGURES_EVERY = 700; // milliseconds

/** The middles of the places where D is shown.  @returns {Float64Array} */
function makeGrid() {
  const grid = new Float64Array(2 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    grid[2 * i] = REACH * ((2 * (i % SIDE) + 1) / SIDE - 1);
    grid[2 * i + 1] = REACH * ((2 * Math.floor(i / SIDE) + 1) / SIDE - 1);
  }
  return grid;
}

/**
 * The inputs of the points that are shown: the same z all the time, each code as often.
 * @param {Game} game
 * @param {number} seed
 * @returns {Batch}
 */
function shownBatch(game, seed) {
  const random = makeRandom(seed, 2),
    batch = generate(game, SHOWN, random);
  const width = batch.input.length / SHOWN;
  for (let r = 0; r < SHOWN; r++) {
    batch.input.fill(0, r * width + Z_DIM, r * width + Z_DIM + game.k);
    batch.category[r] = r % game.k;
    batch.input[r * width + Z_DIM + batch.category[r]] = 1;
  }
  return batch;
}

/**
 * G(0, c1, c2) as c2 goes from -1 to 1, for each c1; nothing without c2.
 * @param {Game} game
 * @returns {Float32Array}
 */
function trails({ G, k, uniform }) {
  if (!uniform) return new Float32Array(0);
  const width = Z_DIM + k + 1,
    input = new Float64Array(k * TRAIL * width);
  for (let r = 0; r < k * TRAIL; r++) {
    input[r * width + Z_DIM + Math.floor(r / TRAIL)] = 1;
    input[(r + 1) * width - 1] = (2 * (r % TRAIL)) / (TRAIL - 1) - 1;
  }
  return Float32Array.from(forward(G, input, k * TRAIL));
}

/**
 * @param {Game} game
 * @param {Data} data
 * @param {number} seed
 * @returns {Figures}
 */
export function makeFigures(game, data, seed) {
  const batch = generate(game, FRESH, makeRandom(seed, 3 + game.step));
  const table = countTable(batch.category, nearestPart(data, batch.x), game.k, data.parts);
  const bound = lowerBound(game, batch);
  return {
    kind: "figures",
    step: game.step,
    table,
    ...judge(table),
    bound: bound.category,
    truth: mutualInformation(batch.x, batch.category, game.k),
    boundValue: bound.value,
    truthValue: game.uniform ? informationOfValue(batch.x, batch.value) : 0,
  };
}

/** @param {Start} start  @returns {Data} */
const dataOf = ({ data, strokes }) =>
  data === "own" ? drawnData(strokes) : DATA[/** @type {keyof typeof DATA} */ (data)];

/**
 * Takes pictures of a game, always of the same inputs.
 * @param {Game} game
 * @param {number} seed
 */
function makeCamera(game, seed) {
  const grid = makeGrid();
  const shown = shownBatch(game, seed);
  const pulled = { ...shown, n: WITH_ARROW };
  /**
   * @param {Rules} rules
   * @param {boolean} surface  whether D is shown anew
   * @param {ArrayLike<number>} real  what there is to show of the data
   * @returns {Picture}
   */
  return (rules, surface, real) => {
    shown.x = forward(game.G, shown.input, SHOWN);
    pulled.x = shown.x.subarray(0, 2 * WITH_ARROW);
    const down = pull(game, pulled, rules, pulled.x);
    const places = surface ? SIDE * SIDE : 0;
    const logits = forward(game.D, forward(game.trunk, grid, places), places);
    return {
      kind: "picture",
      step: game.step,
      half: game.batch !== null,
      points: Float32Array.from(shown.x),
      codes: Uint8Array.from(shown.category),
      values: Float32Array.from(game.uniform && game.k === 1 ? shown.value : []),
      arrows: Float32Array.from(down, (v) => -WITH_ARROW * v),
      surface: Float32Array.from(logits, (v) => 1 / (1 + Math.exp(-v))),
      trails: trails(game),
      real: Float32Array.from(real),
    };
  };
}

/**
 * A game, its data and its rules, with all that is sent of them.
 * @param {Start} start
 * @param {Rules} rules
 */
export function makeBench(start, rules) {
  const game = makeGame(start.k, start.uniform, start.seed);
  const photograph = makeCamera(game, start.seed);
  let data = dataOf(start);
  let fresh = true;
  const empty = () => data.centers.length === 0;
  const half = () => {
    if (game.batch === null) stepDQ(game, data, rules);
    else stepG(game, rules);
  };
  return {
    half,
    empty,
    /** To the end of the step. */
    step() {
      do half();
      while (game.batch !== null);
    },
    /** @param {Rules} next */
    setRules(next) {
      rules = next;
    },
    /** @param {number[][][]} strokes */
    setStrokes(strokes) {
      data = drawnData(strokes);
      fresh = true;
    },
    figures: () => makeFigures(game, data, start.seed),
    /** @param {boolean} surface  whether D is shown anew */
    picture(surface) {
      const real = fresh && !empty() ? drawReal(data, 400, makeRandom(start.seed, -1)) : [];
      fresh = false;
      return photograph(rules, surface, real);
    },
  };
}

/**
 * What is sent, and how often: a picture only when the page has painted the one before.
 * @param {(message: Sent) => void} post
 */
function makeReports(post) {
  let turn = 0,
    painted = true,
    lastPicture = 0,
    lastSurface = 0,
    lastFigures = 0;
  /** @param {ReturnType<typeof makeBench>} bench  @param {number} now  @param {boolean} surface */
  function picture(bench, now, surface) {
    painted = false;
    lastPicture = now;
    if (surface) lastSurface = now;
    post({ ...bench.picture(surface), turn });
  }
  /** @param {ReturnType<typeof makeBench>} bench  @param {number} now */
  function figures(bench, now) {
    lastFigures = now;
    if (!bench.empty()) post({ ...bench.figures(), turn });
  }
  return {
    /** @param {number} next  the turn that all further messages belong to */
    begin(next) {
      turn = next;
    },
    painted() {
      painted = true;
    },
    /** @param {ReturnType<typeof makeBench>} bench  whatever is due */
    due(bench, calm = false, now = performance.now()) {
      const surface = now - lastSurface >= SURFACE_EVERY;
      if (painted && now - lastPicture >= (calm ? 1000 : 15)) picture(bench, now, surface);
      if (now - lastFigures >= (calm ? 1000 : FIGURES_EVERY)) figures(bench, now);
    },
    /** @param {ReturnType<typeof makeBench>} bench */
    all(bench, now = performance.now()) {
      picture(bench, now, true);
      figures(bench, now);
    },
  };
}

/** How many steps are due at so many a second, done in a slice of a few milliseconds. */
function makeMeter() {
  let owed = 0,
    last = 0;
  return {
    start() {
      owed = 1;
      last = performance.now();
    },
    /** @param {() => void} step  @param {number} pace */
    run(step, pace) {
      const begin = performance.now();
      owed = Math.min(owed + (pace * (begin - last)) / 1000, Math.max(1, pace / 10));
      last = begin;
      for (; owed >= 1 && performance.now() - begin < SLICE; owed--) step();
    },
  };
}

/**
 * Trains in slices of a few milliseconds, so that a wish never waits.
 * @param {(message: Sent) => void} post
 */
export function makeWorkshop(post) {
  const reports = makeReports(post),
    meter = makeMeter();
  /** @type {ReturnType<typeof makeBench> | null} */
  let bench = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let playing = false,
    pace = Infinity,
    calm = false;

  function tick() {
    if (bench?.empty()) playing = false;
    if (!playing || !bench) return;
    meter.run(bench.step, pace);
    reports.due(bench, calm);
    timer = setTimeout(tick, pace > 100 ? 0 : 12);
  }
  /** @param {Wish & {kind: "play"}} wish */
  function play(wish) {
    ({ pace, calm } = wish);
    meter.start();
    clearTimeout(timer); // one clock, however often it is started
    timer = setTimeout(tick);
    playing = true;
  }
  /** @param {Wish} wish */
  function receive(wish) {
    if (wish.kind === "painted") return reports.painted();
    if (wish.kind === "play") return play(wish);
    if ("turn" in wish) reports.begin(wish.turn);
    if (wish.kind === "restart") bench = makeBench(wish.start, wish.rules);
    else if (wish.kind === "rules") bench?.setRules(wish.rules);
    else if (wish.kind === "strokes") bench?.setStrokes(wish.strokes);
    else if (wish.kind === "pause") playing = false;
    else if (!bench?.empty()) bench?.half();
    if (bench && (!playing || wish.kind === "restart")) reports.all(bench);
  }
  return { receive };
}
