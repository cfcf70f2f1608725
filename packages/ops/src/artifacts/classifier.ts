import type { ProblemKind } from "./examples.ts";

/** A fitted linear classifier: scores = ((x - mean) / deviation) · weights + bias, through a sigmoid (one output) or a softmax. */
export interface Classifier {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  /** The part of the feature rows that the classifier was fitted on. */
  readonly part: string;
  /** Features per example. */
  readonly inputs: number;
  /** Outputs: 1 for binary, otherwise the number of classes. */
  readonly outputs: number;
  /** Statistics of the fit's own training split; ones and zeros where features were not standardised. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** [outputs, inputs], row-major. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  /** How the fit ended, for people. */
  readonly iterations: number;
  readonly converged: boolean;
}
