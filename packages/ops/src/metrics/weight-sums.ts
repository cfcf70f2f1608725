import type { WeightBlock } from "./metric.ts";

/** One resample in which every example counts once. What is measured goes the same way as what is resampled. */
export function everyExampleOnce(examples: number): WeightBlock {
  return { count: 1, weights: Uint8Array.of(1), groupOf: new Int32Array(examples) };
}

/**
 * Adds the weights of one example to a sum per resample. Sums of weights fit into 32 bits: eight million examples of the
 * largest weight.
 */
export function addWeights(sums: Int32Array, { count, weights, groupOf }: WeightBlock, row: number): void {
  addRow(sums, weights, groupOf[row]! * count);
}

/** Adds the weights of one example, each multiplied by a number of the example's own. */
export function addProducts(sums: Float64Array, { count, weights, groupOf }: WeightBlock, of: RowFactor): void {
  const offset = groupOf[of.row]! * count;
  const { factor } = of;
  for (let resample = 0; resample < count; resample++) {
    sums[resample] = sums[resample]! + factor * weights[offset + resample]!;
  }
}

export interface RowFactor {
  readonly row: number;
  readonly factor: number;
}

/** Sets the sums to those of the examples `rows[start]` to `rows[end - 1]`. */
export function sumWeights(sums: Int32Array, block: WeightBlock, { rows, start, end }: RowRange): void {
  if (start === end) {
    sums.fill(0);
    return;
  }
  const { count, weights, groupOf } = block;
  copyRow(sums, weights, groupOf[rows[start]!]! * count);
  for (let place = start + 1; place < end; place++) addRow(sums, weights, groupOf[rows[place]!]! * count);
}

export interface RowRange {
  readonly rows: Int32Array;
  readonly start: number;
  readonly end: number;
}

/** Four resamples a turn: most of a bootstrap's time is spent in this loop, and half of that on its own counting. */
function addRow(sums: Int32Array, weights: Uint8Array, offset: number): void {
  const count = sums.length;
  let resample = 0;
  for (; resample + 3 < count; resample += 4) {
    const place = offset + resample;
    sums[resample] = sums[resample]! + weights[place]!;
    sums[resample + 1] = sums[resample + 1]! + weights[place + 1]!;
    sums[resample + 2] = sums[resample + 2]! + weights[place + 2]!;
    sums[resample + 3] = sums[resample + 3]! + weights[place + 3]!;
  }
  for (; resample < count; resample++) sums[resample] = sums[resample]! + weights[offset + resample]!;
}

function copyRow(sums: Int32Array, weights: Uint8Array, offset: number): void {
  for (let resample = 0; resample < sums.length; resample++) sums[resample] = weights[offset + resample]!;
}
