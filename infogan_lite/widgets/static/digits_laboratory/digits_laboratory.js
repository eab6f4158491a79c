// @ts-check
// digits_laboratory(): InfoGAN learns handwriting in the page.  The worker trains, this draws.
import { pencil } from "../canvas.js";
import { makeButton, makeSlider } from "../controls.js";
import { make, makeCard, makeStatus } from "../elements.js";
import { makeCurves } from "./curves.js";

/** @import { View as Widget } from "../model.js" */
/** @typedef {import("./workshop.js").Wish} Wish */
/** @typedef {import("./workshop.js").Message} Message */
/** @typedef {import("./workshop.js").Moment} Moment */
/** @typedef {import("./workshop.js").View} View */
/** @typedef {import("./reading.js").Report} Report */
/** @typedef {import("./curves.js").Curve} Curve */

/**
 * @typedef {object} Traits
 * @property {DataView<ArrayBuffer>} digits  packed by gzip
 * @property {number} held
 * @property {number} seed
 * @property {number} steps
 */

const WORKER_TEXT = ""; // laboratory.py puts the text of worker.js here
const SIDE = 28,
  K = 10,
  ROWS = 8;

/**
 * @typedef {object} State
 * @property {number} seed
 * @property {boolean} playing
 * @property {Moment | null} moment
 * @property {Report | null} report
 * @property {View} view
 * @property {Curve} bounds
 * @property {Curve} errors
 */

/** @param {Report} report  @returns {string} */
const percent = ({ error }) => `${(100 * error).toFixed(1)}%`;

/** What there is to say.  @param {State} state  @returns {string} */
export function sayAll({ moment, report, playing }) {
  if (!moment) {
    return "Nothing is trained yet: all weights are noise. Press Train, and give it a few minutes.";
  }
  const { step, steps, seconds, bound } = moment;
  const when = `Step ${step} of ${steps}, ${Math.round(seconds)} s of training. `;
  const what = `L_I of c1 is ${bound[0].toFixed(2)} of at most 2.30 nats. `;
  const error = report
    ? `Used as a classifier, c1 misreads ${percent(report)} of 1,000 digits that were held out. `
    : "";
  const end = step >= steps ? "Training is over; the sliders move through what G has learned." : "";
  return when + what + error + (end || (playing ? "" : "It rests; Train goes on from here."));
}

/** The sheet: a column for each value of c1, with its name below. */
function makeSheet() {
  const canvas = make("canvas", { className: "igl-digits", width: K * SIDE, height: ROWS * SIDE });
  canvas.setAttribute("role", "img");
  const names = Array.from({ length: K }, (_, k) => make("span", {}, `${k}`));
  const row = make("div", { className: "igl-names", "aria-hidden": "true" }, ...names);
  return {
    canvas,
    nodes: [canvas, row],
    /** @param {Uint8Array} ink */
    paint(ink) {
      const image = new ImageData(K * SIDE, ROWS * SIDE);
      for (let i = 0; i < ink.length; i++) {
        image.data.fill(255 - ink[i], 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = 255;
      }
      pencil(canvas).putImageData(image, 0, 0);
    },
    /** @param {State} state */
    name({ report, view }) {
      for (const [k, span] of names.entries())
        span.textContent = report ? `${k} \u2192 ${report.names[k]}` : `${k}`;
      const read = report ? `, read as ${report.names.join(", ")}` : "";
      const [c2, c3] = view.values.map((v) => v.toFixed(2));
      const label = `Generated pictures: a column for each c1 from 0 to 9${read}; c2 = ${c2}, c3 = ${c3}`;
      canvas.setAttribute("aria-label", label);
    },
  };
}

/** @typedef {ReturnType<typeof makePieces>} Pieces */

function makePieces() {
  return {
    sheet: makeSheet(),
    curves: makeCurves(),
    text: make("p", { className: "igl-story" }),
    play: make("button", { type: "button", className: "igl-button igl-main" }),
    status: makeStatus(),
  };
}

/**
 * Puts what is known on the page.
 * @param {State} state
 * @param {Pieces} pieces
 * @param {HTMLElement} el
 */
function show(state, { sheet, curves, text, play, status }, el) {
  const { moment, report, playing } = state;
  const over = moment !== null && moment.step >= moment.steps;
  text.textContent = sayAll(state);
  play.textContent = playing && !over ? "Stop" : "Train";
  // Not `disabled`: it would lose the focus, and a notebook get the next key.
  play.setAttribute("aria-disabled", String(over));
  sheet.name(state);
  const steps = moment?.steps ?? 1;
  curves.bound.draw(state.bounds, steps);
  curves.error.draw(state.errors, steps);
  el.dataset.step = String(moment?.step ?? 0);
  if (report) el.dataset.error = String(report.error);
  if (!playing || over) status.say(text.textContent);
}

/**
 * The worker; a new one for each run, so that nothing is left of the one before.
 * @param {(message: Message) => void} receive
 */
function makeCrew(receive) {
  const url = URL.createObjectURL(new Blob([WORKER_TEXT], { type: "text/javascript" }));
  /** @type {Worker | null} */
  let worker = null;
  return {
    fresh() {
      worker?.terminate();
      const mine = new Worker(url);
      worker = mine;
      mine.addEventListener("message", ({ data }) => {
        if (mine === worker) receive(data); // and not the last words of the one before
      });
      mine.addEventListener("error", ({ message }) => receive({ kind: "trouble", words: message }));
    },
    /** @param {Wish} wish */
    wish: (wish) => worker?.postMessage(wish),
    end() {
      worker?.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Pieces} pieces
 */
function take(state, message, { sheet, text }) {
  if (message.kind === "sheet") sheet.paint(message.bytes);
  if (message.kind === "moment") {
    state.moment = message;
    state.bounds.push([message.step, message.bound[0]]);
  }
  if (message.kind === "report") {
    state.report = message;
    state.errors.push([message.step, message.error]);
  }
  if (message.kind === "trouble") text.textContent = `It cannot be trained here: ${message.words}.`;
}

/**
 * @param {number} i
 * @param {(value: number) => void} onInput
 */
const makeValue = (i, onInput) =>
  makeSlider({
    label: `c${i + 2}`,
    min: -2,
    max: 2,
    step: 0.05,
    value: 0,
    words: (v) => `c${i + 2} = ${v.toFixed(2)}`,
    show: (v) => v.toFixed(2),
    inside: [-1, 1],
    marks: [
      [-2, "-2"],
      [0, "trained range"],
      [2, "2"],
    ],
    onInput,
    sweep: false,
  });

/**
 * @param {State} state
 * @param {Pieces} pieces
 * @param {{ view: () => void, restart: () => void }} act
 */
function layOut(state, pieces, act) {
  const { sheet, curves, text, play, status } = pieces;
  const sliders = [0, 1].map((i) =>
    makeValue(i, (value) => {
      state.view.values[i] = value;
      act.view();
    }),
  );
  const noise = makeButton("Draw new noise z", () => {
    state.view.noise++;
    act.view();
  });
  const seed = make("input", { type: "number", className: "igl-seed", value: state.seed, min: 0 });
  const again = makeButton("Start anew", () => {
    state.seed = Number(seed.value) >>> 0;
    seed.value = String(state.seed);
    act.restart();
  });
  const row = make("div", { className: "igl-row" }, noise, again);
  row.append(make("label", {}, "Seed ", seed));
  return makeCard(
    "igl-lab",
    "InfoGAN learns digits in this page",
    make("div", { className: "igl-desk" }, play, text),
    ...sheet.nodes,
    make("div", { className: "igl-controls" }, ...sliders.map(({ node }) => node)),
    row,
    make("div", { className: "igl-charts" }, curves.bound.svg, curves.error.svg),
    status.node,
  );
}

/** @param {number} seed  @returns {State} */
const firstState = (seed) => ({
  seed,
  playing: false,
  moment: null,
  report: null,
  view: { noise: 0, values: [0, 0] },
  bounds: [],
  errors: [],
});

/** @param {Widget<Traits>} view */
function render({ model, el }) {
  const state = firstState(model.get("seed")),
    pieces = makePieces(),
    { buffer, byteOffset, byteLength } = model.get("digits");
  const crew = makeCrew((message) => {
    take(state, message, pieces);
    if (message.kind === "moment" || message.kind === "report") show(state, pieces, el);
    if (message.kind === "sheet") el.dataset.sheets = String(Number(el.dataset.sheets ?? 0) + 1);
  });
  const restart = () => {
    Object.assign(state, { ...firstState(state.seed), view: state.view });
    crew.fresh();
    const packed = buffer.slice(byteOffset, byteOffset + byteLength);
    const { seed, view } = state;
    const [held, steps] = [model.get("held"), model.get("steps")];
    crew.wish({ kind: "start", packed, held, seed, steps, view });
    show(state, pieces, el);
  };
  const look = () => {
    crew.wish({ kind: "view", view: state.view });
    pieces.sheet.name(state);
  };
  pieces.play.addEventListener("click", () => {
    if (pieces.play.getAttribute("aria-disabled") === "true") return;
    state.playing = !state.playing;
    crew.wish({ kind: state.playing ? "play" : "pause" });
    show(state, pieces, el);
  });
  el.append(layOut(state, pieces, { view: look, restart }));
  restart();
  return crew.end;
}

export default { render };
