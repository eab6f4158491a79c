// @ts-check
// What widgets say, in the language of the page.  A page in another language than English holds a
// table of texts, English to its own, as JSON; {} stands for a value, or {1}, {2} to reorder them.

/** @typedef {{ whole: Map<string, string>, patterns: [RegExp, string][] }} Texts */

const HOLE = /\{\d*\}/;

/**
 * @param {Record<string, string>} table
 * @returns {Texts}
 */
export function readTable(table) {
  /** @type {[RegExp, string][]} */
  const patterns = [];
  for (const [english, other] of Object.entries(table)) {
    if (!HOLE.test(english)) continue;
    const parts = english.split(HOLE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    patterns.push([new RegExp(`^${parts.join("([^]+?)")}$`), other]);
  }
  return { whole: new Map(Object.entries(table)), patterns };
}

/**
 * A text by a table; a text that it does not have stays as it is.
 * @param {Texts} texts
 * @param {string} text
 */
export function lookUp({ whole, patterns }, text) {
  const found = whole.get(text);
  if (found !== undefined) return found;
  for (const [pattern, other] of patterns) {
    const values = pattern.exec(text)?.slice(1);
    if (!values) continue;
    let next = 0;
    return other.replace(/\{(\d*)\}/g, (_, n) => values[n ? Number(n) - 1 : next++]);
  }
  return text;
}

/** @type {Texts | undefined} */
let ofPage;

/**
 * @param {string} text
 */
export function inPageLanguage(text) {
  ofPage ??= readTable(JSON.parse(document.getElementById("igl-texts")?.textContent || "{}"));
  return lookUp(ofPage, text);
}
