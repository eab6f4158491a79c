// channel_explorer(): turn the noise of a channel and watch H(c), H(c|x) and I(c; x).

/** H(c), H(c|x), I(c; x) in nats of the joint table p[c][x]. */
function measure(p) {
  const h = (q) => q.reduce((sum, v) => sum - (v > 0 ? v * Math.log(v) : 0), 0);
  const pc = p.map((row) => row.reduce((a, b) => a + b, 0));
  const px = p[0].map((_, x) => p.reduce((sum, row) => sum + row[x], 0));
  return { H: h(pc), conditional: h(p.flat()) - h(px), I: h(pc) + h(px) - h(p.flat()) };
}

function render({ model, el }) {
  const K = model.get("k"), all = Array.from({ length: K }, (_, i) => i), ceiling = Math.log(K);
  const names = all.map((i) => String(i + 1));
  const bars = makeBars({ min: 0, max: ceiling, title: "Entropies",
    ticks: [[0, "0"], [ceiling, `ln ${K} = ${ceiling.toFixed(3)}`]] });
  const two = (v) => v.toFixed(2);
  const prior = makeHeat({ rows: names, columns: ["P(c)"], title: "prior", xlabel: "", ylabel: "c", format: two });
  const channel = makeHeat({ rows: names, columns: names, title: "channel P(x|c)", xlabel: "x", ylabel: "c", format: two });
  const line = make("p", { className: "igl-equation" });
  const status = makeStatus();
  const draw = () => {
    const noise = model.get("noise"), skew = model.get("skew");
    const pc = all.map((c) => (1 - skew) / K + (c === 0 ? skew : 0));
    const pxc = all.map((c) => all.map((x) => noise / K + (c === x ? 1 - noise : 0)));
    const m = measure(pxc.map((row, c) => row.map((v) => v * pc[c])));
    for (const key in m) m[key] = Math.abs(m[key]) < 1e-12 ? 0 : m[key];
    bars.set([{ label: "H(c)", from: 0, to: m.H, color: "soft" },
      { label: "H(c|x)", from: 0, to: m.conditional, color: "second" },
      { label: "I(c; x)", from: m.conditional, to: m.H, color: "accent" }]);
    prior.set(pc.map((v) => [v]), `Prior: ${pc.map(two).join(", ")}`);
    channel.set(pxc, `Channel: x = c with probability ${two(pxc[0][0])}, each other x with ${two(pxc[0][1])}`);
    line.textContent = `I(c; x) = H(c) \u2212 H(c|x) = ${m.H.toFixed(3)} \u2212 ${m.conditional.toFixed(3)} = ${m.I.toFixed(3)} nats`;
    el.numbers = m;  // unrounded, for whoever wants to look
    status.say(line.textContent);
  };
  const unit = { min: 0, max: 1, step: 0.01, show: two, sweep: true };
  const noise = makeSlider({ ...unit, label: "Noise of the channel", value: model.get("noise"),
    words: (v) => `noise ${two(v)}${v === 0 ? ", x is c" : v === 1 ? ", x says nothing" : ""}`,
    marks: [[0, "x is c"], [1, "useless"]], onInput: (v) => tellNoise(v) });
  const skew = makeSlider({ ...unit, label: "Skew of the prior", value: model.get("skew"),
    words: (v) => `skew ${two(v)}${v === 0 ? ", all equally likely" : v === 1 ? ", always the first" : ""}`,
    marks: [[0, "uniform"], [1, "always c = 1"]], onInput: (v) => tellSkew(v) });
  const tellNoise = bind(model, "noise", noise, draw), tellSkew = bind(model, "skew", skew, draw);
  const tables = make("div", { className: "igl-tables" }, prior.node, channel.node);
  el.append(make("section", { className: "igl igl-channel", "aria-label": "Channel explorer" },
    make("div", { className: "igl-controls igl-first" }, noise.node, skew.node),
    make("div", { className: "igl-charts" },
      make("div", {}, bars.node),
      tables),
    line, status.node));
  // Both tables with cells of one size
  tables.style.gridTemplateColumns = `${prior.node.viewBox.baseVal.width}fr ${channel.node.viewBox.baseVal.width}fr`;
  draw();
  return () => { noise.stop(); skew.stop(); };
}

export default { render };
