// @ts-check
// What widgets say, in the language of the page.  A page in another language than English holds a
// table of texts, English to its own, as JSON; {} stands for a value, or {1}, {2} to reorder them.

/** @typedef {{ whole: Map<string, string>, patterns: [RegExp, string][] }} Texts */

const BESIDE_NOTEBOOK = {}; // packing.py puts the table here that lies beside a notebook
const HOLE = /\{\d*\}/;
const VALUE = "((?:(?![.;] )[^])+?)"; // within one sentence, and one item of a list
const BETWEEN = [/((?<=[.?!]) )/, /(; )/]; // sentences, then items
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title"];

/**
 * @param {Record<string, string>} table
 * @returns {Texts}
 */
export function readTable(table) {
  /** @type {[number, RegExp, string][]} */
  const patterns = [];
  for (const [english, other] of Object.entries(table)) {
    if (!HOLE.test(english)) continue;
    const parts = english.split(HOLE);
    const words = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    patterns.push([parts.join("").length, new RegExp(`^${words.join(VALUE)}$`), other]);
  }
  patterns.sort(([a], [b]) => b - a); // "noise {}, x is c" before "noise {}"
  const whole = new Map(Object.entries(table));
  return { whole, patterns: patterns.map(([, pattern, other]) => [pattern, other]) };
}

/**
 * A text by a table, as a whole, or sentence by sentence and item by item; so are the values in
 * it.  What the table does not have stays as it is.
 * @param {Texts} texts
 * @param {string} text
 * @returns {string}
 */
export function lookUp(texts, text) {
  const found = texts.whole.get(text);
  if (found !== undefined || !/[A-Za-z]{2}/.test(text)) return found ?? text;
  const inner = text.trim();
  if (inner !== text) return text.replace(inner, () => lookUp(texts, inner));
  for (const [pattern, other] of texts.patterns) {
    const values = pattern.exec(text)?.slice(1);
    if (!values) continue;
    let next = 0;
    return other.replace(/\{(\d*)\}/g, (_, n) => lookUp(texts, values[n ? Number(n) - 1 : next++]));
  }
  const parts = BETWEEN.map((mark) => text.split(mark)).find(({ length }) => length > 1);
  return parts ? parts.map((part) => lookUp(texts, part)).join("") : text;
}

/** @type {Texts | undefined} */
let ofPage;

function textsOfPage() {
  const text = document.getElementById("igl-texts")?.textContent;
  ofPage ??= readTable(text ? JSON.parse(text) : BESIDE_NOTEBOOK);
  return ofPage;
}

/**
 * For a text that becomes a part of another one.
 * @param {string} text
 */
export const inPageLanguage = (text) => lookUp(textsOfPage(), text);

/**
 * All that an element says, now and later, in the language of the page.
 * @param {Element} root
 */
export function speak(root) {
  if (!textsOfPage().whole.size) return;
  /** @param {Node} node */
  function say(node) {
    if (node instanceof Text) {
      const other = inPageLanguage(node.data);
      if (other !== node.data) node.data = other;
    } else if (node instanceof Element) {
      for (const name of ATTRIBUTES) {
        const text = node.getAttribute(name);
        const other = text && inPageLanguage(text);
        if (other && other !== text) node.setAttribute(name, other);
      }
      for (const child of node.childNodes) say(child);
    }
  }
  const changes = new MutationObserver((records) => {
    for (const { target, addedNodes } of records)
      for (const node of addedNodes.length ? addedNodes : [target]) say(node);
  });
  const options = { subtree: true, childList: true, characterData: true };
  changes.observe(root, { ...options, attributeFilter: ATTRIBUTES });
  say(root);
}
