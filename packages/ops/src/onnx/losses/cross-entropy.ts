import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { logSoftmax } from "../operators/activations.ts";
import { exponential, multiply, negate, subtract } from "../operators/arithmetic.ts";
import { cast } from "../operators/conversions.ts";
import { oneHot } from "../operators/indexing.ts";
import { expand, reshape } from "../operators/layout.ts";
import { sum } from "../operators/reductions.ts";
import { dimensionAt, fixedSizeAt } from "../shapes.ts";
import type { StepLoss } from "./step-loss.ts";

export interface CrossEntropyOptions {
  /** The class of each example: whole numbers, [examples]. */
  readonly targets: GraphTensor;
  /** What each example counts, [examples]; 1 in all where the loss is their mean. */
  readonly shares: GraphTensor;
}

/** The cross-entropy of several heads side by side, from logits [examples, heads, classes]; its gradient is share · (p - truth). */
export function crossEntropy(graph: GraphScope, logits: GraphTensor, options: CrossEntropyOptions): StepLoss {
  const { targets, shares } = options;
  const [examples, classes] = [dimensionAt(logits.shape, 0), fixedSizeAt(logits.shape, 2)];
  const chosen = cast(graph, oneHot(graph, cast(graph, targets, "int64"), classes), shares.type);
  // Repeated over the heads once: onnxruntime is slow to broadcast rows as short as the classes.
  const truth = expand(graph, reshape(graph, chosen, [examples, 1, classes]), logits);
  const weights = reshape(graph, shares, [examples, 1, 1]);
  const logShares = logSoftmax(graph, logits);
  return {
    logits,
    gradient: multiply(graph, subtract(graph, exponential(graph, logShares), truth), weights),
    losses: negate(graph, sum(graph, multiply(graph, multiply(graph, logShares, truth), weights), [0])),
  };
}
