// @ts-check
// channel_explorer(): turn the noise of a channel and watch H(c), H(c|x) and I(c; x).
import { makeBars, makeHeat } from "./charts.js";
import { makeSlider } from "./controls.js";
import { make, makeCard, makeStatus } from "./elements.js";
import { bind } from "./model.js";
import { information, noisyChannel } from "./tables.js";

/** @import { Model, View } from "./model.js" */

/** @typedef {{ k: number, noise: number, skew: number }} Traits */

/** @param {number} v */
const two = (v) => v.toFixed(2);

/** @param {number} noise */
const sayNoise = (noise) =>
  `noise ${two(noise)}${noise === 0 ? ", x is c" : noise === 1 ? ", x says nothing" : ""}`;

/** @param {number} skew */
const saySkew = (skew) =>
  `skew ${two(skew)}${skew === 0 ? ", all equally likely" : skew === 1 ? ", always the first" : ""}`;

/** @param {number} k */
function makeEntropies(k) {
  const max = Math.log(k);
  return makeBars({
    min: 0,
    max,
    title: "Entropies",
    ticks: [
      [0, "0"],
      [max, `ln ${k} = ${max.toFixed(3)}`],
    ],
  });
}

/**
 * The three entropies, the tables, and the equation; `draw` shows the state of the channel.
 * @param {number} k
 */
function makeFigures(k) {
  const names = Array.from({ length: k }, (_, i) => String(i + 1));
  const bars = makeEntropies(k);
  const look = { rows: names, ylabel: "c", format: two };
  const prior = makeHeat({ ...look, columns: ["P(c)"], title: "prior", xlabel: "" });
  const channel = makeHeat({ ...look, columns: names, title: "channel P(x|c)", xlabel: "x" });
  const tables = make("div", { className: "igl-tables" }, prior.node, channel.node);
  tables.style.gridTemplateColumns = `${prior.width}fr ${channel.width}fr`; // cells of one size
  const line = make("p", { className: "igl-equation" });
  /**
   * @param {number} noise
   * @param {number} skew
   */
  const draw = (noise, skew) => {
    const { prior: pc, channel: pxc, joint } = noisyChannel(k, noise, skew);
    const m = information(joint);
    bars.set([
      { label: "H(c)", from: 0, to: m.H, color: "soft" },
      { label: "H(c|x)", from: 0, to: m.conditional, color: "second" },
      { label: "I(c; x)", from: m.conditional, to: m.H, color: "accent" },
    ]);
    prior.set(
      pc.map((v) => [v]),
      `Prior: ${pc.map(two).join(", ")}`,
    );
    const [same, other] = pxc[0].map(two);
    channel.set(pxc, `Channel: x = c with probability ${same}, each other x with ${other}`);
    const difference = `${m.H.toFixed(3)} \u2212 ${m.conditional.toFixed(3)}`;
    line.textContent = `I(c; x) = H(c) \u2212 H(c|x) = ${difference} = ${m.I.toFixed(3)} nats`;
    return m;
  };
  const charts = make("div", { className: "igl-charts" }, make("div", {}, bars.node), tables);
  return { charts, line, draw };
}

/**
 * What turns the channel.
 * @param {Model<Traits>} model
 * @param {() => void} draw
 */
function makeKnobs(model, draw) {
  const unit = { min: 0, max: 1, step: 0.01, show: two };
  const noise = makeSlider({
    ...unit,
    label: "Noise of the channel",
    value: model.get("noise"),
    words: sayNoise,
    marks: [
      [0, "x is c"],
      [1, "useless"],
    ],
    onInput: (v) => tellNoise(v),
  });
  const skew = makeSlider({
    ...unit,
    label: "Skew of the prior",
    value: model.get("skew"),
    words: saySkew,
    marks: [
      [0, "uniform"],
      [1, "always c = 1"],
    ],
    onInput: (v) => tellSkew(v),
  });
  const tellNoise = bind(model, "noise", noise, draw);
  const tellSkew = bind(model, "skew", skew, draw);
  return [noise, skew];
}

/** @param {View<Traits>} view */
function render({ model, el }) {
  const figures = makeFigures(model.get("k"));
  const status = makeStatus();
  const draw = () => {
    const numbers = figures.draw(model.get("noise"), model.get("skew"));
    Object.assign(el, { numbers }); // unrounded, for whoever wants to look
    status.say(figures.line.textContent ?? "");
  };
  const [noise, skew] = makeKnobs(model, draw);
  const controls = make("div", { className: "igl-controls igl-first" }, noise.node, skew.node);
  const parts = [controls, figures.charts, figures.line, status.node];
  el.append(makeCard("igl-channel", "Channel explorer", ...parts));
  draw();
  return () => {
    noise.stop();
    skew.stop();
  };
}

export default { render };
