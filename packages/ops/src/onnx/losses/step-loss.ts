import type { GraphTensor } from "../graph-builder.ts";

/**
 * The losses of several heads side by side, [heads, outputs]: a head's loss is the sum of its entries. It is left to the reader
 * to add them up, as onnxruntime adds along a last axis in an order that hangs on the place in memory, but down a first axis
 * (the examples) in the same order everywhere. No entry, nor its gradient, is computed from another head's.
 * Both tensors hold the same but for rounding.
 */
export interface StepLoss {
  /** What gradients are taken of. */
  readonly differentiable: GraphTensor;
  /** What is told to the outside: a head's bits are the same at every place among the heads. */
  readonly value: GraphTensor;
}
