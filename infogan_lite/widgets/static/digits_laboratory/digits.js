// @ts-check
// The digits as they come with the page: packed by gzip, 28 x 28 bytes each, labels last.
import { AREA } from "./sampling.js";

/**
 * @typedef {object} Digits
 * @property {Float32Array} train  (n, 784) in 0..1
 * @property {Uint8Array} trainLabels  for naming the categories; training never sees them
 * @property {Float32Array} test  held out
 * @property {Uint8Array} testLabels
 */

/**
 * @param {ArrayBuffer} packed
 * @param {number} held  how many digits at the end are held out
 * @returns {Promise<Digits>}
 */
export async function unpackDigits(packed, held) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const n = bytes.length / (AREA + 1);
  const pictures = Float32Array.from(bytes.subarray(0, n * AREA), (v) => v / 255);
  const labels = bytes.subarray(n * AREA);
  return {
    train: pictures.subarray(0, (n - held) * AREA),
    trainLabels: labels.subarray(0, n - held),
    test: pictures.subarray((n - held) * AREA),
    testLabels: labels.subarray(n - held),
  };
}
