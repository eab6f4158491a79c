// explore(model): the generator itself runs here, in the page.  No server, no library.

// --- The generator: a list of layers and a block of numbers ---------------------------

/** float16 to float32, number by number. */
function unpackHalf(view) {
  const numbers = new Float32Array(view.byteLength / 2);
  for (let i = 0; i < numbers.length; i++) {
    const bits = view.getUint16(2 * i, true);
    const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, rest = bits & 1023;
    numbers[i] = sign * (exponent === 0 ? rest * 2 ** -24
      : exponent === 31 ? (rest ? NaN : Infinity)
      : (1 + rest / 1024) * 2 ** (exponent - 15));
  }
  return numbers;
}

function unpackFloat(view) {
  const numbers = new Float32Array(view.byteLength / 4);
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat32(4 * i, true);
  return numbers;
}

/** One layer: x = {data, shape}, shape [n] or [channels, height, width], to the next x. */
const LAYERS = {
  linear({ data }, layer, W) {
    const n = layer.in, out = new Float32Array(layer.out);
    for (let o = 0; o < layer.out; o++) {
      let sum = layer.bias < 0 ? 0 : W[layer.bias + o];
      for (let i = 0, w = layer.weight + o * n; i < n; i++) sum += W[w + i] * data[i];
      out[o] = sum;
    }
    return { data: out, shape: [layer.out] };
  },
  affine({ data, shape }, layer, W) {
    const area = data.length / layer.in;
    const out = data.map((v, i) => {
      const channel = Math.floor(i / area);
      return v * W[layer.scale + channel] + W[layer.shift + channel];
    });
    return { data: out, shape };
  },
  leaky({ data, shape }, { slope }) {
    return { data: data.map((v) => (v > 0 ? v : slope * v)), shape };
  },
  sigmoid({ data, shape }) {
    return { data: data.map((v) => 1 / (1 + Math.exp(-v))), shape };
  },
  tanh({ data, shape }) {
    return { data: data.map(Math.tanh), shape };
  },
  reshape({ data }, { shape }) {
    return { data, shape };
  },
  conv({ data, shape: [, h, w] }, layer, W) {
    const { in: n, out: m, kernel: k, stride, padding } = layer;
    const H = Math.floor((h + 2 * padding - k) / stride) + 1;
    const V = Math.floor((w + 2 * padding - k) / stride) + 1;
    const out = filled(m, H * V, layer, W);
    for (let o = 0; o < m; o++) for (let c = 0; c < n; c++)
      for (let ky = 0; ky < k; ky++) for (let kx = 0; kx < k; kx++) {
        const weight = W[layer.weight + ((o * n + c) * k + ky) * k + kx];
        for (let y = 0; y < H; y++) {
          const iy = y * stride - padding + ky;
          if (iy < 0 || iy >= h) continue;
          for (let x = 0; x < V; x++) {
            const ix = x * stride - padding + kx;
            if (ix >= 0 && ix < w) out[(o * H + y) * V + x] += weight * data[(c * h + iy) * w + ix];
          }
        }
      }
    return { data: out, shape: [m, H, V] };
  },
  conv_transpose({ data, shape: [, h, w] }, layer, W) {
    const { in: n, out: m, kernel: k, stride, padding } = layer;
    const H = (h - 1) * stride - 2 * padding + k + layer.extra;
    const V = (w - 1) * stride - 2 * padding + k + layer.extra;
    const out = filled(m, H * V, layer, W);
    // Each pixel that is not 0 stamps its kernel onto the larger picture.
    for (let c = 0; c < n; c++) for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
      const v = data[(c * h + y) * w + x];
      if (v === 0) continue;
      const left = x * stride - padding, top = y * stride - padding;
      const kx0 = Math.max(0, -left), kx1 = Math.min(k, V - left);
      const ky0 = Math.max(0, -top), ky1 = Math.min(k, H - top);
      for (let o = 0; o < m; o++) for (let ky = ky0; ky < ky1; ky++) {
        const from = layer.weight + ((c * m + o) * k + ky) * k;
        const to = (o * H + top + ky) * V + left;
        for (let kx = kx0; kx < kx1; kx++) out[to + kx] += v * W[from + kx];
      }
    }
    return { data: out, shape: [m, H, V] };
  },
  /** A smooth map of the plane, steered by z and the uniform factors: infogan_lite.bend. */
  bend({ data, shape: [n, h, w] }, layer, W, row) {
    const steer = [...row.slice(0, layer.z), ...row.slice(row.length - layer.uniform)];
    const { data: b } = LAYERS.linear({ data: steer }, layer, W);
    const p = layer.points, out = new Float32Array(data.length);
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
      const u = (2 * x + 1) / w - 1, v = (2 * y + 1) / h - 1;
      const px = (x * (p - 1)) / (w - 1), py = (y * (p - 1)) / (h - 1);
      const gx = u + b[0] * u + b[1] * v + b[2] + mixed(b, 6, p, p, px, py);
      const gy = v + b[3] * u + b[4] * v + b[5] + mixed(b, 6 + p * p, p, p, px, py);
      const ix = Math.min(Math.max(((gx + 1) * w - 1) / 2, 0), w - 1);
      const iy = Math.min(Math.max(((gy + 1) * h - 1) / 2, 0), h - 1);
      for (let c = 0; c < n; c++)
        out[(c * h + y) * w + x] = mixed(data, c * h * w, h, w, ix, iy) + 10 * b[layer.out - 1];
    }
    return { data: out, shape: [n, h, w] };
  },
  upsample({ data, shape: [n, h, w] }, { factor: f }) {
    const out = new Float32Array(data.length * f * f);
    for (let c = 0; c < n; c++) for (let y = 0; y < h * f; y++) for (let x = 0; x < w * f; x++)
      out[(c * h * f + y) * w * f + x] = data[(c * h + Math.floor(y / f)) * w + Math.floor(x / f)];
    return { data: out, shape: [n, h * f, w * f] };
  },
  shuffle({ data, shape: [n, h, w] }, { factor: f }) {
    const m = n / (f * f), out = new Float32Array(data.length);
    for (let c = 0; c < m; c++) for (let y = 0; y < h * f; y++) for (let x = 0; x < w * f; x++) {
      const from = c * f * f + (y % f) * f + (x % f);
      out[(c * h * f + y) * w * f + x] = data[(from * h + Math.floor(y / f)) * w + Math.floor(x / f)];
    }
    return { data: out, shape: [m, h * f, w * f] };
  },
};

/** The value at (x, y) between the numbers of an h by w table that starts at `from`. */
function mixed(table, from, h, w, x, y) {
  const x0 = Math.floor(x), y0 = Math.floor(y), fx = x - x0, fy = y - y0;
  const x1 = Math.min(x0 + 1, w - 1), y1 = Math.min(y0 + 1, h - 1);
  const top = table[from + y0 * w + x0] * (1 - fx) + table[from + y0 * w + x1] * fx;
  const bottom = table[from + y1 * w + x0] * (1 - fx) + table[from + y1 * w + x1] * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Room for m channels, filled with the bias. */
function filled(m, area, layer, W) {
  const out = new Float32Array(m * area);
  if (layer.bias >= 0)
    for (let o = 0; o < m; o++) out.fill(W[layer.bias + o], o * area, (o + 1) * area);
  return out;
}

/** The generator: (z, categories, values) => numbers of a picture. */
function liveGenerator(model) {
  const view = model.get("weights");
  const W = model.get("dtype") === "float16" ? unpackHalf(view) : unpackFloat(view);
  const layers = model.get("layers"), sizes = model.get("categorical");
  return (z, categories, values) => {
    const oneHot = sizes.flatMap((k, i) => Array.from({ length: k }, (_, j) => +(categories[i] === j)));
    const row = Float32Array.from([...z, ...oneHot, ...values]);
    let x = { data: row };
    for (const layer of layers) x = LAYERS[layer.kind](x, layer, W, row);
    return x.data;
  };
}

/** The fallback: pictures made beforehand, on one sheet; the nearest one is cut out. */
async function sheetGenerator(model) {
  const sheet = await decodePicture(model.get("sheet"));
  const [channels, h, w] = model.get("image_shape"), grid = model.get("grid");
  const canvas = make("canvas", { width: sheet.width, height: sheet.height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(sheet, 0, 0);
  const nearest = (v) => grid.reduce((best, g, i) =>
    Math.abs(g - v) < Math.abs(grid[best] - v) ? i : best, 0);
  const moving = Math.min(2, model.get("uniform"));
  const count = grid.length ** moving, perRow = Math.floor(sheet.width / w);
  return (z, categories, values) => {
    const place = values.slice(0, moving).reduce((sum, v) => sum * grid.length + nearest(v), 0);
    const frame = (categories[0] ?? 0) * count + place;
    const x = (frame % perRow) * w, y = Math.floor(frame / perRow) * h;
    const { data } = context.getImageData(x, y, w, h);
    return Float32Array.from({ length: channels * h * w }, (_, i) =>
      data[4 * (i % (h * w)) + Math.floor(i / (h * w))] / 255);
  };
}

/** n numbers from a standard normal: Mulberry32, then Box and Muller. */
function drawNormal(n, seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Array.from({ length: n }, () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()));
}

// --- The controls ---------------------------------------------------------------------

async function render({ model, el }) {
  const live = model.get("layers").length > 0;
  const generate = live ? liveGenerator(model) : await sheetGenerator(model);
  const ink = model.get("ink"), shape = model.get("image_shape"), sizes = model.get("categorical");
  const shipped = unpackFloat(model.get("z")), zDim = model.get("z_dim");
  const zCount = shipped.length / zDim;
  const names = model.get("names"), labels = model.get("labels");
  const uniformNames = Array.from({ length: model.get("uniform") }, (_, i) => `c${sizes.length + i + 1}`);
  const state = {};
  const read = () => Object.assign(state, {
    categories: [...model.get("categories")], values: [...model.get("values")],
    index: model.get("z_index"), drawn: model.get("z_drawn") });
  read();
  const start = structuredClone(state);
  const zNow = () => state.index < zCount
    ? shipped.subarray(state.index * zDim, (state.index + 1) * zDim) : state.drawn;

  // Words
  const full = (name) => (names[name] ? `${names[name]} ${name}` : name);
  const ofValue = (name) => (v) =>
    `${full(name)} = ${v.toFixed(2)}${Math.abs(v) > 1 ? ", outside the trained range" : ""}`;
  const ofCategory = (i, k) =>
    `${full(`c${i + 1}`)} = ${k}${i === 0 && labels[k] !== undefined ? ` (${labels[k]})` : ""}`;
  const ofZ = () => (state.index < zCount ? `z number ${state.index + 1}` : "a z of your own");
  const inWords = () => [...state.categories.map((k, i) => ofCategory(i, k)),
    ...uniformNames.map((name, i) => ofValue(name)(state.values[i])), ofZ()].join("; ");

  // The picture, and the contact sheet: one small picture for each value of c1
  const picture = make("canvas", { className: "igl-picture", role: "img" });
  const caption = make("figcaption", {}, "G(z, c)");
  const status = makeStatus();
  const sheet = Array.from({ length: sizes[0] ?? 0 }, () => make("canvas", { "aria-hidden": "true" }));
  let next = 0, left = 0, waiting = false;
  // After the frame that shows the picture, and a few at a time, round and round: so the page
  // stays quick however large the generator is, and none waits forever while a slider moves.
  function drawSheet() {
    const begin = performance.now();
    for (; left > 0 && performance.now() - begin < 12; left--, next = (next + 1) % sheet.length)
      paint(sheet[next], generate(zNow(), [next, ...state.categories.slice(1)], state.values), shape, ink);
    waiting = left > 0;
    if (waiting) requestAnimationFrame(() => setTimeout(drawSheet));
  }
  function draw(sheetToo = true) {
    paint(picture, generate(zNow(), state.categories, state.values), shape, ink);
    picture.z = zNow();  // like picture.numbers: for whoever wants to look
    picture.setAttribute("aria-label", `Generated picture: ${inWords()}`);
    status.say(inWords());
    if (!sheetToo) return;
    left = sheet.length;
    if (!waiting) requestAnimationFrame(() => setTimeout(drawSheet));
    waiting = true;
  }

  // Tell Python, if there is one, without flooding it
  let telling = false;
  const tell = throttle(() => {
    telling = true;
    model.set("categories", [...state.categories]);
    model.set("values", [...state.values]);
    model.set("z_drawn", [...state.drawn]);
    model.set("z_index", state.index);
    model.save_changes();
    telling = false;
  }, 100);
  const change = (sheetToo) => { draw(sheetToo); tell(); };

  const choices = sizes.map((size, i) => makeChoice({
    legend: i === 0 ? `${full("c1")}: one picture for each value` : full(`c${i + 1}`),
    className: i === 0 ? "igl-sheet" : "igl-pills",
    options: Array.from({ length: size }, (_, k) =>
      [i === 0 && labels.length ? `${k} \u2192 ${labels[k]}` : String(k), ofCategory(i, k), i === 0 ? sheet[k] : null]),
    value: state.categories[i],
    onInput: (k) => { state.categories[i] = k; change(i > 0); },
  }));
  const moving = live ? uniformNames.length : Math.min(2, uniformNames.length);
  const step = live ? 0.05 : model.get("grid")[1] - model.get("grid")[0];
  const sliders = uniformNames.slice(0, moving).map((name, i) => makeSlider({
    label: full(name), min: -2, max: 2, step, value: state.values[i],
    words: ofValue(name), show: (v) => v.toFixed(2), inside: [-1, 1], sweep: true,
    marks: [[-2, "-2"], [-1, "-1"], [0, "trained range"], [1, "1"], [2, "2"]],
    onInput: (v) => { state.values[i] = Math.round(v * 1e6) / 1e6; change(); },
  }));
  const zChoice = makeChoice({
    legend: "Noise z", className: "igl-pills",
    options: [...Array.from({ length: zCount }, (_, i) => [String(i + 1), `z number ${i + 1}`]),
      ...(live ? [["drawn", "a z of your own"]] : [])],
    value: state.index,
    onInput: (i) => {
      if (i === zCount && !state.drawn.length) state.drawn = drawNormal(zDim, newSeed());
      state.index = i;
      change();
    },
  });
  const newSeed = () => Math.floor(Math.random() * 2 ** 31);
  const fresh = make("button", { type: "button", className: "igl-button" }, "Draw a new z");
  fresh.addEventListener("click", () => {
    state.drawn = drawNormal(zDim, newSeed());
    state.index = zCount;
    zChoice.set(zCount);
    change();
  });
  const reset = make("button", { type: "button", className: "igl-button" }, "Reset");
  const show = () => {
    choices.forEach((choice, i) => choice.set(state.categories[i]));
    sliders.forEach((slider, i) => slider.set(state.values[i]));
    zChoice.set(state.index);
    draw();
  };
  const halt = () => sliders.forEach((slider) => slider.stop());
  reset.addEventListener("click", () => {
    halt();
    Object.assign(state, structuredClone(start));
    show();
    tell();
  });
  for (const name of ["categories", "values", "z_index", "z_drawn"])
    model.on(`change:${name}`, () => { if (!telling) { read(); show(); } });

  const note = live ? [] : [make("p", { className: "igl-note" },
    `Precomputed pictures: this generator is too large for a page. The sliders move in steps of ${step}` +
    (uniformNames.length > moving ? ", and the other uniform codes stay at 0." : "."))];
  const root = make("section", { className: "igl igl-explore", "aria-label": "Explorer of the codes" },
    make("div", { className: "igl-pictures" },
      make("figure", {}, picture, caption), ...choices.slice(0, 1).map((c) => c.node)),
    make("div", { className: "igl-controls" }, ...choices.slice(1).map((c) => c.node),
      ...sliders.map((s) => s.node)),
    make("div", { className: "igl-bottom" }, ...(live || zCount > 1 ? [zChoice.node] : []),
      make("div", { className: "igl-buttons" }, ...(live ? [fresh] : []), reset)),
    ...note, status.node);
  el.append(root);
  draw();
  return () => { halt(); left = 0; };
}

export default { render };
