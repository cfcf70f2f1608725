import type { FeaturePart } from "./feature-part.ts";
import type { Standardiser } from "./standardiser.ts";

/** Some rows of a part in float64, filled up with rows of zeros to a multiple of `tile`. */
export interface RowBlock {
  readonly rows: number;
  readonly paddedRows: number;
  readonly width: number;
  readonly values: Float64Array;
  readonly norms: Float64Array;
}

/** Rows that are compared at once, so that a value read from memory serves several pairs. */
const tile = 4;

/** At most `limit` rows from `start` on, standardised, with their Euclidean norms. */
export function loadBlock(
  part: FeaturePart,
  { mean, deviation }: Standardiser,
  start: number,
  limit: number,
): RowBlock {
  const { width } = part;
  const rows = Math.min(limit, part.rows - start);
  const paddedRows = Math.ceil(rows / tile) * tile;
  const values = new Float64Array(paddedRows * width);
  const norms = new Float64Array(paddedRows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < width; column++) {
      const value = (part.values[(start + row) * width + column]! - mean[column]!) / deviation[column]!;
      values[row * width + column] = value;
      sum += value * value;
    }
    norms[row] = Math.sqrt(sum);
  }
  return { rows, paddedRows, width, values, norms };
}

/** The dot product of every pair of rows, [padded queries, padded training rows]. */
export function fillDotProducts(queries: RowBlock, training: RowBlock): Float64Array {
  const { width } = queries;
  const x = queries.values;
  const y = training.values;
  const products = new Float64Array(queries.paddedRows * training.paddedRows);
  for (let query = 0; query < queries.paddedRows; query += 2) {
    const x0 = query * width;
    const x1 = x0 + width;
    for (let row = 0; row < training.paddedRows; row += tile) {
      const y0 = row * width;
      const y1 = y0 + width;
      const y2 = y1 + width;
      const y3 = y2 + width;
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0; // prettier-ignore
      for (let column = 0; column < width; column++) {
        const a = x[x0 + column]!;
        const b = x[x1 + column]!;
        const p = y[y0 + column]!;
        const q = y[y1 + column]!;
        const r = y[y2 + column]!;
        const s = y[y3 + column]!;
        s00 += a * p;
        s01 += a * q;
        s02 += a * r;
        s03 += a * s;
        s10 += b * p;
        s11 += b * q;
        s12 += b * r;
        s13 += b * s;
      }
      const first = query * training.paddedRows + row;
      products.set([s00, s01, s02, s03], first);
      products.set([s10, s11, s12, s13], first + training.paddedRows);
    }
  }
  return products;
}

/** Squared Euclidean distances, laid out like `fillDotProducts`. Differences are squared as they are: |x|² + |y|² - 2xy would lose the nearest ones' digits. */
export function fillSquaredDistances(queries: RowBlock, training: RowBlock): Float64Array {
  const { width } = queries;
  const x = queries.values;
  const y = training.values;
  const squares = new Float64Array(queries.paddedRows * training.paddedRows);
  for (let query = 0; query < queries.paddedRows; query += 2) {
    const x0 = query * width;
    const x1 = x0 + width;
    for (let row = 0; row < training.paddedRows; row += tile) {
      const y0 = row * width;
      const y1 = y0 + width;
      const y2 = y1 + width;
      const y3 = y2 + width;
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0; // prettier-ignore
      for (let column = 0; column < width; column++) {
        const a = x[x0 + column]!;
        const b = x[x1 + column]!;
        const p = y[y0 + column]!;
        const q = y[y1 + column]!;
        const r = y[y2 + column]!;
        const s = y[y3 + column]!;
        s00 += (a - p) * (a - p);
        s01 += (a - q) * (a - q);
        s02 += (a - r) * (a - r);
        s03 += (a - s) * (a - s);
        s10 += (b - p) * (b - p);
        s11 += (b - q) * (b - q);
        s12 += (b - r) * (b - r);
        s13 += (b - s) * (b - s);
      }
      const first = query * training.paddedRows + row;
      squares.set([s00, s01, s02, s03], first);
      squares.set([s10, s11, s12, s13], first + training.paddedRows);
    }
  }
  return squares;
}
