// @ts-check
// explore(model): the generator itself runs here, in the page.  No server, no library.
import { paint } from "./canvas.js";
import { makeButton, makeChoice, makeSlider } from "./controls.js";
import { make, makeCard, makeStatus } from "./elements.js";
import { inputRow, runLayers, unpackFloat, unpackHalf } from "./generator.js";
import { throttle } from "./model.js";
import { drawNormal } from "./normal.js";
import { openSheet } from "./sheet.js";
import { inPageLanguage } from "./texts.js";
import {
  circularName,
  fullName,
  sayAll,
  sayAngle,
  sayCategory,
  sayValue,
  sayZ,
  uniformName,
} from "./words.js";

/**
 * @import { Layer } from "./generator.js"
 * @import { Model, View } from "./model.js"
 * @import { Codes, State } from "./words.js"
 */

/**
 * The traits of explorer.py.
 * @typedef {object} Traits
 * @property {number[]} categories
 * @property {number[]} values
 * @property {number[]} angles
 * @property {number} z_index
 * @property {number[]} z_drawn
 * @property {number[]} categorical
 * @property {number} uniform
 * @property {[number, number, number]} image_shape
 * @property {boolean} ink
 * @property {Record<string, string>} names
 * @property {string[]} labels
 * @property {DataView<ArrayBuffer>} z
 * @property {number} z_dim
 * @property {Layer[]} layers
 * @property {DataView<ArrayBuffer>} weights
 * @property {"float16" | "float32"} dtype
 * @property {DataView<ArrayBuffer>} sheet
 * @property {number[]} grid
 * @property {[number, number]} moving how many uniform and circular factors a sheet varies
 */

/** @typedef {(z: ArrayLike<number>, state: State, categories: number[]) => Float32Array} Generate */

const QUARTER = 90; // degrees: what 1 on the grid of a sheet is for an angle

/**
 * Whether G runs here; otherwise there are pictures made beforehand.
 * @param {Model<Traits>} model
 */
const isLive = (model) => model.get("layers").length > 0;

/**
 * @param {Model<Traits>} model
 * @returns {Codes}
 */
const readCodes = (model) => ({
  names: Object.fromEntries(
    Object.entries(model.get("names")).map(([code, word]) => [code, inPageLanguage(word)]),
  ),
  labels: model.get("labels").map(inPageLanguage),
  sizes: model.get("categorical"),
  uniform: model.get("uniform"),
  zCount: model.get("z").byteLength / 4 / model.get("z_dim"),
});

/**
 * @param {Model<Traits>} model
 * @returns {Promise<Generate>}
 */
async function makeGenerator(model) {
  if (!isLive(model)) {
    const [uniform, circular] = model.get("moving");
    const cut = await openSheet(model.get("sheet"), model.get("image_shape"), model.get("grid"));
    return (_, { values, angles }, categories) =>
      cut(categories, [
        ...values.slice(0, uniform),
        ...angles.slice(0, circular).map((a) => a / QUARTER),
      ]);
  }
  const unpack = model.get("dtype") === "float16" ? unpackHalf : unpackFloat;
  const W = unpack(model.get("weights"));
  const [layers, sizes] = [model.get("layers"), model.get("categorical")];
  return (z, { values, angles }, categories) =>
    runLayers(layers, W, inputRow(z, categories, sizes, values, angles));
}

/**
 * What is shown now, kept equal to the Python side without flooding it.
 * @param {Model<Traits>} model
 * @param {() => void} onNews called when Python has changed it
 */
function shareState(model, onNews) {
  /** @returns {State} */
  const read = () => ({
    categories: [...model.get("categories")],
    values: [...model.get("values")],
    angles: [...model.get("angles")],
    index: model.get("z_index"),
    drawn: [...model.get("z_drawn")],
  });
  const state = read();
  let telling = false;
  const tell = throttle(() => {
    telling = true;
    model.set("categories", [...state.categories]);
    model.set("values", [...state.values]);
    model.set("angles", [...state.angles]);
    model.set("z_drawn", [...state.drawn]);
    model.set("z_index", state.index);
    model.save_changes();
    telling = false;
  }, 100);
  for (const name of ["categories", "values", "angles", "z_index", "z_drawn"])
    model.on(`change:${name}`, () => {
      if (telling) return;
      Object.assign(state, read());
      onNews();
    });
  return { state, tell };
}

/**
 * Draw small pictures one after the other, round and round: a few at a time, each time after the
 * frame that shows the large picture, so that the page stays quick however large the generator
 * is, and none waits forever while a slider moves.
 * @param {number} count
 * @param {(index: number) => void} drawOne
 */
function drawInTurn(count, drawOne) {
  let next = 0;
  let left = 0;
  let waiting = false;
  const work = () => {
    const begin = performance.now();
    for (; left > 0 && performance.now() - begin < 12; left--, next = (next + 1) % count)
      drawOne(next);
    waiting = left > 0;
    if (waiting) requestAnimationFrame(() => setTimeout(work));
  };
  const start = () => {
    left = count;
    if (!waiting) requestAnimationFrame(() => setTimeout(work));
    waiting = true;
  };
  const stop = () => {
    left = 0;
  };
  return { start, stop };
}

/**
 * The picture, and the contact sheet: one small picture for each value of c1.
 * @param {Model<Traits>} model
 * @param {Codes} codes
 * @param {State} state
 * @param {Generate} generate
 */
function makePictures(model, codes, state, generate) {
  const [shape, ink, zDim] = [model.get("image_shape"), model.get("ink"), model.get("z_dim")];
  const shipped = unpackFloat(model.get("z"));
  const picture = make("canvas", { className: "igl-picture", role: "img" });
  const status = makeStatus();
  const small = Array.from({ length: codes.sizes[0] ?? 0 }, () =>
    make("canvas", { "aria-hidden": "true" }),
  );
  const zNow = () =>
    state.index < codes.zCount
      ? shipped.subarray(state.index * zDim, (state.index + 1) * zDim)
      : state.drawn;
  const turns = drawInTurn(small.length, (k) => {
    const categories = [k, ...state.categories.slice(1)];
    paint(small[k], generate(zNow(), state, categories), shape, ink);
  });
  /** @param {boolean} sheetToo */
  const draw = (sheetToo) => {
    paint(picture, generate(zNow(), state, state.categories), shape, ink);
    Object.assign(picture, { z: zNow() }); // like its numbers: for whoever wants to look
    picture.setAttribute("aria-label", `Generated picture: ${sayAll(codes, state)}`);
    status.say(sayAll(codes, state));
    if (sheetToo && small.length) turns.start();
  };
  const figure = make("figure", {}, picture, make("figcaption", {}, "G(z, c)"));
  return { figure, small, status, draw, stop: turns.stop };
}

/**
 * A choice for each categorical factor; that of c1 is the contact sheet.
 * @param {Codes} codes
 * @param {State} state
 * @param {HTMLCanvasElement[]} small
 * @param {(factor: number) => void} changed
 */
function makeCategories(codes, state, small, changed) {
  /**
   * @param {number} i
   * @param {number} k
   */
  const option = (i, k) => ({
    text: i === 0 && codes.labels.length ? `${k} \u2192 ${codes.labels[k]}` : String(k),
    spoken: sayCategory(codes, i, k),
    picture: i === 0 ? small[k] : undefined,
  });
  return codes.sizes.map((size, i) => {
    const name = fullName(codes, `c${i + 1}`);
    return makeChoice({
      legend: i === 0 ? `${name}: one picture for each value` : name,
      className: i === 0 ? "igl-sheet" : "igl-pills",
      options: Array.from({ length: size }, (_, k) => option(i, k)),
      value: state.categories[i],
      onInput: (k) => {
        state.categories[i] = k;
        changed(i);
      },
    });
  });
}

/**
 * A slider for each of the first `count` uniform factors.
 * @param {Codes} codes
 * @param {State} state
 * @param {number} count
 * @param {number} step
 * @param {() => void} changed
 */
function makeValues(codes, state, count, step, changed) {
  return state.values.slice(0, count).map((value, i) =>
    makeSlider({
      label: fullName(codes, uniformName(codes, i)),
      min: -2,
      max: 2,
      step,
      value,
      words: (v) => sayValue(codes, i, v),
      show: (v) => v.toFixed(2),
      inside: [-1, 1],
      marks: [
        [-2, "-2"],
        [-1, "-1"],
        [0, "trained range"],
        [1, "1"],
        [2, "2"],
      ],
      onInput: (v) => {
        state.values[i] = Math.round(v * 1e6) / 1e6;
        changed();
      },
    }),
  );
}

/**
 * A slider that goes round for each of the first `count` circular factors.
 * @param {Codes} codes
 * @param {State} state
 * @param {number} count
 * @param {number} step in degrees
 * @param {() => void} changed
 */
function makeAngles(codes, state, count, step, changed) {
  return state.angles.slice(0, count).map((value, i) =>
    makeSlider({
      label: fullName(codes, circularName(codes, i)),
      min: -180,
      max: 180,
      step,
      value,
      words: (v) => sayAngle(codes, i, v),
      show: (v) => `${v}°`,
      inside: [-180, 180],
      marks: [-180, -90, 0, 90, 180].map((v) => [v, `${v}°`]),
      round: true,
      onInput: (v) => {
        state.angles[i] = v;
        changed();
      },
    }),
  );
}

/**
 * Which z; where the generator runs in the page, also one drawn anew.
 * @param {Codes} codes
 * @param {State} state
 * @param {number} zDim
 * @param {boolean} live
 * @param {() => void} changed
 */
function makeNoise(codes, state, zDim, live, changed) {
  const { zCount } = codes;
  const numbered = Array.from({ length: zCount }, (_, i) => ({
    text: String(i + 1),
    spoken: sayZ(codes, i),
  }));
  const own = { text: "drawn", spoken: sayZ(codes, zCount) };
  const redraw = () => {
    state.drawn = drawNormal(zDim, Math.floor(Math.random() * 2 ** 31));
  };
  const choice = makeChoice({
    legend: "Noise z",
    className: "igl-pills",
    options: live ? [...numbered, own] : numbered,
    value: state.index,
    onInput: (i) => {
      if (i === zCount && !state.drawn.length) redraw();
      state.index = i;
      changed();
    },
  });
  const fresh = makeButton("Draw a new z", () => {
    redraw();
    state.index = zCount;
    choice.set(zCount);
    changed();
  });
  const nodes = live || zCount > 1 ? [choice.node] : [];
  return { nodes, buttons: live ? [fresh] : [], set: choice.set };
}

/**
 * @param {string} steps
 * @param {boolean} more whether there are codes that the sheet does not vary
 */
const sheetNote = (steps, more) =>
  make(
    "p",
    { className: "igl-note" },
    "Precomputed pictures: this generator is too large for a page. " +
      `The sliders move in steps of ${steps}` +
      (more ? ", and the other codes stay at 0." : "."),
  );

/**
 * Every control; `change` draws the large picture, and the contact sheet unless told otherwise.
 * @param {Model<Traits>} model
 * @param {Codes} codes
 * @param {State} state
 * @param {HTMLCanvasElement[]} small
 * @param {(sheetToo: boolean) => void} change
 */
function makeControls(model, codes, state, small, change) {
  const live = isLive(model);
  const [uniform, circular] = live
    ? [state.values.length, state.angles.length]
    : model.get("moving");
  const step = live ? 0.05 : model.get("grid")[1] - model.get("grid")[0];
  const degrees = live ? 5 : step * QUARTER;
  const choices = makeCategories(codes, state, small, (factor) => change(factor > 0));
  const sliders = makeValues(codes, state, uniform, step, () => change(true));
  const dials = makeAngles(codes, state, circular, degrees, () => change(true));
  const noise = makeNoise(codes, state, model.get("z_dim"), live, () => change(true));
  const set = () => {
    for (const [i, choice] of choices.entries()) choice.set(state.categories[i]);
    for (const [i, slider] of sliders.entries()) slider.set(state.values[i]);
    for (const [i, dial] of dials.entries()) dial.set(state.angles[i]);
    noise.set(state.index);
  };
  const stop = () => {
    for (const slider of [...sliders, ...dials]) slider.stop();
  };
  const steps = [...(uniform ? [`${step}`] : []), ...(circular ? [`${degrees}°`] : [])];
  const more = state.values.length + state.angles.length > uniform + circular;
  const [sheet, ...others] = choices.map((choice) => choice.node);
  return {
    sheet: sheet ? [sheet] : [],
    nodes: [...others, ...[...sliders, ...dials].map((slider) => slider.node)],
    noise,
    notes: live ? [] : [sheetNote(steps.join(" and "), more)],
    set,
    stop,
  };
}

/** @param {View<Traits>} view */
async function render({ model, el }) {
  const codes = readCodes(model);
  const generate = await makeGenerator(model);
  const { state, tell } = shareState(model, () => show());
  const start = structuredClone(state);
  const pictures = makePictures(model, codes, state, generate);
  const controls = makeControls(model, codes, state, pictures.small, (sheetToo) => {
    pictures.draw(sheetToo);
    tell();
  });
  const show = () => {
    controls.set();
    pictures.draw(true);
  };
  const reset = makeButton("Reset", () => {
    controls.stop();
    Object.assign(state, structuredClone(start));
    show();
    tell();
  });
  const buttons = make("div", { className: "igl-buttons" }, ...controls.noise.buttons, reset);
  const parts = [
    make("div", { className: "igl-pictures" }, pictures.figure, ...controls.sheet),
    make("div", { className: "igl-controls" }, ...controls.nodes),
    make("div", { className: "igl-bottom" }, ...controls.noise.nodes, buttons),
  ];
  const { status } = pictures;
  el.append(
    makeCard("igl-explore", "Explorer of the codes", ...parts, ...controls.notes, status.node),
  );
  pictures.draw(true);
  return () => {
    controls.stop();
    pictures.stop();
  };
}

export default { render };
