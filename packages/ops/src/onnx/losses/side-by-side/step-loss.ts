import type { GraphTensor } from "../../graph-builder.ts";

/**
 * A loss with its gradient, for several heads side by side: logits [examples, columns], each head's outputs next to each other.
 * No column of a head is computed from another head's.
 */
export interface StepLoss {
  /** What the loss is of. */
  readonly logits: GraphTensor;
  /** Of the sum of all losses by the logits, [examples, columns]. Losses bring their own: it has fewer passes than rules for their parts. */
  readonly gradient: GraphTensor;
  /** [columns]: a head's loss is the sum over its columns, which is left to the reader. Columns that no head has mean nothing. */
  readonly losses: GraphTensor;
}

/** What the truth is, and what each example counts. */
export interface StepTruth {
  /** 0 or 1 as floats, [examples, columns]: repeated for every head, since onnxruntime is slow to broadcast short rows. */
  readonly truth: GraphTensor;
  /** [1, examples]; each is one share of a mean, or 0 for a row that only fills a batch up. */
  readonly shares: GraphTensor;
  /**
   * What each output's loss of each example counts on top of that, [examples, columns], repeated for every head. Absent: one each,
   * and the graph is the plain one.
   */
  readonly elementWeights?: GraphTensor;
}
