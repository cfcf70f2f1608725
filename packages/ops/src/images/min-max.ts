import type { Plane } from "./split-channels.ts";

/**
 * A channel stretched to 0..1 by its own extremes, (x - min) / (max - min), in single precision. A constant channel has no
 * range to stretch and becomes 0 (the plain formula would give NaN).
 */
export function minMax(plane: Plane): Float32Array {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of plane) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const result = new Float32Array(plane.length);
  const range = Math.fround(highest - lowest);
  if (range === 0) return result;
  for (let index = 0; index < result.length; index++) result[index] = Math.fround(plane[index]! - lowest) / range;
  return result;
}
