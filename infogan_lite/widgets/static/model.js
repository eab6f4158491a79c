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
 * Run `work` once no call has come for `ms` milliseconds.
 * @param {() => void} work
 * @param {number} ms
 */
export function debounce(work, ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}

/**
 * Keep a slider and a number of the Python side equal, in both directions.  While the reader
 * moves it, what comes back are echoes of places that it has left: they must not pull it back.
 * @template State
 * @template {keyof State & string} Key
 * @param {Model<State>} model
 * @param {Key} key
 * @param {{ set: (value: State[Key]) => void }} slider
 * @param {() => void} draw
 * @returns {(value: State[Key]) => void} to be called as the slider moves
 */
export function bind(model, key, slider, draw) {
  let moving = false;
  let shown = model.get(key);
  const follow = () => {
    if (moving || model.get(key) === shown) return;
    shown = model.get(key);
    slider.set(shown);
    draw();
  };
  const rest = debounce(() => {
    moving = false;
    follow();
  }, 500);
  model.on(`change:${key}`, follow);
  return (value) => {
    moving = true;
    shown = value;
    model.set(key, value);
    model.save_changes();
    draw();
    rest();
  };
}
