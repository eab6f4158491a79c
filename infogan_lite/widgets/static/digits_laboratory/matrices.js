// @ts-check
// Matrices in the memory that WebAssembly computes in, and their product.
import { PRODUCT } from "./product.js";

const PAGE = 65536,
  BLOCK = 256; // rows of B that stay in the cache

/**
 * Where all numbers live; they are taken once, at the start, and never given back.
 * @typedef {object} Arena
 * @property {(n: number) => Float32Array} floats  n zeros
 * @property {(a: Float32Array, b: Float32Array, c: Float32Array, size: Size) => void} product
 *   C = A B, or C += A B
 */

/**
 * C is m x n, A m x k and B k x n; m is a multiple of 4 and n of 8.
 * @typedef {object} Size
 * @property {number} m
 * @property {number} k
 * @property {number} n
 * @property {boolean} [turned]  whether A is stored as its transpose, k x m
 * @property {boolean} [add]  to what C holds already
 */

/** @typedef {(...numbers: number[]) => void} Multiply */

/**
 * @param {number} megabytes
 * @returns {Arena}
 */
export function makeArena(megabytes) {
  const memory = new WebAssembly.Memory({ initial: (megabytes * 2 ** 20) / PAGE });
  const bytes = Uint8Array.from(atob(PRODUCT), (letter) => letter.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const multiply = /** @type {Multiply} */ (instance.exports.multiply);
  let used = PAGE;
  return {
    floats(n) {
      const array = new Float32Array(memory.buffer, used, n);
      used += 16 * Math.ceil(n / 4);
      return array;
    },
    product(a, b, c, { m, k, n, turned = false, add = false }) {
      if (m % 4 || n % 8) throw new Error(`a product of ${m} x ${k} and ${k} x ${n}`);
      if (a.buffer !== memory.buffer) throw new Error("a matrix from outside of the arena");
      if (!add) c.fill(0, 0, m * n);
      const row = turned ? 1 : k,
        column = turned ? m : 1;
      for (let p = 0; p < k; p += BLOCK) {
        const from = a.byteOffset + 4 * p * column;
        const size = [m, Math.min(BLOCK, k - p), n];
        multiply(from, row, column, b.byteOffset + 4 * p * n, c.byteOffset, ...size);
      }
    },
  };
}

/**
 * @param {Float32Array} from  rows x columns
 * @param {Float32Array} to  columns x rows
 * @param {number} rows
 * @param {number} columns
 */
export function transpose(from, to, rows, columns) {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
}
