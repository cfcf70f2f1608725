import type { OpFacts, ParamSpec } from "@exp-lab/dsl";
import type { Predictions } from "../artifacts/predictions.ts";
import type { ParamsOf } from "../op.ts";

/** A metric's parameters as a table's cell sets them, e.g. `test.auroc { average: weighted }`. */
export type MetricParams = Readonly<Record<string, ParamSpec>>;

/** One metric: what a table's cells name. One file each, one line in the list. */
export interface Metric<Specs extends MetricParams = MetricParams> {
  /** The word in a table's cells, e.g. `auroc` in `test.auroc`. */
  readonly name: string;
  /** Raised whenever the same predictions get another score. */
  readonly version: number;
  readonly summary: string;
  readonly better: "higher" | "lower";
  readonly params: Specs;
  /** The labels that it is made for, where these are not all. */
  readonly facts?: OpFacts;
  /**
   * Everything that does not hang on how often an example counts is done here, once: the classes, the order of the scores.
   * Called for one example at least.
   */
  readonly prepare: (predictions: Predictions, params: ParamsOf<Specs>) => PreparedMetric;
}

export interface PreparedMetric {
  /** Every example counts once. */
  readonly measurement: Measurement;
  /** The metric on each resample of a block, [block.count]; NaN where it has no value there. */
  readonly resample: (block: WeightBlock) => Float64Array;
}

/** A metric's own part of a score. */
export interface Measurement {
  readonly value: number | null;
  readonly perClass: readonly (number | null)[] | null;
  readonly notes: readonly string[];
}

/**
 * Several resamples side by side: how often each group of examples (a patient) counts in each of them. The inner loop of a
 * metric goes over resamples, which lie next to each other.
 */
export interface WeightBlock {
  /** Resamples in the block. */
  readonly count: number;
  /** [groups, count], row-major. */
  readonly weights: Uint8Array;
  /** The group of each example of the predictions. */
  readonly groupOf: Int32Array;
}
