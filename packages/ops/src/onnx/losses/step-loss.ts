import type { GraphTensor } from "../graph-builder.ts";

/** A loss with its gradient, for several heads side by side. No head's entries are computed from another's. */
export interface StepLoss {
  /** What the loss is of. */
  readonly logits: GraphTensor;
  /** Of the sum of all losses by the logits. Losses bring their own: it has fewer passes than rules for their parts. */
  readonly gradient: GraphTensor;
  /**
   * [heads, outputs]: a head's loss is the sum of its entries. It is left to the reader to add them up, as onnxruntime adds along
   * a last axis in an order that hangs on the place in memory, but down a first axis (the examples) in the same order
   * everywhere.
   */
  readonly losses: GraphTensor;
}
