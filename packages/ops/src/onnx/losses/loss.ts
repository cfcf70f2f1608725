import type { GraphScope, GraphTensor } from "../graph-builder.ts";

/** A loss of a batch as two single values ([]): their quotient is the loss, and both add up over the parts in which a batch is computed. */
export interface LossParts {
  readonly sum: GraphTensor;
  readonly weight: GraphTensor;
}

/** What a loss compares. The sizes of outputs and space are fixed, the number of examples may be free. */
export interface LossCall {
  /** Logits or values, [examples, outputs, space...]. */
  readonly prediction: GraphTensor;
  /** Class numbers (int32 or int64), [examples, space...], or floats of the prediction's shape. */
  readonly truth: GraphTensor;
  /** What each example counts, [examples]: 1, or 0 for one that only fills a batch up. */
  readonly counts: GraphTensor;
}

/** Has no gradient of its own: that follows from the rules of its operators. */
export type Loss = (graph: GraphScope, call: LossCall) => LossParts;
