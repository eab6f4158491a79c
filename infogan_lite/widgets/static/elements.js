// @ts-check
// Elements of HTML and SVG, and words for those who do not see them.
import { speak } from "./texts.js";

/** @typedef {Record<string, string | number | boolean>} Properties */

let ids = 0;
const family = `igl-${Math.random().toString(36).slice(2, 8)}`;

export const newId = () => `${family}-${++ids}`;

/**
 * An element: make("p", {className: "note", "aria-label": "..."}, "text", child, ...).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {...(Node | string)} children
 */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node && !key.startsWith("aria-")) Object.assign(node, { [key]: value });
    else node.setAttribute(key, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * The same for SVG, where everything is an attribute.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [attributes]
 * @param {...(Node | string)} children
 */
export function makeSvg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/**
 * A widget's outermost element.  Keys pressed in it are its own; it speaks the page's language.
 * @param {string} className
 * @param {string} label
 * @param {...(Node | string)} children
 */
export function makeCard(className, label, ...children) {
  const card = make("section", { className: `igl ${className}`, "aria-label": label }, ...children);
  keepKeys(card);
  speak(card);
  return card;
}

/**
 * Notebooks act on bare keys: in JupyterLab "d d" deletes the cell.  None may act on a key that
 * is pressed in a widget.  Ctrl, Alt and Meta stay theirs, where they let us choose.
 * @param {HTMLElement} card
 */
export function keepKeys(card) {
  // JupyterLab listens before the widget does, and asks for this mark at what has the focus.
  for (const control of card.querySelectorAll("input, button, summary, canvas"))
    control.setAttribute("data-lm-suppress-shortcuts", "true");
  card.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.altKey && !event.metaKey) event.stopPropagation();
  });
}

/**
 * With true minus signs.
 * @param {string} text
 */
export const typeset = (text) => text.replace(/(^|[ (=])-(?=\d)/g, "$1\u2212");

/** Spoken once things have come to rest, and not when the page opens. */
export function makeStatus() {
  const node = make("p", { className: "igl-unseen", role: "status" });
  let opening = true;
  let timer = 0;
  /** @param {string} words */
  const say = (words) => {
    window.clearTimeout(timer);
    if (!opening) {
      timer = window.setTimeout(() => {
        node.textContent = words;
      }, 600);
    }
    opening = false;
  };
  return { node, say };
}
