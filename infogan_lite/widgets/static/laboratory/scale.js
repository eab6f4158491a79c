// @ts-check
// What the worker and the page agree on: the plane from -REACH to REACH, D on SIDE by SIDE places.
export const SIDE = 32,
  REACH = 3;
