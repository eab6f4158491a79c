// @ts-check
// Points drawn by hand, with a pen or by keyboard.
import { REACH } from "./scale.js";

const MOST = 12,
  APART = 0.1,
  STRIDE = 0.2;

/** @type {Record<string, number[] | undefined>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {HTMLCanvasElement} canvas  @param {PointerEvent} event  @returns {number[]} */
function placeOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [
    REACH * ((2 * (event.clientX - box.left)) / box.width - 1),
    REACH * (1 - (2 * (event.clientY - box.top)) / box.height),
  ];
}

/**
 * A stroke for as long as the pen is down.
 * @param {HTMLCanvasElement} canvas
 * @param {() => boolean} active
 * @param {(place: number[], anew: boolean) => void} add
 */
function followPen(canvas, active, add) {
  /** @type {number[] | null} */
  let last = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (!active()) return;
    canvas.setPointerCapture(event.pointerId);
    last = placeOf(canvas, event);
    add(last, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const place = placeOf(canvas, event);
    if (Math.hypot(place[0] - last[0], place[1] - last[1]) <= APART) return;
    last = place;
    add(last, false);
  });
  const up = () => {
    last = null;
  };
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, up);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => boolean} active
 * @param {(strokes: number[][][]) => void} onChange
 */
export function makeDrawing(canvas, active, onChange) {
  /** @type {number[][][]} */
  let strokes = [];
  let cursor = [0, 0];

  /** @param {number[]} place  @param {boolean} anew  a new stroke, as long as there is room */
  function add(place, anew) {
    if (anew && strokes.length < MOST) strokes.push([]);
    strokes[strokes.length - 1].push(place);
    onChange(strokes);
  }
  followPen(canvas, active, add);
  canvas.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!active() || (!way && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!way) return add([...cursor], true);
    cursor = cursor.map((v, i) => Math.max(-2.8, Math.min(2.8, v + STRIDE * way[i])));
    onChange(strokes);
  });
  return {
    strokes: () => strokes,
    cursor: () => (active() && document.activeElement === canvas ? cursor : null),
    clear() {
      strokes = [];
      onChange(strokes);
    },
  };
}
