// frames(...): one slider over a row of finished pictures.

async function render({ model, el }) {
  const sizes = model.get("sizes"), bytes = model.get("pictures");
  let at = 0;
  const bitmaps = await Promise.all(sizes.map((size) => {
    const part = new Uint8Array(bytes.buffer, bytes.byteOffset + at, size);
    at += size;
    return decodePicture(part);
  }));
  const values = model.get("values"), words = model.get("descriptions");
  const name = model.get("title"), unit = model.get("unit");
  const inWords = (i) => `${values[i]}${unit ? ` ${unit}` : ""}`;
  const canvas = make("canvas", { className: "igl-frame", role: "img" });
  const status = makeStatus();
  const draw = () => {
    const i = model.get("index"), bitmap = bitmaps[i];
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.setAttribute("aria-label", words[i]);
    status.say(words[i]);
  };
  canvas.style.imageRendering = bitmaps[0].width < 200 ? "pixelated" : "auto";
  canvas.style.width = bitmaps[0].width < 200 ? "min(100%, 14rem)" : "100%";
  const slider = makeSlider({
    label: name, min: 0, max: values.length - 1, step: 1, value: model.get("index"),
    words: (i) => `${name} ${inWords(i)}`, show: inWords, sweep: true,
    marks: [[0, inWords(0)], [values.length - 1, inWords(values.length - 1)]],
    onInput: (i) => tell(i),
  });
  const tell = bind(model, "index", slider, draw);
  el.append(make("section", { className: "igl", "aria-label": `Slider: ${name}` },
    canvas, make("div", { className: "igl-controls" }, slider.node), status.node));
  draw();
  return () => slider.stop();
}

export default { render };
