import type { ClassColumn } from "./class-columns.ts";
import type { WeightBlock } from "./metric.ts";

/**
 * A quantity of one class against the rest. What does not hang on the weights is done once, for the column; what is returned
 * takes a block of resamples.
 */
export type ClassStatistic = (column: ClassColumn) => (block: WeightBlock) => ClassResamples;

/** One number per resample each. */
export interface ClassResamples {
  /** Of no meaning where the class lacks the examples that the quantity needs. */
  readonly values: Float64Array;
  /** How often examples with the class count, all together. */
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
}
