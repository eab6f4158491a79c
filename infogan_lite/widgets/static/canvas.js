// @ts-check
// Pictures on a canvas.

/**
 * The context to draw with.
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function pencil(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser cannot draw on a canvas");
  return context;
}

/**
 * Bytes of a picture (PNG or WebP) as something that a canvas can draw.
 * @param {DataView<ArrayBuffer>} bytes
 */
export const decodePicture = (bytes) => createImageBitmap(new Blob([bytes]));

/**
 * Numbers in [0, 1] as bytes of red, green, blue and opacity, pixel by pixel.
 * One channel: ink on paper, 1 is black, or light, 1 is white.
 * @param {Float32Array} numbers channel by channel
 * @param {number} channels 1 or 3
 * @param {boolean} ink
 */
export function toBytes(numbers, channels, ink) {
  const area = numbers.length / channels;
  const bytes = new Uint8ClampedArray(4 * area);
  for (let i = 0; i < area; i++) {
    for (let k = 0; k < 3; k++) {
      const v = numbers[channels === 3 ? k * area + i : i];
      bytes[4 * i + k] = Math.round(255 * (channels === 1 && ink ? 1 - v : v));
    }
    bytes[4 * i + 3] = 255;
  }
  return bytes;
}

/**
 * Numbers in [0, 1] onto a canvas of that very size.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} numbers
 * @param {[number, number, number]} shape channels, height, width
 * @param {boolean} ink
 */
export function paint(canvas, numbers, [channels, height, width], ink) {
  Object.assign(canvas, { width, height });
  pencil(canvas).putImageData(new ImageData(toBytes(numbers, channels, ink), width, height), 0, 0);
  Object.assign(canvas, { numbers }); // what was drawn, unrounded: for whoever wants to look
}
