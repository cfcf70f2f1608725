import { scalarLike } from "../../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { sigmoid, softplus } from "../../operators/activations.ts";
import { multiply, subtract } from "../../operators/arithmetic.ts";
import { reshape } from "../../operators/layout.ts";
import { matMul } from "../../operators/products.ts";
import { dimensionAt } from "../../shapes.ts";
import type { StepLoss, StepTruth } from "./step-loss.ts";

/**
 * The binary cross-entropy with logits, averaged over a head's outputs: softplus(logit) - truth · logit, with the gradient
 * share / outputs · (sigmoid(logit) - truth); both times the element's weight, where there are any.
 */
export function binaryCrossEntropy(
  graph: GraphScope,
  logits: GraphTensor,
  { truth, shares, elementWeights, outputs }: StepTruth & { readonly outputs: number },
): StepLoss {
  const weights = multiply(graph, shares, scalarLike(graph, logits, 1 / outputs));
  const perExample = reshape(graph, weights, [dimensionAt(logits.shape, 0), 1]);
  const weigh = (x: GraphTensor): GraphTensor =>
    elementWeights === undefined ? x : multiply(graph, x, elementWeights);
  const terms = weigh(subtract(graph, softplus(graph, logits), multiply(graph, truth, logits)));
  return {
    logits,
    gradient: multiply(graph, weigh(subtract(graph, sigmoid(graph, logits), truth)), perExample),
    losses: reshape(graph, matMul(graph, weights, terms), [dimensionAt(logits.shape, 1)]),
  };
}
