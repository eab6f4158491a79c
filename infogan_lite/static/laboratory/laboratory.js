// @ts-check
// laboratory(): a small InfoGAN that learns in the page.  The worker trains, this draws.
import { DATA, drawnData, letterOf, letters } from "./data.js";
import { makeInformationChart, momentOf, remember } from "./charts.js";
import { makeDrawing } from "./drawing.js";
import { makePlane } from "./plane.js";
import { MOST_CODES, NAMES, PACES, TRIALS, firstState, sameStart } from "./scenes.js";
import { PART, lambdaText, tell } from "./story.js";

/** @typedef {import("./scenes.js").State} State */
/** @typedef {import("./scenes.js").Trial} Trial */
/** @typedef {import("./workshop.js").Figures} Figures */
/** @typedef {import("./workshop.js").Picture} Picture */
/** @typedef {import("./workshop.js").Wish} Wish */
/** @typedef {import("./workshop.js").Start} Start */

/** A worker from text, which a page opened from a file may start as well. */
function startWorker() {
  const url = URL.createObjectURL(new Blob([WORKER_TEXT], { type: "text/javascript" }));
  const worker = new Worker(url);
  return { worker, end: () => { worker.terminate(); URL.revokeObjectURL(url); } };
}

/** @param {string} label  @param {string} className  @param {() => void} onClick */
function makeButton(label, className, onClick) {
  const button = make("button", { type: "button", className: `igl-button ${className}` }, label);
  button.addEventListener("click", onClick);
  return button;
}

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} onInput
 */
function makeSwitch(label, checked, onInput) {
  const input = make("input", { type: "checkbox", checked });
  input.addEventListener("input", () => onInput(input.checked));
  return { node: make("label", { className: "igl-switch" }, input, label), input };
}

/** The table of code against part; made anew when either number changes. */
function makeTable() {
  const node = make("div", { className: "igl-lab-table" });
  let size = "", /** @type {ReturnType<typeof makeHeat> | null} */ heat = null;
  /** @type {number[][]} */
  let shares = [];
  /** @param {number[][]} table  @param {string} part */
  function set(table, part) {
    shares = table.map((row) => row.map((v) => v / Math.max(1, row.reduce((s, w) => s + w, 0))));
    const next = `${table.length} ${table[0].length} ${part}`;
    if (heat === null || next !== size) {
      heat = makeHeat({ rows: table.map((_, i) => String(i)), columns: table[0].map((_, i) => letterOf(i)),
        title: "Where the points of each code lie, in percent", xlabel: part, ylabel: "code c1",
        format: (v) => (v < 0.005 ? "" : String(Math.round(100 * v))) });
      node.replaceChildren(heat.node);
      size = next;
    }
    heat.set(shares, shares.map((row, i) => { const most = Math.max(...row);
      return `code ${i}: ${Math.round(100 * most)}% at ${part} ${letterOf(row.indexOf(most))}`; }).join(", "));
  }
  return { node, set };
}

/** @param {HTMLElement} root */
function lookOf(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { paper: read("--card"), shade: read("--shade"), real: read("--real"), ink: read("--ink") };
}

/**
 * The pieces of the page, without anything that happens.
 * @param {State} state
 */
function makePieces(state) {
  const side = 420 * Math.min(2, Math.max(1, devicePixelRatio));
  const canvas = make("canvas", { className: "igl-plane", width: side, height: side, role: "img" });
  return { canvas, plane: makePlane(canvas), chart: makeInformationChart(), table: makeTable(),
    text: make("p", { className: "igl-story" }), status: makeStatus(),
    value: make("p", { className: "igl-note" }),
    play: make("button", { type: "button", className: "igl-button igl-main" }),
    seed: make("input", { type: "number", min: 0, max: 4294967295, step: 1, value: state.start.seed,
      className: "igl-seed" }),
    steps: make("span", { className: "igl-steps" }) };
}

/** @typedef {ReturnType<typeof makePieces>} Pieces */

/** @param {State} state */
function aboutValue({ start, figures }) {
  const color = start.k === 1 ? "Color: c2, from -1 (blue) to 1 (yellow). " : "";
  const line = "Line: the way of G(0, c1, c2) as c2 goes from -1 to 1, where the dot is.";
  return color + line + (figures ? ` L_I of c2 = ${figures.boundValue.toFixed(2)}, I(c2; x) = ` +
    `${figures.truthValue.toFixed(2)} nats; where x tells nothing, L_I is -0.18 at best.` : "");
}

/** @param {State} state */
const aboutPlane = ({ start }) => (start.data === "own"
  ? "Plane to draw in: arrow keys move the cross, Enter sets a spot"
  : `Plane with ${NAMES[/** @type {keyof typeof NAMES} */ (start.data)]}, the points of ` +
    `${start.k} codes and what D believes`);

/**
 * Shows a state; called for each frame, and in full when there are new figures.
 * @param {State} state
 * @param {Pieces} pieces
 * @param {ReturnType<typeof makeDrawing>} drawing
 */
function makeScreen(state, pieces, drawing) {
  const { canvas, plane, chart, table, text, value, play, steps } = pieces;
  const look = () => lookOf(/** @type {HTMLElement} */ (canvas.closest(".igl")));
  const data = () => (state.start.data === "own" ? drawnData(drawing.strokes())
    : DATA[/** @type {keyof typeof DATA} */ (state.start.data)]);
  let mood = "", spoken = 0;

  function frame() {
    plane.draw({ picture: state.picture, real: state.real, arrows: state.arrows,
      letters: data().parts > 0 ? letters(data()) : [], cursor: drawing.cursor() }, look());
    steps.textContent = `step ${state.picture?.step ?? 0}`;
  }
  /** @param {boolean} [aloud]  whether to speak even if nothing new has begun */
  function words(aloud = false) {
    const told = tell({ ...state.start, lambda: state.rules.lambda, playing: state.playing,
      figures: state.figures, step: state.picture?.step ?? 0, half: state.picture?.half ?? false });
    text.textContent = typeset(told.text);
    play.textContent = state.playing ? "\u275a\u275a Pause" : "\u25b6 Train";
    const now = performance.now();
    if (aloud || (told.mood !== mood && now - spoken > 5000)) {
      mood = told.mood;
      spoken = now;
      pieces.status.say(told.text);
    }
  }
  function figures() {
    chart.set(state.history, state.start.k);
    const f = state.figures, part = PART[state.start.data];
    if (f) table.set(f.table, part);
    table.node.hidden = f === null || state.start.k === 1;
    value.hidden = !state.start.uniform;
    value.textContent = typeset(aboutValue(state));
    canvas.setAttribute("aria-label", aboutPlane(state));
    words();
  }
  return { frame, figures, words };
}

/**
 * The worker, and what comes from it.
 * @param {State} state
 * @param {HTMLElement} el
 * @param {() => ReturnType<typeof makeScreen>} screen
 */
function makeCrew(state, el, screen) {
  const { worker, end } = startWorker();
  let frames = 0, asked = 0;
  /** @param {Wish} wish */
  const wish = (wish) => worker.postMessage(wish);
  function paint() {
    screen().frame();
    el.dataset.frames = String(++frames);
    wish({ kind: "painted" });
  }
  worker.addEventListener("message", ({ data }) => {
    const message = /** @type {Picture | Figures} */ (data);
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
    el.querySelector(".igl-story")?.replaceChildren(`The nets cannot be trained here: ${event.message}.`);
  });
  return { wish, end };
}

/**
 * What the controls do.
 * @param {State} state
 * @param {ReturnType<typeof makeCrew>} crew
 * @param {() => ReturnType<typeof makeScreen>} screen
 */
function makeActions(state, crew, screen) {
  let visible = true;
  const sync = () => crew.wish(state.playing && visible && !document.hidden
    ? { kind: "play", pace: state.pace, calm: calm() } : { kind: "pause" });
  /** @param {boolean} playing */
  const play = (playing) => { state.playing = playing; sync(); screen().words(true); };
  const restart = () => {
    state.picture = state.figures = null;
    state.history = [];
    state.real = [];
    crew.wish({ kind: "restart", start: state.start, rules: state.rules });
    screen().figures();
  };
  return {
    play, restart,
    half() { if (state.playing) play(false); crew.wish({ kind: "half" }); },
    /** @param {Partial<import("./game.js").Rules>} some */
    rules(some) {
      state.rules = { ...state.rules, ...some };
      crew.wish({ kind: "rules", rules: state.rules });
      screen().words();
    },
    /** @param {Partial<Start>} some */
    begin(some) { state.start = { ...state.start, ...some }; restart(); },
    /** @param {number} pace */
    pace(pace) { state.pace = pace; if (state.playing) sync(); },
    /** @param {boolean} seen */
    seen(seen) { if (seen !== visible) { visible = seen; sync(); } },
    sync,
  };
}

/** @typedef {ReturnType<typeof makeActions>} Actions */

/**
 * @param {State} state
 * @param {Actions} act
 */
function makeControls(state, act) {
  const names = Object.keys(NAMES);
  const slider = (/** @type {string} */ label, /** @type {number} */ min, /** @type {number} */ max,
    /** @type {number} */ step, /** @type {number} */ value, /** @type {(v: number) => string} */ show,
    /** @type {[number, string][]} */ marks, /** @type {(v: number) => void} */ onInput) =>
    makeSlider({ label, min, max, step, value, show, words: (v) => `${label} ${show(v)}`, marks, onInput });
  const rate = (/** @type {number} */ v) => (10 ** v).toFixed(4);
  return {
    data: makeChoice({ legend: "Data", className: "igl-pills", value: names.indexOf(state.start.data),
      options: Object.values(NAMES).map((name) => [name]), onInput: (i) => act.begin({ data: names[i] }) }),
    lambda: slider("\u03bb, the reward for a readable code", 0, 2, 0.05, state.rules.lambda, lambdaText,
      [[0, "plain GAN"], [1, "1"], [2, "2"]], (lambda) => act.rules({ lambda })),
    k: slider("Codes K", 1, MOST_CODES, 1, state.start.k, String, [[1, "1"], [8, "8"], [12, "12"]],
      (k) => act.begin({ k })),
    batch: slider("Batch", 16, 256, 16, state.rules.batch, String, [[16, "16"], [256, "256"]],
      (batch) => act.rules({ batch })),
    rateD: slider("Learning rate of D and Q", -4, -2, 0.05, Math.log10(state.rules.rateD), rate,
      [[-4, "0.0001"], [-2, "0.01"]], (v) => act.rules({ rateD: 10 ** v })),
    rateG: slider("Learning rate of G", -4, -2, 0.05, Math.log10(state.rules.rateG), rate,
      [[-4, "0.0001"], [-2, "0.01"]], (v) => act.rules({ rateG: 10 ** v })),
    uniform: makeSwitch("Continuous code c2 as well", state.start.uniform, (uniform) => act.begin({ uniform })),
    pace: makeChoice({ legend: "Speed", className: "igl-pills", value: PACES.findIndex(([, p]) => p === state.pace),
      options: PACES.map(([name, pace]) => [name, pace === Infinity ? "as fast as it goes" : `${pace} steps a second`]),
      onInput: (i) => act.pace(PACES[i][1]) }),
  };
}

/**
 * The things to try, as buttons: each sets the controls and lets the nets learn.
 * @param {State} state
 * @param {Actions} act
 * @param {ReturnType<typeof makeControls>} controls
 */
function makeTrials(state, act, controls) {
  const list = make("ol", { className: "igl-trials", "aria-label": "Try in turn" });
  const follow = (/** @type {Trial} */ { start, lambda }) => {
    const goOn = sameStart(state.start, start) && lambda > state.rules.lambda;
    state.rules.lambda = lambda;
    if (!goOn) act.begin(start);
    act.rules({ lambda });
    controls.lambda.set(lambda);
    controls.k.set(state.start.k);
    controls.uniform.input.checked = state.start.uniform;
    controls.data.set(Object.keys(NAMES).indexOf(state.start.data));
    act.play(true);
  };
  TRIALS.forEach((trial, i) => {
    const button = makeButton(trial.name, "", () => {
      follow(trial);
      for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    });
    button.setAttribute("aria-pressed", "false");
    button.title = trial.hint;
    button.prepend(make("span", { className: "igl-number" }, String(i + 1)));
    list.append(make("li", {}, button));
  });
  return list;
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
  const { canvas, chart, table, text, status, value, play, seed, steps } = pieces;
  const half = makeButton("One half step", "", act.half);
  const arrows = makeSwitch("Arrows", state.arrows, (on) => { state.arrows = on; redraw(); });
  play.addEventListener("click", () => act.play(!state.playing));
  const again = () => { seed.value = String(Number(seed.value) >>> 0); act.begin({ seed: Number(seed.value) }); };
  seed.addEventListener("change", again);
  const key = make("p", { className: "igl-key" });
  const item = (/** @type {string} */ mark, /** @type {string} */ words) =>
    key.append(make("span", { className: `igl-mark ${mark}` }), `${words} `);
  item("igl-mark-real", "real");
  item("igl-mark-code", "generated: c1 by color, shape, number");
  item("igl-mark-shade", "here D says \u201cgenerated\u201d");
  const more = make("details", { className: "igl-more" }, make("summary", {}, "More to turn"),
    make("div", { className: "igl-controls" }, controls.batch.node, controls.rateD.node, controls.rateG.node));
  return make("section", { className: "igl igl-lab", "aria-label": "InfoGAN laboratory" },
    makeTrials(state, act, controls),
    make("div", { className: "igl-desk" }, play, text),
    make("div", { className: "igl-lab-charts" },
      make("div", {}, canvas, key, make("div", { className: "igl-under" }, controls.lambda.node, controls.k.node)),
      make("div", {}, chart.node, table.node, value)),
    make("div", { className: "igl-row" }, half, makeButton("Restart", "", again),
      make("label", {}, "Seed ", seed), arrows.node, clear, steps),
    make("div", { className: "igl-row igl-last" }, controls.data.node, controls.pace.node, controls.uniform.node),
    more, status.node);
}

/** @param {{model: WidgetModel, el: HTMLElement}} context */
function render({ model, el }) {
  const state = firstState(model), pieces = makePieces(state), { canvas } = pieces;
  /** @type {ReturnType<typeof makeScreen>} */
  let screen;
  const crew = makeCrew(state, el, () => screen), act = makeActions(state, crew, () => screen);
  const active = () => state.start.data === "own";
  const drawing = makeDrawing(canvas, active, (strokes) => {
    state.start = { ...state.start, strokes };
    if (!strokes.length) { state.figures = null; state.real = []; act.play(false); }
    crew.wish({ kind: "strokes", strokes });
    screen.frame();
  });
  screen = makeScreen(state, pieces, drawing);
  const clear = makeButton("Clear the drawing", "", drawing.clear);
  const root = layOut(pieces, state, act, () => screen.frame(), clear);
  // A notebook listens for single letters: none may reach it from here.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);
  const follow = () => {
    canvas.tabIndex = active() ? 0 : -1;
    canvas.setAttribute("role", active() ? "application" : "img");
    clear.hidden = !active();
  };
  root.addEventListener("input", follow);
  root.addEventListener("click", follow);
  follow();
  const frame = () => screen.frame();
  for (const name of ["focus", "blur"]) canvas.addEventListener(name, frame);
  const stop = watch(root, frame, act);
  act.restart();
  return () => { stop(); crew.end(); };
}

/**
 * Out of sight the nets rest; a change of theme is drawn at once.
 * @param {HTMLElement} root
 * @param {() => void} frame
 * @param {Actions} act
 */
function watch(root, frame, act) {
  const sight = new IntersectionObserver((all) => act.seen(all[all.length - 1].isIntersecting));
  const theme = new MutationObserver(frame), dark = matchMedia("(prefers-color-scheme: dark)");
  sight.observe(root);
  for (const place of [document.documentElement, document.body]) theme.observe(place, { attributes: true });
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
