// replay(snapshots): one slider over training time; L_I, the pictures and the confusion follow.

/** L_I against the training step, up to snapshot i, below the dashed line ln K. */
function makeCurve(steps, bound, ceiling) {
  const left = 34, width = 380, height = 190, bottom = 154, top = 14, last = steps.at(-1);
  const low = Math.min(0, ...bound), high = Math.max(ceiling, ...bound) * 1.08;
  const x = (s) => left + (width - left - 12) * s / last;
  const y = (v) => bottom - (bottom - top) * (v - low) / (high - low);
  const svg = makeSvg("svg", { role: "img", viewBox: `0 0 ${width} ${height}` });
  const line = makeSvg("polyline", { fill: "none", stroke: "var(--accent)", "stroke-width": 2 });
  const dot = makeSvg("circle", { r: 4.5, fill: "var(--accent)" });
  const faint = (x, y, anchor, words) =>
    makeSvg("text", { x, y, "text-anchor": anchor, class: "igl-faint" }, words);
  const right = width - 12, below = bottom + 18;
  svg.append(
    makeSvg("text", { x: left, y: 9, style: "font-weight: 600" }, "L_I of c1 (nats)"),
    makeSvg("line", { x1: left, x2: right, y1: y(0), y2: y(0), class: "igl-axis" }),
    makeSvg("line", { x1: left, x2: left, y1: top, y2: bottom, class: "igl-axis" }),
    makeSvg("line", { x1: left, x2: right, y1: y(ceiling), y2: y(ceiling),
      stroke: "var(--soft)", "stroke-dasharray": "5 4" }),
    faint(right, y(ceiling) - 5, "end", `ceiling ln K = ${ceiling.toFixed(3)}`),
    faint(left - 6, y(0) + 4, "end", "0"),
    faint(left, below, "start", "0"),
    faint(right, below, "end", String(last)),
    faint((left + width) / 2, below, "middle", "training step"),
    line, dot);
  const points = steps.map((s, j) => `${x(s)},${y(bound[j])}`);
  const set = (i) => {
    svg.setAttribute("aria-label", `L_I of c1 is ${bound[i].toFixed(2)} nats at step ${steps[i]}; ` +
      `the ceiling ln K is ${ceiling.toFixed(2)}`);
    line.setAttribute("points", points.slice(0, i + 1).join(" "));
    dot.setAttribute("cx", x(steps[i]));
    dot.setAttribute("cy", y(bound[i]));
  };
  return { node: svg, set };
}

async function render({ model, el }) {
  const steps = model.get("steps"), bound = model.get("bound"), confusion = model.get("confusion");
  const bitmap = await decodePicture(model.get("sheet"));
  const height = bitmap.height / steps.length;
  const K = confusion[0].length, digits = confusion[0][0].length;
  const total = (table) => table.flat().reduce((a, b) => a + b, 0);
  const sorted = (table) => table.reduce((a, row) => a + Math.max(...row), 0) / total(table);

  const curve = makeCurve(steps, bound, Math.log(K));
  const number = (n) => Array.from({ length: n }, (_, i) => String(i));
  const heat = makeHeat({ rows: number(K), columns: number(digits), title: "held-out digits",
    ylabel: "code c1", xlabel: "digit", format: (v, i, j) => {
      const n = confusion[model.get("index")][i][j];
      return n ? String(n) : "";
    } });
  const canvas = make("canvas", { className: "igl-frame", role: "img", width: bitmap.width, height });
  const text = make("p", { className: "igl-equation" });
  const status = makeStatus();
  const inWords = (i) => `step ${steps[i]}: L_I = ${bound[i].toFixed(2)} of at most ` +
    `${Math.log(K).toFixed(2)} nats; ${Math.round(100 * sorted(confusion[i]))}% of the held-out ` +
    "digits carry the commonest label of their category";
  const draw = () => {
    const i = model.get("index"), table = confusion[i];
    curve.set(i);
    canvas.getContext("2d").drawImage(bitmap, 0, i * height, bitmap.width, height, 0, 0, bitmap.width, height);
    canvas.setAttribute("aria-label", `Generated pictures at step ${steps[i]}: ${model.get("layout_text")}`);
    const most = table.map((row) => Math.max(1, total([row])));
    heat.set(table.map((row, r) => row.map((n) => n / most[r])),
      "Confusion of code and digit; commonest digit of each category: " +
      table.map((row, r) => `${r}: ${row.indexOf(Math.max(...row))}`).join(", "));
    text.textContent = typeset(inWords(i).replace(/^s/, "S")) + ".";
    status.say(inWords(i));
  };
  const slider = makeSlider({
    label: "Training step", min: 0, max: steps.length - 1, step: 1, value: model.get("index"),
    words: inWords, show: (i) => String(steps[i]), sweep: true,
    marks: [[0, String(steps[0])], [steps.length - 1, String(steps.at(-1))]],
    onInput: (i) => tell(i),
  });
  const tell = bind(model, "index", slider, draw);
  el.append(make("section", { className: "igl igl-replay", "aria-label": "Replay of the training" },
    make("div", { className: "igl-controls igl-first" }, slider.node),
    make("figure", {}, canvas, make("figcaption", {}, typeset(model.get("layout_text")))),
    make("div", { className: "igl-charts" }, make("div", {}, curve.node, text), heat.node), status.node));
  draw();
  return () => slider.stop();
}

export default { render };
