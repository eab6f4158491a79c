// @ts-check
// In place of a generator too large for a page: pictures made beforehand, on one sheet.
import { decodePicture, pencil } from "./canvas.js";
import { make } from "./elements.js";

/**
 * Where on the grid the value lies nearest.
 * @param {number[]} grid
 * @param {number} value
 */
export const nearest = (grid, value) =>
  grid.reduce((best, g, i) => (Math.abs(g - value) < Math.abs(grid[best] - value) ? i : best), 0);

/**
 * The number of the frame: the last factor that moves is fastest, c1 slowest.
 * @param {number[]} grid
 * @param {number} category
 * @param {number[]} values of the factors that move
 */
export const frameNumber = (grid, category, values) =>
  values.reduce((sum, v) => sum * grid.length + nearest(grid, v), category);

/**
 * The picture of a category of c1 and of the factors that move, cut out of the sheet.
 * @param {DataView<ArrayBuffer>} bytes
 * @param {[number, number, number]} shape channels, height, width of a frame
 * @param {number[]} grid
 */
export async function openSheet(bytes, [channels, h, w], grid) {
  const sheet = await decodePicture(bytes);
  const context = pencil(make("canvas", { width: sheet.width, height: sheet.height }));
  context.drawImage(sheet, 0, 0);
  const perRow = Math.floor(sheet.width / w);
  /**
   * @param {number[]} categories
   * @param {number[]} values of the factors that move
   */
  return (categories, values) => {
    const frame = frameNumber(grid, categories[0] ?? 0, values);
    const { data } = context.getImageData(
      (frame % perRow) * w,
      Math.floor(frame / perRow) * h,
      w,
      h,
    );
    return Float32Array.from(
      { length: channels * h * w },
      (_, i) => data[4 * (i % (h * w)) + Math.floor(i / (h * w))] / 255,
    );
  };
}
