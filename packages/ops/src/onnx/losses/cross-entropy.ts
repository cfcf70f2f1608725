import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { logSoftmax } from "../operators/activations.ts";
import { multiply, negate } from "../operators/arithmetic.ts";
import { cast } from "../operators/conversions.ts";
import { oneHot } from "../operators/indexing.ts";
import { reshape } from "../operators/layout.ts";
import { sum } from "../operators/reductions.ts";
import { dimensionAt, fixedSizeAt } from "../shapes.ts";
import type { StepLoss } from "./step-loss.ts";

export interface CrossEntropyOptions {
  /** The class of each example: whole numbers, [examples]. */
  readonly targets: GraphTensor;
  /** What each example counts, [examples]; 1 in all where the loss is their mean. */
  readonly shares: GraphTensor;
}

/** The cross-entropy of several heads side by side, from logits [examples, heads, classes]. */
export function crossEntropy(graph: GraphScope, logits: GraphTensor, options: CrossEntropyOptions): StepLoss {
  const { targets, shares } = options;
  const [examples, classes] = [dimensionAt(logits.shape, 0), fixedSizeAt(logits.shape, 2)];
  const type = shares.type === "float64" ? "float64" : "float32";
  const chosen = oneHot(graph, cast(graph, targets, "int64"), { depth: classes, type });
  const weights = multiply(graph, chosen, reshape(graph, negate(graph, shares), [examples, 1]));
  const terms = multiply(graph, logSoftmax(graph, logits), reshape(graph, weights, [examples, 1, classes]));
  const losses = sum(graph, terms, [0]);
  return { differentiable: losses, value: losses };
}
