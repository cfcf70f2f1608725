import type { FeaturePart } from "../feature-part.ts";
import type { Standardiser } from "../standardiser.ts";

/** The rows as a head sees them, (x - mean) / deviation, worked out in float64 and rounded: [rows, width]. */
export function standardiseRows(part: FeaturePart, { mean, deviation }: Standardiser): Float32Array {
  const { rows, width, values } = part;
  const result = new Float32Array(rows * width);
  for (let row = 0, place = 0; row < rows; row++) {
    for (let column = 0; column < width; column++, place++) {
      result[place] = (values[place]! - mean[column]!) / deviation[column]!;
    }
  }
  return result;
}
