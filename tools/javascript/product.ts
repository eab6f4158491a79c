// The product of matrices that the digits laboratory trains with, in AssemblyScript, which
// becomes WebAssembly: python tools/product.py writes the bytes into product.js.

/**
 * C += A B in float32: C of m x n and B of k x n row after row; element (i, p) of A lies
 * i * rowA + p * colA numbers after its first, so a transposed A costs nothing.
 *
 * Four rows by eight columns of C stay in registers while k runs.  m is a multiple of 4 and
 * n of 8.  All addresses are in bytes.
 */
export function multiply(
  a: usize, rowA: i32, colA: i32, b: usize, c: usize, m: i32, k: i32, n: i32,
): void {
  const down: usize = (<usize>n) << 2, below: usize = (<usize>rowA) << 2;
  const along: usize = (<usize>colA) << 2;
  for (let i = 0; i < m; i += 4) {
    for (let j = 0; j < n; j += 8) {
      const c0: usize = c + ((<usize>(i * n + j)) << 2), c1: usize = c0 + down;
      const c2: usize = c1 + down, c3: usize = c2 + down;
      let x0 = v128.load(c0), y0 = v128.load(c0, 16), x1 = v128.load(c1), y1 = v128.load(c1, 16);
      let x2 = v128.load(c2), y2 = v128.load(c2, 16), x3 = v128.load(c3), y3 = v128.load(c3, 16);
      let a0: usize = a + ((<usize>(i * rowA)) << 2), row: usize = b + ((<usize>j) << 2);
      for (let p = 0; p < k; p++) {
        const u = v128.load(row), w = v128.load(row, 16);
        const a1: usize = a0 + below, a2: usize = a1 + below;
        let q = v128.load32_splat(a0);
        x0 = f32x4.add(x0, f32x4.mul(q, u));
        y0 = f32x4.add(y0, f32x4.mul(q, w));
        q = v128.load32_splat(a1);
        x1 = f32x4.add(x1, f32x4.mul(q, u));
        y1 = f32x4.add(y1, f32x4.mul(q, w));
        q = v128.load32_splat(a2);
        x2 = f32x4.add(x2, f32x4.mul(q, u));
        y2 = f32x4.add(y2, f32x4.mul(q, w));
        q = v128.load32_splat(a2 + below);
        x3 = f32x4.add(x3, f32x4.mul(q, u));
        y3 = f32x4.add(y3, f32x4.mul(q, w));
        a0 += along;
        row += down;
      }
      v128.store(c0, x0);
      v128.store(c0, y0, 16);
      v128.store(c1, x1);
      v128.store(c1, y1, 16);
      v128.store(c2, x2);
      v128.store(c2, y2, 16);
      v128.store(c3, x3);
      v128.store(c3, y3, 16);
    }
  }
}
