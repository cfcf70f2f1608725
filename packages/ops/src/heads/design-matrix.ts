import type { FeaturePart } from "./feature-part.ts";
import type { Standardiser } from "./standardiser.ts";

/** Standardised features in float64, filled up with rows of zeros to a multiple of `rowTile`. */
export interface DesignMatrix {
  readonly rows: number;
  readonly paddedRows: number;
  readonly width: number;
  /** Row-major, [paddedRows, width]. */
  readonly values: Float64Array;
}

/** Rows that are worked on at once, so that one read of a weight or of a gradient entry serves four rows. */
export const rowTile = 4;

export function buildDesignMatrix(part: FeaturePart, { mean, deviation }: Standardiser): DesignMatrix {
  const { rows, width } = part;
  const paddedRows = Math.ceil(rows / rowTile) * rowTile;
  const values = new Float64Array(paddedRows * width);
  for (let row = 0; row < rows; row++) {
    const offset = row * width;
    for (let column = 0; column < width; column++) {
      values[offset + column] = (part.values[offset + column]! - mean[column]!) / deviation[column]!;
    }
  }
  return { rows, paddedRows, width, values };
}

/** A vector of `matrix.width` entries inside a larger array. */
export interface VectorView {
  readonly values: Float64Array;
  readonly offset: number;
}

/** products[index] = row (first + index) · vector, for `rowTile` rows. */
export function multiplyRows(matrix: DesignMatrix, first: number, vector: VectorView, products: Float64Array): void {
  const { values, width } = matrix;
  const { values: vectorValues, offset } = vector;
  const x0 = first * width;
  const x1 = x0 + width;
  const x2 = x1 + width;
  const x3 = x2 + width;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let column = 0; column < width; column++) {
    const factor = vectorValues[offset + column]!;
    s0 += values[x0 + column]! * factor;
    s1 += values[x1 + column]! * factor;
    s2 += values[x2 + column]! * factor;
    s3 += values[x3 + column]! * factor;
  }
  products[0] = s0;
  products[1] = s1;
  products[2] = s2;
  products[3] = s3;
}

/** vector += sum over `rowTile` rows of factors[index] · row (first + index). */
export function addRows(matrix: DesignMatrix, first: number, factors: Float64Array, vector: VectorView): void {
  const { values, width } = matrix;
  const { values: vectorValues, offset } = vector;
  const x0 = first * width;
  const x1 = x0 + width;
  const x2 = x1 + width;
  const x3 = x2 + width;
  const f0 = factors[0]!;
  const f1 = factors[1]!;
  const f2 = factors[2]!;
  const f3 = factors[3]!;
  for (let column = 0; column < width; column++) {
    vectorValues[offset + column]! +=
      f0 * values[x0 + column]! + f1 * values[x1 + column]! + f2 * values[x2 + column]! + f3 * values[x3 + column]!;
  }
}
