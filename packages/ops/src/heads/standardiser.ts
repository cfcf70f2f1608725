import type { FeaturePart } from "./feature-part.ts";

/** z = (x - mean) / deviation, per feature. */
export interface Standardiser {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Mean and population deviation of each feature over the rows, in float64 and two passes. A feature that has one value
 * throughout gets deviation 1 and its exact value as mean, so that rounding cannot turn it into noise.
 */
export function fitStandardiser(part: FeaturePart): Standardiser {
  const { rows, width, values } = part;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) mean[column]! += values[row * width + column]!;
  }
  for (let column = 0; column < width; column++) mean[column]! /= rows;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      const difference = values[row * width + column]! - mean[column]!;
      deviation[column]! += difference * difference;
    }
  }
  for (let column = 0; column < width; column++) {
    const isConstant = isConstantColumn(part, column);
    deviation[column] = isConstant ? 1 : Math.sqrt(deviation[column]! / rows);
    if (isConstant) mean[column] = values[column]!;
  }
  return { mean, deviation };
}

/** Leaves features as they are. */
export function identityStandardiser(width: number): Standardiser {
  return { mean: new Float64Array(width), deviation: new Float64Array(width).fill(1) };
}

function isConstantColumn(part: FeaturePart, column: number): boolean {
  const first = part.values[column];
  for (let row = 1; row < part.rows; row++) if (part.values[row * part.width + column] !== first) return false;
  return true;
}
