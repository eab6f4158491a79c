// @ts-check
// frames(...): one slider over a row of finished pictures.
import { decodePicture, pencil } from "./canvas.js";
import { makeSlider } from "./controls.js";
import { make, makeCard, makeStatus } from "./elements.js";
import { bind } from "./model.js";
import { inPageLanguage } from "./texts.js";

/** @import { View } from "./model.js" */

/**
 * The traits of frames(); `pictures` holds one file after the other, of `sizes` bytes each.
 * @typedef {{ index: number, title: string, unit: string, values: (string | number)[],
 *   descriptions: string[], pictures: DataView<ArrayBuffer>, sizes: number[] }} Traits
 */

/**
 * Bytes that follow each other, one part for each size.
 * @param {DataView<ArrayBuffer>} bytes
 * @param {number[]} sizes
 */
export function split(bytes, sizes) {
  let at = bytes.byteOffset;
  return sizes.map((size) => {
    at += size;
    return new DataView(bytes.buffer, at - size, size);
  });
}

/** @param {View<Traits>} view */
async function render({ model, el }) {
  const parts = split(model.get("pictures"), model.get("sizes"));
  const bitmaps = await Promise.all(parts.map(decodePicture));
  const values = model.get("values").map((value) => inPageLanguage(String(value)));
  const words = model.get("descriptions");
  const [name, unit] = [model.get("title"), model.get("unit")].map(inPageLanguage);
  /** @param {number} i */
  const inWords = (i) => `${values[i]}${unit ? ` ${unit}` : ""}`;
  const canvas = make("canvas", { className: "igl-frame", role: "img" });
  const small = bitmaps[0].width < 200;
  canvas.style.imageRendering = small ? "pixelated" : "auto";
  canvas.style.width = small ? "min(100%, 14rem)" : "100%";
  const status = makeStatus();
  const draw = () => {
    const i = model.get("index");
    canvas.width = bitmaps[i].width;
    canvas.height = bitmaps[i].height;
    pencil(canvas).drawImage(bitmaps[i], 0, 0);
    canvas.setAttribute("aria-label", words[i]);
    status.say(words[i]);
  };
  const last = values.length - 1;
  const slider = makeSlider({
    label: name,
    min: 0,
    max: last,
    step: 1,
    value: model.get("index"),
    words: (i) => `${name} ${inWords(i)}`,
    show: inWords,
    marks: [0, last].map((i) => [i, inWords(i)]),
    onInput: (i) => tell(i),
  });
  const tell = bind(model, "index", slider, draw);
  const controls = make("div", { className: "igl-controls" }, slider.node);
  el.append(makeCard("igl-frames", `Slider: ${name}`, canvas, controls, status.node));
  draw();
  return () => slider.stop();
}

export default { render };
