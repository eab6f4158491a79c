// @ts-check
// The generator without torch: a list of layers and a block of numbers, as export.py wrote them.

/**
 * weight, bias, scale, shift are positions in the block of numbers; a bias of -1: there is none.
 * @typedef {{ in: number, out: number, weight: number, bias: number }} Weights
 * @typedef {Weights & { kind: "linear" }} Linear
 * @typedef {{ kind: "affine", in: number, scale: number, shift: number }} Affine
 * @typedef {{ kind: "relu" }} Relu
 * @typedef {{ kind: "sigmoid" }} Sigmoid
 * @typedef {{ kind: "reshape", shape: number[] }} Reshape
 * @typedef {Weights & { kind: "conv_transpose", kernel: number, stride: number,
 *   padding: number }} ConvTranspose
 * @typedef {Weights & { kind: "bend", z: number, first: number, uniform: number,
 *   points: number }} Bend
 * @typedef {Linear | Affine | Relu | Sigmoid | Reshape | ConvTranspose | Bend} Layer
 */

/**
 * Numbers on their way, of shape [n] or [channels, height, width].
 * @typedef {{ data: Float32Array, shape: number[] }} Tensor
 */

/**
 * float16 to float32, number by number.
 * @param {DataView} view
 */
export function unpackHalf(view) {
  const numbers = new Float32Array(view.byteLength / 2);
  for (let i = 0; i < numbers.length; i++) {
    const bits = view.getUint16(2 * i, true);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const rest = bits & 1023;
    if (exponent === 0) numbers[i] = sign * rest * 2 ** -24;
    else if (exponent === 31) numbers[i] = rest ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else numbers[i] = sign * (1 + rest / 1024) * 2 ** (exponent - 15);
  }
  return numbers;
}

/** @param {DataView} view */
export function unpackFloat(view) {
  const numbers = new Float32Array(view.byteLength / 4);
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat32(4 * i, true);
  return numbers;
}

/**
 * What enters G: z, a one-hot vector for each categorical factor, the uniform factors, and the
 * cosine and the sine of each circular one.
 * @param {ArrayLike<number>} z
 * @param {number[]} categories
 * @param {number[]} sizes how many categories each factor has
 * @param {number[]} values
 * @param {number[]} [angles] in degrees
 */
export function inputRow(z, categories, sizes, values, angles = []) {
  const oneHot = sizes.flatMap((k, i) =>
    Array.from({ length: k }, (_, j) => Number(categories[i] === j)),
  );
  const pairs = angles.flatMap((a) => [
    Math.cos((a * Math.PI) / 180),
    Math.sin((a * Math.PI) / 180),
  ]);
  return Float32Array.from([...Array.from(z), ...oneHot, ...values, ...pairs]);
}

/**
 * G of one row, as numbers in [0, 1], channel by channel.
 * @param {Layer[]} layers
 * @param {Float32Array} W
 * @param {Float32Array} row
 */
export function runLayers(layers, W, row) {
  /** @type {Tensor} */
  let x = { data: row, shape: [row.length] };
  for (const layer of layers) x = runLayer(x, layer, W, row);
  return x.data;
}

/**
 * @param {Tensor} x
 * @param {Layer} layer
 * @param {Float32Array} W
 * @param {Float32Array} row what entered G: a layer that bends looks at it again
 * @returns {Tensor}
 */
function runLayer(x, layer, W, row) {
  switch (layer.kind) {
    case "linear":
      return { data: linear(x.data, layer, W), shape: [layer.out] };
    case "affine":
      return { data: affine(x.data, layer, W), shape: x.shape };
    case "relu":
      return { data: x.data.map((v) => Math.max(v, 0)), shape: x.shape };
    case "sigmoid":
      return { data: x.data.map((v) => 1 / (1 + Math.exp(-v))), shape: x.shape };
    case "reshape":
      return { data: x.data, shape: layer.shape };
    case "conv_transpose":
      return convTranspose(x, layer, W);
    case "bend":
      return bend(x, layer, W, row);
  }
}

/**
 * @param {Float32Array} data
 * @param {Weights} layer
 * @param {Float32Array} W
 */
function linear(data, layer, W) {
  const out = filled(layer, 1, W);
  for (let o = 0; o < layer.out; o++) {
    const first = layer.weight + o * layer.in;
    for (let i = 0; i < layer.in; i++) out[o] += W[first + i] * data[i];
  }
  return out;
}

/**
 * @param {Float32Array} data
 * @param {Affine} layer
 * @param {Float32Array} W
 */
function affine(data, layer, W) {
  const area = data.length / layer.in;
  return data.map((v, i) => {
    const channel = Math.floor(i / area);
    return v * W[layer.scale + channel] + W[layer.shift + channel];
  });
}

/**
 * Room for each output channel, filled with its bias.
 * @param {Weights} layer
 * @param {number} area
 * @param {Float32Array} W
 */
function filled(layer, area, W) {
  const out = new Float32Array(layer.out * area);
  if (layer.bias >= 0)
    for (let o = 0; o < layer.out; o++) out.fill(W[layer.bias + o], o * area, (o + 1) * area);
  return out;
}

/**
 * Each pixel that is not 0 stamps its kernel onto the larger picture.
 * @param {Tensor} x
 * @param {ConvTranspose} layer
 * @param {Float32Array} W
 * @returns {Tensor}
 */
function convTranspose({ data, shape: [n, h, w] }, layer, W) {
  const { kernel, stride, padding } = layer;
  const height = (h - 1) * stride - 2 * padding + kernel;
  const width = (w - 1) * stride - 2 * padding + kernel;
  /** @type {Tensor} */
  const out = { data: filled(layer, height * width, W), shape: [layer.out, height, width] };
  for (let c = 0; c < n; c++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const v = data[(c * h + y) * w + x];
        if (v !== 0) stamp(out, v, c, y * stride - padding, x * stride - padding, layer, W);
      }
  return out;
}

/**
 * Add v times the kernels of input channel c to all output channels, at (top, left).
 * @param {Tensor} out
 * @param {number} v
 * @param {number} c
 * @param {number} top
 * @param {number} left
 * @param {ConvTranspose} layer
 * @param {Float32Array} W
 */
function stamp({ data, shape: [m, height, width] }, v, c, top, left, { kernel: k, weight }, W) {
  const [kx0, kx1] = [Math.max(0, -left), Math.min(k, width - left)];
  const [ky0, ky1] = [Math.max(0, -top), Math.min(k, height - top)];
  for (let o = 0; o < m; o++)
    for (let ky = ky0; ky < ky1; ky++) {
      const from = weight + ((c * m + o) * k + ky) * k;
      const to = (o * height + top + ky) * width + left;
      for (let kx = kx0; kx < kx1; kx++) data[to + kx] += v * W[from + kx];
    }
}

/**
 * A smooth map of the plane, steered by z and the uniform factors: infogan_lite.bend.
 * @param {Tensor} x
 * @param {Bend} layer
 * @param {Float32Array} W
 * @param {Float32Array} row
 * @returns {Tensor}
 */
function bend({ data, shape }, layer, W, row) {
  const [n, h, w] = shape;
  const uniform = row.subarray(layer.first, layer.first + layer.uniform);
  const b = linear(Float32Array.from([...row.subarray(0, layer.z), ...uniform]), layer, W);
  const out = new Float32Array(data.length);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [ix, iy] = bentFrom(b, layer.points, x, y, h, w);
      for (let c = 0; c < n; c++)
        out[(c * h + y) * w + x] = between(data, c * h * w, h, w, ix, iy) + 10 * b[layer.out - 1];
    }
  return { data: out, shape };
}

/**
 * From where in the drawing the pixel (x, y) is fetched.
 * @param {Float32Array} b 6 numbers of an affine map, then a shift along x and along y for each
 *   of p * p points
 * @param {number} p
 * @param {number} x
 * @param {number} y
 * @param {number} h
 * @param {number} w
 * @returns {[number, number]}
 */
function bentFrom(b, p, x, y, h, w) {
  const u = (2 * x + 1) / w - 1; // the plane is -1..1
  const v = (2 * y + 1) / h - 1;
  const px = (x * (p - 1)) / (w - 1);
  const py = (y * (p - 1)) / (h - 1);
  const gx = u + b[0] * u + b[1] * v + b[2] + between(b, 6, p, p, px, py);
  const gy = v + b[3] * u + b[4] * v + b[5] + between(b, 6 + p * p, p, p, px, py);
  return [
    Math.min(Math.max(((gx + 1) * w - 1) / 2, 0), w - 1),
    Math.min(Math.max(((gy + 1) * h - 1) / 2, 0), h - 1),
  ];
}

/**
 * The value at (x, y) between the numbers of an h by w table that starts at `from`.
 * @param {Float32Array} table
 * @param {number} from
 * @param {number} h
 * @param {number} w
 * @param {number} x
 * @param {number} y
 */
function between(table, from, h, w, x, y) {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.min(x0 + 1, w - 1), Math.min(y0 + 1, h - 1)];
  const [fx, fy] = [x - x0, y - y0];
  const top = table[from + y0 * w + x0] * (1 - fx) + table[from + y0 * w + x1] * fx;
  const bottom = table[from + y1 * w + x0] * (1 - fx) + table[from + y1 * w + x1] * fx;
  return top * (1 - fy) + bottom * fy;
}
