// @ts-check
// A table of probabilities whose cells one can type into.
import { make } from "./elements.js";

/** @import { Table } from "./tables.js" */

/**
 * @param {{ rows: string[], columns: string[], title: string,
 *   name: (row: string, column: string) => string,
 *   onEdit: (row: number, column: number, value: number) => void }} options
 */
export function makeEditor({ rows, columns, title, name, onEdit }) {
  const inputs = rows.map((row, i) =>
    columns.map((column, j) => {
      const input = make("input", { type: "number", min: 0, max: 1, step: 0.05 });
      input.setAttribute("aria-label", name(row, column));
      input.addEventListener("change", () => {
        const typed = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : 0;
        onEdit(i, j, Math.min(1, Math.max(0, typed)));
      });
      return input;
    }),
  );
  const head = make("tr", {}, make("td"), ...columns.map((c) => make("th", { scope: "col" }, c)));
  const body = rows.map((row, i) => {
    const cells = inputs[i].map((input) => make("td", {}, input));
    return make("tr", {}, make("th", { scope: "row" }, row), ...cells);
  });
  const table = make("table", {}, make("caption", {}, title), head, ...body);
  /** @param {Table} values */
  const set = (values) => {
    for (const [i, row] of inputs.entries()) {
      for (const [j, input] of row.entries()) {
        input.value = values[i][j].toFixed(2);
        const depth = (0.06 + 0.64 * values[i][j]).toFixed(3);
        input.style.background = `rgba(var(--under-ink), ${depth})`;
      }
    }
  };
  return { node: make("div", { className: "igl-editor" }, table), set };
}
