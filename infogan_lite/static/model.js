// @ts-check
// A widget's state, which Python and the page share: the part of anywidget's model used here.

/**
 * @template State
 * @typedef {object} Model
 * @property {<Key extends keyof State>(key: Key) => State[Key]} get
 * @property {<Key extends keyof State>(key: Key, value: State[Key]) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, call: () => void) => void} on
 */

/**
 * What a front end is given: the model, and the element to fill.
 * @template State
 * @typedef {{ model: Model<State>, el: HTMLElement }} View
 */

/**
 * Run `work` at most once in `ms` milliseconds, and always once after the last call.
 * @param {() => void} work
 * @param {number} ms
 */
export function throttle(work, ms) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    }, ms);
  };
}

/**
 * Keep a slider and a number of the Python side equal, in both directions.
 * @template State
 * @template {keyof State & string} Key
 * @param {Model<State>} model
 * @param {Key} key
 * @param {{ set: (value: State[Key]) => void }} slider
 * @param {() => void} draw
 * @returns {(value: State[Key]) => void} to be called as the slider moves
 */
export function bind(model, key, slider, draw) {
  let telling = false;
  const save = throttle(() => model.save_changes(), 100);
  model.on(`change:${key}`, () => {
    if (telling) return;
    slider.set(model.get(key));
    draw();
  });
  return (value) => {
    telling = true;
    model.set(key, value);
    telling = false;
    draw();
    save();
  };
}
