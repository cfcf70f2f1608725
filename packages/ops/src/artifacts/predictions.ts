import type { Labels, ProblemKind } from "./examples.ts";

/** Scores of one head on one split, beside the truth, so that every metric, interval and export needs nothing else. */
export interface Predictions {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  readonly ids: readonly string[];
  readonly groups: readonly (string | null)[];
  readonly labels: Labels;
  /**
   * Probabilities, row-major [n, classes]. For `binary` two columns that sum to one (class 1 is the positive one), for
   * `multi-label` one independent probability per class.
   */
  readonly scores: Float64Array;
}
