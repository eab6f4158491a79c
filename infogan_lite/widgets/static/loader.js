// Brings the widgets of a built page to life without a kernel and without a network.
//
// A page holds the state of its widgets and one mark for each place where one is shown, both
// as JSON in <script> elements.  Each widget's state carries its own front end as text
// (`_esm`, `_css`), which is imported from memory: that works from a file as well.
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  const decode = (base64) =>
    new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);

  /** The part of a Jupyter widget model that a front end uses. */
  function makeModel(entry) {
    const state = { ...entry.state }, listeners = {};
    for (const { path, data } of entry.buffers ?? []) {
      let place = state;
      for (const key of path.slice(0, -1)) place = place[key];
      place[path.at(-1)] = decode(data);
    }
    return {
      get: (key) => state[key],
      set(key, value) {
        state[key] = value;
        for (const call of [...(listeners[`change:${key}`] ?? []), ...(listeners.change ?? [])]) call();
      },
      save_changes() {},
      on(event, call) { (listeners[event] ??= []).push(call); },
      off(event, call) { listeners[event] = (listeners[event] ?? []).filter((c) => call && c !== call); },
    };
  }

  const modules = new Map(), styles = new Set(), models = new Map();

  function importText(text) {
    if (!modules.has(text)) {
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(text, import(url).finally(() => URL.revokeObjectURL(url)));
    }
    return modules.get(text);
  }

  async function show(mark, states) {
    const place = document.createElement("div");
    place.className = "page-widget";
    mark.after(place);
    try {
      const id = JSON.parse(mark.textContent).model_id, entry = states[id];
      if (!entry?.state._esm) throw new Error("it needs a running kernel: open this page in Colab or Jupyter");
      if (entry.state._css && !styles.has(entry.state._css)) {
        styles.add(entry.state._css);
        document.head.append(Object.assign(document.createElement("style"), { textContent: entry.state._css }));
      }
      if (!models.has(id)) models.set(id, makeModel(entry));
      const { default: front } = await importText(entry.state._esm);
      await front.render({ model: models.get(id), el: place });
    } catch (error) {
      place.textContent = `This widget cannot be shown: ${error.message}.`;
      place.setAttribute("role", "note");
      place.dataset.failed = "true";
    }
    place.dataset.ready = "true";
  }

  function start() {
    const states = {};
    for (const script of document.querySelectorAll(STATE))
      Object.assign(states, JSON.parse(script.textContent).state);
    for (const mark of document.querySelectorAll(VIEW)) show(mark, states);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
