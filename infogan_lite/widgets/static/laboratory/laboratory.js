// @ts-check
// laboratory(): a small InfoGAN that learns in the page.  The worker trains, this draws.
import { calm, makeButton } from "../controls.js";
import { make, makeCard } from "../elements.js";
import { momentOf, remember } from "./charts.js";
import { makeDrawing } from "./drawing.js";
import { makeControls, makeSwitch, makeTrials } from "./panel.js";
import { firstState } from "./scenes.js";
import { makePieces, makeScreen } from "./screen.js";

/** @import { View } from "../model.js" */
/** @typedef {import("./scenes.js").Traits} Traits */
/** @typedef {import("./scenes.js").State} State */
/** @typedef {import("./screen.js").Pieces} Pieces */
/** @typedef {import("./workshop.js").Sent} Sent */
/** @typedef {import("./game.js").Rules} Rules */
/** @typedef {import("./workshop.js").Wish} Wish */
/** @typedef {import("./workshop.js").Start} Start */

const WORKER_TEXT = ""; // laboratory.py puts the text of worker.js here

/** A worker from text, which a page opened from a file may start as well. */
function startWorker() {
  const url = URL.createObjectURL(new Blob([WORKER_TEXT], { type: "text/javascript" }));
  const worker = new Worker(url);
  return {
    worker,
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/**
 * The worker, and what comes from it.
 * @param {State} state
 * @param {HTMLElement} el
 * @param {() => ReturnType<typeof makeScreen>} screen
 */
function makeCrew(state, el, screen) {
  const { worker, end } = startWorker();
  let frames = 0,
    asked = 0;
  /** @param {Wish} wish */
  const wish = (wish) => worker.postMessage(wish);
  function paint() {
    screen().frame();
    el.dataset.frames = String(++frames);
    wish({ kind: "painted" });
  }
  worker.addEventListener("message", ({ data }) => {
    const message = /** @type {Sent} */ (data);
    if (message.turn !== state.turn) {
      if (message.kind === "picture") wish({ kind: "painted" });
      return; // of other nets or other points than those that the page now shows
    }
    if (message.kind === "picture") {
      state.picture = message;
      for (let i = 0; i < message.real.length; i += 2) {
        if (i === 0) state.real = [];
        state.real.push([message.real[i], message.real[i + 1]]);
      }
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(paint);
      if (!state.playing) screen().words();
    } else {
      state.figures = message;
      state.history = remember(state.history, momentOf(message, state.start.k));
      el.dataset.step = String(message.step);
      screen().figures();
    }
  });
  worker.addEventListener("error", (event) => {
    el.querySelector(".igl-story")?.replaceChildren(
      `The nets cannot be trained here: ${event.message}.`,
    );
  });
  return { wish, end };
}

/**
 * Nobody sees it, or it is to pause: then the worker stands still.
 * @param {State} state
 * @param {ReturnType<typeof makeCrew>} crew
 */
function tellPace({ playing, visible, pace }, crew) {
  if (playing && visible && !document.hidden) crew.wish({ kind: "play", pace, calm: calm() });
  else crew.wish({ kind: "pause" });
}

/**
 * What the controls do.
 * @param {State} state
 * @param {ReturnType<typeof makeCrew>} crew
 * @param {() => ReturnType<typeof makeScreen>} screen
 */
function makeActions(state, crew, screen) {
  const sync = () => tellPace(state, crew);
  /** @param {boolean} playing */
  const play = (playing) => {
    state.playing = playing;
    sync();
    screen().words(true);
  };
  const restart = () => {
    Object.assign(state, { picture: null, figures: null, history: [], real: [] });
    crew.wish({ kind: "restart", start: state.start, rules: state.rules, turn: ++state.turn });
    screen().figures();
  };
  return {
    play,
    restart,
    sync,
    half() {
      if (state.playing) play(false);
      crew.wish({ kind: "half" });
    },
    /** @param {Partial<Rules>} some */
    rules(some) {
      state.rules = { ...state.rules, ...some };
      crew.wish({ kind: "rules", rules: state.rules });
      screen().words();
    },
    /** @param {Partial<Start>} some */
    begin(some) {
      state.start = { ...state.start, ...some };
      restart();
    },
    /** @param {number} pace */
    pace(pace) {
      state.pace = pace;
      if (state.playing) sync();
    },
  };
}

/** @typedef {ReturnType<typeof makeActions>} Actions */

/** What the marks in the plane mean. */
function makeKey() {
  const key = make("p", { className: "igl-key" });
  const item = (/** @type {string} */ mark, /** @type {string} */ words) =>
    key.append(make("span", { className: `igl-mark ${mark}` }), `${words} `);
  item("igl-mark-real", "real");
  item("igl-mark-code", "generated: c1 by color, shape, number");
  item("igl-mark-shade", "here D says \u201cgenerated\u201d");
  return key;
}

/**
 * @param {string} className
 * @param {...(Node | string)} children
 */
const box = (className, ...children) => make("div", { className }, ...children);

/**
 * The row of buttons below the plane.
 * @param {Pieces} pieces
 * @param {State} state
 * @param {Actions} act
 * @param {() => void} redraw
 * @param {HTMLElement} clear
 */
function makeButtons({ play, seed, steps }, state, act, redraw, clear) {
  const half = makeButton("One half step", act.half);
  const arrows = makeSwitch("Arrows", state.arrows, (on) => {
    state.arrows = on;
    redraw();
  });
  play.addEventListener("click", () => act.play(!state.playing));
  const again = () => {
    seed.value = String(Number(seed.value) >>> 0);
    act.begin({ seed: Number(seed.value) });
  };
  seed.addEventListener("change", again);
  const seedLabel = make("label", {}, "Seed ", seed);
  return box("igl-row", half, makeButton("Restart", again), seedLabel, arrows.node, clear, steps);
}

/**
 * @param {Pieces} pieces
 * @param {State} state
 * @param {Actions} act
 * @param {() => void} redraw
 * @param {HTMLElement} clear
 */
function layOut(pieces, state, act, redraw, clear) {
  const controls = makeControls(state, act);
  const { lambda, k, batch, rateD, rateG, data, pace, uniform } = controls;
  const { canvas, chart, table, text, status, value, play } = pieces;
  const under = box("igl-under", lambda.node, k.node);
  const more = make("details", { className: "igl-more" }, make("summary", {}, "More to turn"));
  more.append(box("igl-controls", batch.node, rateD.node, rateG.node));
  return makeCard(
    "igl-lab",
    "InfoGAN laboratory",
    makeTrials(state, act, controls),
    box("igl-desk", play, text),
    box(
      "igl-lab-charts",
      box("", canvas, makeKey(), under),
      box("", chart.node, table.node, value),
    ),
    makeButtons(pieces, state, act, redraw, clear),
    box("igl-row igl-last", data.node, pace.node, uniform.node),
    more,
    status.node,
  );
}

/**
 * The plane takes keys and a pen only where one draws one's own data.
 * @param {HTMLElement} card
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} clear
 * @param {() => boolean} active
 */
function followData(card, canvas, clear, active) {
  const follow = () => {
    canvas.tabIndex = active() ? 0 : -1;
    canvas.setAttribute("role", active() ? "application" : "img");
    clear.hidden = !active();
  };
  card.addEventListener("input", follow);
  card.addEventListener("click", follow);
  follow();
}

/** @param {View<Traits>} view */
function render({ model, el }) {
  const state = firstState(model);
  const pieces = makePieces(state);
  const { canvas } = pieces;
  /** @type {ReturnType<typeof makeScreen>} */
  let screen;
  const crew = makeCrew(state, el, () => screen);
  const act = makeActions(state, crew, () => screen);
  const active = () => state.start.data === "own";
  const drawing = makeDrawing(canvas, active, (strokes) => {
    state.start = { ...state.start, strokes };
    if (!strokes.length) {
      state.figures = null;
      state.real = [];
      act.play(false);
    }
    crew.wish({ kind: "strokes", strokes, turn: ++state.turn });
    screen.frame();
  });
  screen = makeScreen(state, pieces, drawing);
  const frame = () => screen.frame();
  const clear = makeButton("Clear the drawing", drawing.clear);
  const card = layOut(pieces, state, act, frame, clear);
  el.append(card);
  followData(card, canvas, clear, active);
  for (const name of ["focus", "blur"]) canvas.addEventListener(name, frame);
  const unwatch = watch(card, frame, state, act);
  act.restart();
  return () => {
    unwatch();
    crew.end();
  };
}

/**
 * Out of sight the nets rest; a change of theme is drawn at once.
 * @param {HTMLElement} root
 * @param {() => void} frame
 * @param {State} state
 * @param {Actions} act
 */
function watch(root, frame, state, act) {
  const sight = new IntersectionObserver((all) => {
    const visible = all[all.length - 1].isIntersecting;
    if (visible === state.visible) return;
    state.visible = visible;
    act.sync();
  });
  const theme = new MutationObserver(frame),
    dark = matchMedia("(prefers-color-scheme: dark)");
  sight.observe(root);
  for (const place of [document.documentElement, document.body])
    theme.observe(place, { attributes: true });
  document.addEventListener("visibilitychange", act.sync);
  dark.addEventListener("change", frame);
  return () => {
    sight.disconnect();
    theme.disconnect();
    document.removeEventListener("visibilitychange", act.sync);
    dark.removeEventListener("change", frame);
  };
}

export default { render };
