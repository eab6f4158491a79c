// @ts-check
// Brings the widgets of a built page to life without a kernel and without a network.
//
// A page holds the state of its widgets and one mark for each place where one is shown, both
// as JSON in <script> elements.  Each widget's state carries its own front end as text
// (`_esm`, `_css`), which is imported from memory: that works from a file as well.
// biome-ignore lint/suspicious/noRedundantUseStrict: no module, which file: would not load
"use strict";

{
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  /**
   * Values of traits; bytes stand in `buffers`, in base64, with the path to their place.
   * @typedef {{ [key: string]: unknown }} Traits
   * @typedef {{ state: Traits & { _esm?: string, _css?: string },
   *   buffers?: { path: string[], data: string }[] }} Entry
   * @typedef {ReturnType<typeof makeModel>} PageModel
   * @typedef {{ default: { render: (view: { model: PageModel, el: HTMLElement }) => unknown } }} Front
   */

  /** @type {Map<string, Promise<Front>>} */
  const fronts = new Map();
  /** @type {Map<string, PageModel>} */
  const models = new Map();
  /** @type {Set<string>} */
  const styles = new Set();

  /**
   * In the language of the page; texts.js says more of its table.
   * @param {string} text
   */
  const say = (text) =>
    JSON.parse(document.getElementById("igl-texts")?.textContent || "{}")[text] ?? text;

  /** @param {string} base64 */
  const decode = (base64) =>
    new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);

  /**
   * The part of a Jupyter widget model that a front end uses.
   * @param {Entry} entry
   */
  function makeModel(entry) {
    const state = { ...entry.state };
    /** @type {Record<string, (() => void)[]>} */
    const listeners = {};
    for (const { path, data } of entry.buffers ?? []) state[path[0]] = decode(data);
    return {
      /** @param {string} key */
      get: (key) => state[key],
      /**
       * @param {string} key
       * @param {unknown} value
       */
      set(key, value) {
        state[key] = value;
        for (const call of listeners[`change:${key}`] ?? []) call();
      },
      save_changes() {},
      /**
       * @param {string} event
       * @param {() => void} call
       */
      on(event, call) {
        listeners[event] = [...(listeners[event] ?? []), call];
      },
    };
  }

  /** @param {string} text */
  function importText(text) {
    let front = fronts.get(text);
    if (!front) {
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      front = import(url).finally(() => URL.revokeObjectURL(url));
      fronts.set(text, front);
    }
    return front;
  }

  /** @param {string | undefined} text */
  function addStyle(text) {
    if (!text || styles.has(text)) return;
    styles.add(text);
    document.head.append(Object.assign(document.createElement("style"), { textContent: text }));
  }

  /**
   * @param {Element} mark
   * @param {Record<string, Entry>} states
   */
  async function show(mark, states) {
    const place = document.createElement("div");
    place.className = "page-widget";
    mark.after(place);
    try {
      /** @type {{ model_id: string }} */
      const { model_id: id } = JSON.parse(mark.textContent ?? "");
      const entry = states[id];
      if (!entry?.state._esm)
        throw new Error("it needs a running kernel: open this page in Colab or Jupyter");
      addStyle(entry.state._css);
      const model = models.get(id) ?? makeModel(entry);
      models.set(id, model);
      const { default: front } = await importText(entry.state._esm);
      await front.render({ model, el: place });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      place.textContent = say("This widget cannot be shown: {}.").replace("{}", say(reason));
      place.setAttribute("role", "note");
      place.dataset.failed = "true";
    }
    place.dataset.ready = "true";
  }

  function start() {
    /** @type {Record<string, Entry>} */
    const states = {};
    for (const script of document.querySelectorAll(STATE))
      Object.assign(states, JSON.parse(script.textContent ?? "").state);
    for (const mark of document.querySelectorAll(VIEW)) show(mark, states);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
