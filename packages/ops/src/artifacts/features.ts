import type { RowLayout } from "../rows.ts";

/** Rows of a per-example op, gathered in the order of an `ExampleSet`. */
export interface FeatureMatrix {
  readonly layout: RowLayout;
  /** Example digests, in row order. */
  readonly digests: readonly string[];
  /** Row-major float32, `digests.length` rows of all the layout's parts. */
  readonly data: Float32Array;
}
