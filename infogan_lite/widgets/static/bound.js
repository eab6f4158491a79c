// bound_explorer(): move Q away from the posterior and watch the bound L_I sink below I.

/** Q = (1 - mix) P(c|x)^(1 / T), made to sum to 1, + mix / K.  Tables are [c][x]. */
function moveAway(posterior, mix, temperature) {
  const K = posterior.length;
  const powered = posterior.map((row) => row.map((v) => v ** (1 / temperature)));
  const sums = powered[0].map((_, x) => powered.reduce((sum, row) => sum + row[x], 0));
  return powered.map((row) => row.map((v, x) => (1 - mix) * v / sums[x] + mix / K));
}

/** I, L_I and the gap E KL(P(c|x) || Q(c|x)) in nats, each from its own definition. */
function measure(p, posterior, q) {
  const pc = p.map((row) => row.reduce((a, b) => a + b, 0));
  const H = pc.reduce((sum, v) => sum - (v > 0 ? v * Math.log(v) : 0), 0);
  const mean = (f) => p.reduce((sum, row, c) =>
    row.reduce((s, v, x) => s + (v > 0 ? v * f(c, x) : 0), sum), 0);
  return { I: H + mean((c, x) => Math.log(posterior[c][x])), L_I: H + mean((c, x) => Math.log(q[c][x])),
    gap: mean((c, x) => Math.log(posterior[c][x] / q[c][x])) };
}

function render({ model, el }) {
  const p = model.get("joint"), K = p.length, X = p[0].length;
  const px = p[0].map((_, x) => p.reduce((sum, row) => sum + row[x], 0));
  const pc = p.map((row) => row.reduce((a, b) => a + b, 0));
  // Where P(x) = 0 nothing depends on the posterior: it is set to P(c).
  const posterior = p.map((row, c) => row.map((v, x) => (px[x] > 0 ? v / px[x] : pc[c])));
  const names = (n) => Array.from({ length: n }, (_, i) => String(i + 1));
  const two = (v) => v.toFixed(2), shape = { rows: names(K), columns: names(X), xlabel: "x", ylabel: "c", format: two };
  const truth = makeHeat({ ...shape, title: "posterior P(c|x)" }), guess = makeHeat({ ...shape, title: "Q(c|x)" });
  const I = measure(p, posterior, posterior).I;
  const lowest = Math.min(-0.5, measure(p, posterior, moveAway(posterior, 0, 0.25)).L_I);
  const bars = makeBars({ min: lowest, max: I * 1.15, title: "The bound",
    ticks: [[lowest, lowest.toFixed(1)], [0, "0"], [I, "I"]] });
  const line = make("p", { className: "igl-equation" });
  const status = makeStatus();
  const draw = () => {
    const q = moveAway(posterior, model.get("mix"), model.get("temperature"));
    const m = measure(p, posterior, q);
    bars.set([{ label: "I(c; x)", from: 0, to: m.I, color: "soft" },
      { label: "L_I", from: 0, to: m.L_I, color: "accent" },
      { label: "E KL", from: m.L_I, to: m.I, color: "second" }]);
    truth.set(posterior, `Posterior: ${posterior.map((row) => row.map(two).join(" ")).join("; ")}`);
    guess.set(q, `Q: ${q.map((row) => row.map(two).join(" ")).join("; ")}`);
    line.textContent = typeset(`L_I + E KL(P(c|x) || Q(c|x)) = ${m.L_I.toFixed(3)} + ${m.gap.toFixed(3)} = ${(m.L_I + m.gap).toFixed(3)} = I(c; x)`);
    el.numbers = m;  // unrounded, for whoever wants to look
    status.say(line.textContent);
  };
  const mix = makeSlider({ label: "Share of the uniform guess in Q", min: 0, max: 1, step: 0.01,
    value: model.get("mix"), show: two, sweep: true,
    words: (v) => `share ${two(v)}${v === 1 ? ", Q knows nothing" : ""}`,
    marks: [[0, "0"], [1, "Q knows nothing"]], onInput: (v) => tellMix(v) });
  const temperature = makeSlider({ label: "Temperature of Q", min: 0.25, max: 4, step: 0.05,
    value: model.get("temperature"), show: two, sweep: true,
    words: (v) => `temperature ${two(v)}${v < 1 ? ", too sure" : v > 1 ? ", too unsure" : ", neither too sure nor too unsure"}`,
    marks: [[0.25, "too sure"], [1, "1"], [4, "too unsure"]], onInput: (v) => tellTemperature(v) });
  const tellMix = bind(model, "mix", mix, draw), tellTemperature = bind(model, "temperature", temperature, draw);
  el.append(make("section", { className: "igl igl-bound", "aria-label": "Bound explorer" },
    make("div", { className: "igl-controls igl-first" }, mix.node, temperature.node),
    bars.node, make("div", { className: "igl-pair" }, truth.node, guess.node), line, status.node));
  draw();
  return () => { mix.stop(); temperature.stop(); };
}

export default { render };
