// What all widgets of this book share: elements, sliders, choices, words, small charts.
// Plain JavaScript, no library.  Python puts this file in front of each widget's own.

let ids = 0;
const family = "igl-" + Math.random().toString(36).slice(2, 8);
const newId = () => `${family}-${++ids}`;

/** An element: make("p", {className: "note", "aria-label": "..."}, "text", child, ...). */
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node && !key.startsWith("aria-")) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

/** The same for SVG, where everything is an attribute. */
function makeSvg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Run `work` at most once in `ms` milliseconds, and always once after the last call. */
function throttle(work, ms) {
  let timer = null;
  return () => {
    if (timer === null) timer = setTimeout(() => { timer = null; work(); }, ms);
  };
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const typeset = (text) => String(text).replace(/(^|[ (=])-(?=\d)/g, "$1\u2212");

/**
 * A slider with its label, its value in words, a scale, and (if `sweep`) a play button.
 *   label: visible name.  words(value): what a screen reader says.  show(value): the number.
 *   inside: [from, to], a part of the track to mark.  marks: [[value, text], ...].
 *   onInput(value): called at each move, also while playing.
 */
function makeSlider({ label, min, max, step, value, words, show, inside, marks, sweep, onInput }) {
  const id = newId();
  const input = make("input", { type: "range", id, min, max, step });
  const output = make("span", { className: "igl-value", "aria-hidden": "true" });
  const track = make("div", { className: "igl-track" }, input);
  const at = (v) => (v - min) / (max - min);
  if (inside) {
    track.style.setProperty("--from", at(inside[0]));
    track.style.setProperty("--to", at(inside[1]));
  }
  const scale = make("div", { className: "igl-scale", "aria-hidden": "true" });
  for (const [v, text] of marks ?? []) {
    // A long text at an end stays within the track.
    const edge = text.length < 4 ? "" : v === min ? "igl-start" : v === max ? "igl-end" : "";
    const mark = make("span", { className: edge }, typeset(text));
    mark.style.setProperty("--at", at(v));
    scale.append(mark);
  }
  const set = (v) => {
    input.value = v;
    output.textContent = typeset(show(+input.value));
    input.setAttribute("aria-valuetext", words(+input.value));
    track.style.setProperty("--at", at(+input.value));
  };
  input.addEventListener("input", () => { stop(); set(input.value); onInput(+input.value); });

  const head = make("div", { className: "igl-head" },
    make("label", { htmlFor: id }, label), output);
  let stop = () => {};
  if (sweep) {
    const player = makePlayer(label, { min, max, step, get: () => +input.value,
      move: (v) => { set(v); onInput(+input.value); } });
    stop = player.stop;
    head.append(player.button);
  }
  set(value);
  return { node: make("div", { className: "igl-slider" }, head, track, scale), input, set, stop };
}

/** A play/stop button that moves a value up and down, slowly and in few steps if calm. */
function makePlayer(label, { min, max, step, get, move }) {
  const button = make("button", { type: "button", className: "igl-button igl-play" });
  let timer = null, direction = 1;
  const face = () => {
    const playing = timer !== null;
    button.textContent = playing ? "\u25A0 Stop" : "\u25B6 Play";
    button.setAttribute("aria-label", `${playing ? "Stop" : "Play"} ${label}`);
  };
  const stop = () => { clearTimeout(timer); timer = null; face(); };
  const tick = () => {
    const stride = calm() ? (max - min) / 8 : Math.max(step, (max - min) / 80);
    if (get() >= max) direction = -1;
    if (get() <= min) direction = 1;
    move(Math.min(max, Math.max(min, get() + direction * stride)));
    timer = setTimeout(tick, calm() ? 1000 : 50);
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    timer = setTimeout(tick, 0);
    face();
  });
  face();
  return { button, stop };
}

/** Radio buttons in a fieldset.  options: [[text, spoken, picture], ...]; picture may be absent. */
function makeChoice({ legend, options, value, className = "", onInput }) {
  const name = newId();
  const box = make("div", { className: "igl-options" });
  const inputs = options.map(([text, spoken, picture], i) => {
    const input = make("input", { type: "radio", name, value: i, checked: i === value });
    input.setAttribute("aria-label", spoken ?? text);
    input.addEventListener("input", () => onInput(i));
    const parts = picture ? [picture, make("span", {}, text)] : [make("span", {}, text)];
    box.append(make("label", {}, input, ...parts));
    return input;
  });
  const node = make("fieldset", { className: `igl-choice ${className}` },
    make("legend", {}, legend), box);
  return { node, inputs, set: (i) => inputs.forEach((input, j) => { input.checked = i === j; }) };
}

/**
 * Words for those who do not see the picture: spoken once things have come to rest, and not
 * when the page opens.
 */
function makeStatus() {
  const node = make("p", { className: "igl-unseen", role: "status" });
  let opening = true, timer = null;
  return { node, say(words) {
    clearTimeout(timer);
    if (!opening) timer = setTimeout(() => { node.textContent = words; }, 600);
    opening = false;
  } };
}

/** Bytes of a picture (PNG or WebP) to something that a canvas can draw. */
const decodePicture = (bytes) => createImageBitmap(new Blob([bytes]));

/** Numbers in [0, 1], (channels, height, width), onto a canvas of that very size. */
function paint(canvas, numbers, [channels, height, width], ink = true) {
  canvas.width = width;
  canvas.height = height;
  const area = height * width, picture = new ImageData(width, height);
  for (let i = 0; i < area; i++) {
    for (let k = 0; k < 3; k++) {
      // One channel: ink on paper, 1 is black, or light, 1 is white.  Three: red, green, blue.
      const v = channels === 3 ? numbers[k * area + i] : ink ? 1 - numbers[i] : numbers[i];
      picture.data[4 * i + k] = Math.round(255 * v);
    }
    picture.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
  canvas.numbers = numbers;  // what was drawn, unrounded: for whoever wants to look
}

/** Keep a slider and a number of the Python side equal, in both directions. */
function bind(model, key, slider, draw) {
  let telling = false;
  const save = throttle(() => model.save_changes(), 100);
  model.on(`change:${key}`, () => { if (!telling) { slider.set(model.get(key)); draw(); } });
  return (value) => {
    telling = true;
    model.set(key, value);
    telling = false;
    draw();
    save();
  };
}

/** Horizontal bars on one axis of nats.  set([{label, from, to, color}, ...]) draws them anew. */
function makeBars({ min, max, ticks, title }) {
  const left = 62, right = 44, width = 380, row = 30;
  const x = (v) => left + (width - left - right) * (v - min) / (max - min);
  const svg = makeSvg("svg", { role: "img" });
  const set = (bars) => {
    const bottom = bars.length * row;
    svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 34}`);
    svg.setAttribute("aria-label", `${title}: ` +
      bars.map((b) => `${b.label} = ${(b.to - b.from).toFixed(3)} nats`).join(", "));
    svg.replaceChildren();
    for (const [v, text] of ticks) {
      svg.append(makeSvg("line", { x1: x(v), x2: x(v), y1: 0, y2: bottom, class: "igl-axis" }),
        makeSvg("text", { x: x(v), y: bottom + 16, "text-anchor": "middle", class: "igl-faint" }, typeset(text)));
    }
    svg.append(makeSvg("text", { x: x((min + max) / 2), y: bottom + 31, "text-anchor": "middle",
      class: "igl-faint" }, "nats"));
    bars.forEach(({ label, from, to, color }, i) => {
      const a = x(Math.max(min, Math.min(from, to))), b = x(Math.min(max, Math.max(from, to)));
      svg.append(
        makeSvg("text", { x: left - 8, y: i * row + 19, "text-anchor": "end" }, label),
        makeSvg("rect", { x: a, y: i * row + 6, width: Math.max(0, b - a), height: row - 12, rx: 2,
          fill: `var(--${color})` }),
        makeSvg("text", { x: b + 5, y: i * row + 19 }, typeset((to - from).toFixed(3))));
    });
  };
  svg.style.maxWidth = "30rem";
  return { node: svg, set };
}

/** A table of numbers as a heat map.  set(table, words) changes the cells that differ. */
function makeHeat({ rows, columns, title, xlabel, ylabel, format }) {
  const cell = Math.min(44, 300 / columns.length), high = Math.min(cell, 32);
  const left = 34, top = 22;
  const svg = makeSvg("svg", { role: "img",
    viewBox: `0 0 ${left + cell * columns.length + 4} ${top + high * rows.length + 36}` });
  const text = (x, y, words, more = {}) => {
    const node = makeSvg("text", { x, y, "text-anchor": "middle", ...more }, words);
    svg.append(node);
    return node;
  };
  const width = cell * columns.length, height = high * rows.length, faint = { class: "igl-faint" };
  text(left + width / 2, 13, title, { style: "font-weight: 600" });
  text(left + width / 2, top + height + 32, xlabel, faint);
  text(0, 0, ylabel, { ...faint, transform: `translate(10 ${top + height / 2}) rotate(-90)` });
  columns.forEach((c, j) => text(left + (j + 0.5) * cell, top + height + 16, c, faint));
  const cells = rows.map((name, i) => {
    text(left - 9, top + (i + 0.5) * high + 4, name, faint);
    return columns.map((_, j) => {
      const rect = makeSvg("rect", { x: left + j * cell, y: top + i * high, width: cell - 1,
        height: high - 1, rx: 2 });
      svg.append(rect);
      return { rect, label: text(left + (j + 0.5) * cell - 0.5, top + (i + 0.5) * high + 4, "",
        { style: cell < 40 ? "font-size: 10px" : "" }) };
    });
  });
  const set = (table, words) => {
    svg.setAttribute("aria-label", words);
    cells.forEach((row, i) => row.forEach((c, j) => {
      const fill = `rgba(var(--heat), ${(0.06 + 0.64 * table[i][j]).toFixed(3)})`;
      const label = format(table[i][j], i, j);
      if (c.fill !== fill) c.rect.setAttribute("fill", c.fill = fill);
      if (c.label.textContent !== label) c.label.textContent = label;
    }));
  };
  svg.style.maxWidth = `${1.25 * svg.viewBox.baseVal.width}px`;
  return { node: svg, set };
}
