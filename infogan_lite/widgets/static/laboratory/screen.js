// @ts-check
// What the page shows of a state: the plane, the chart, the table, and the words.
import { makeHeat } from "../charts.js";
import { make, makeStatus, typeset } from "../elements.js";
import { makeInformationChart } from "./charts.js";
import { DATA, drawnData, letterOf, letters } from "./data.js";
import { makePlane } from "./plane.js";
import { NAMES } from "./scenes.js";
import { PART, tell } from "./story.js";

/** @import { makeDrawing } from "./drawing.js" */
/** @typedef {import("./scenes.js").State} State */

/** @param {number[][]} counts  @returns {number[][]} each row as parts of its sum */
const sharesOf = (counts) =>
  counts.map((row) => {
    const all = row.reduce((s, v) => s + v, 0);
    return row.map((v) => v / Math.max(1, all));
  });

/** @param {number[][]} shares  @param {string} part */
function sayShares(shares, part) {
  const lines = shares.map((row, i) => {
    const most = Math.max(...row);
    return `code ${i}: ${Math.round(100 * most)}% at ${part} ${letterOf(row.indexOf(most))}`;
  });
  return lines.join("; ");
}

/** The table of code against part; made anew when either number changes. */
function makeTable() {
  const node = make("div", { className: "igl-lab-table" });
  let size = "",
    /** @type {ReturnType<typeof makeHeat> | null} */ heat = null;
  /** @param {number[][]} table  @param {string} part */
  function set(table, part) {
    const shares = sharesOf(table);
    const next = `${table.length} ${table[0].length} ${part}`;
    if (heat === null || next !== size) {
      heat = makeHeat({
        rows: table.map((_, i) => String(i)),
        columns: table[0].map((_, i) => letterOf(i)),
        title: "Where the points of each code lie, in percent",
        xlabel: part,
        ylabel: "code c1",
        format: (v) => (v < 0.005 ? "" : String(Math.round(100 * v))),
      });
      node.replaceChildren(heat.node);
      size = next;
    }
    heat.set(shares, sayShares(shares, part));
  }
  return { node, set };
}

/** @param {HTMLElement} root */
function lookOf(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    paper: read("--card"),
    shade: read("--shade"),
    real: read("--real"),
    ink: read("--ink"),
  };
}

/**
 * The pieces of the page, without anything that happens.
 * @param {State} state
 */
export function makePieces(state) {
  const side = 420 * Math.min(2, Math.max(1, devicePixelRatio));
  const canvas = make("canvas", { className: "igl-plane", width: side, height: side, role: "img" });
  return {
    canvas,
    plane: makePlane(canvas),
    chart: makeInformationChart(),
    table: makeTable(),
    text: make("p", { className: "igl-story" }),
    status: makeStatus(),
    value: make("p", { className: "igl-note" }),
    play: make("button", { type: "button", className: "igl-button igl-main" }),
    seed: make("input", {
      type: "number",
      min: 0,
      max: 4294967295,
      step: 1,
      value: state.start.seed,
      className: "igl-seed",
    }),
    steps: make("span", { className: "igl-steps" }),
  };
}

/** @typedef {ReturnType<typeof makePieces>} Pieces */

/** @param {State} state */
function aboutValue({ start, figures }) {
  const color = start.k === 1 ? "Color: c2, from -1 (blue) to 1 (yellow). " : "";
  const line = "Line: the way of G(0, c1, c2) as c2 goes from -1 to 1, where the dot is.";
  return (
    color +
    line +
    (figures
      ? ` L_I of c2 = ${figures.boundValue.toFixed(2)}, I(c2; x) = ` +
        `${figures.truthValue.toFixed(2)} nats; where x tells nothing, L_I is -0.18 at best.`
      : "")
  );
}

/** @param {State} state */
const aboutPlane = ({ start }) => {
  if (start.data === "own") {
    return "Plane to draw in: arrow keys move the cross, Enter sets a spot";
  }
  const spots = NAMES[/** @type {keyof typeof NAMES} */ (start.data)];
  return start.k === 1
    ? `Plane with ${spots}, the points of one code and what D believes`
    : `Plane with ${spots}, the points of ${start.k} codes and what D believes`;
};

/** @param {State} state */
const sceneOf = ({ start, rules, playing, figures, picture }) => ({
  ...start,
  lambda: rules.lambda,
  playing,
  figures,
  step: picture?.step ?? 0,
  half: picture?.half ?? false,
});

/**
 * The line of text, spoken when its mood changes, and not too often.
 * @param {State} state
 * @param {Pieces} pieces
 */
function makeSpeaker(state, { text, play, status }) {
  let mood = "";
  let spoken = 0;
  /** @param {boolean} [aloud]  whether to speak even if nothing new has begun */
  return (aloud = false) => {
    const told = tell(sceneOf(state));
    text.textContent = typeset(told.text);
    play.textContent = state.playing ? "\u275a\u275a Pause" : "\u25b6 Train";
    const now = performance.now();
    if (aloud || (told.mood !== mood && now - spoken > 5000)) {
      mood = told.mood;
      spoken = now;
      status.say(told.text);
    }
  };
}

/**
 * Shows a state; called for each frame, and in full when there are new figures.
 * @param {State} state
 * @param {Pieces} pieces
 * @param {ReturnType<typeof makeDrawing>} drawing
 */
export function makeScreen(state, pieces, drawing) {
  const { canvas, plane, chart, table, value, steps } = pieces;
  const look = () => lookOf(/** @type {HTMLElement} */ (canvas.closest(".igl")));
  const data = () =>
    state.start.data === "own"
      ? drawnData(drawing.strokes())
      : DATA[/** @type {keyof typeof DATA} */ (state.start.data)];
  const words = makeSpeaker(state, pieces);
  const frame = () => {
    const { picture, real, arrows } = state;
    const marks = data().parts > 0 ? letters(data()) : [];
    plane.draw({ picture, real, arrows, letters: marks, cursor: drawing.cursor() }, look());
    steps.textContent = `step ${picture?.step ?? 0}`;
  };
  const figures = () => {
    chart.set(state.history, state.start.k);
    const found = state.figures;
    if (found) table.set(found.table, PART[state.start.data][0]);
    table.node.hidden = found === null || state.start.k === 1;
    value.hidden = !state.start.uniform;
    value.textContent = typeset(aboutValue(state));
    canvas.setAttribute("aria-label", aboutPlane(state));
    words();
  };
  return { frame, figures, words };
}
