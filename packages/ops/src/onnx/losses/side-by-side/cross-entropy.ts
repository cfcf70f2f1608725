import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { logSoftmax } from "../../operators/activations.ts";
import { exponential, multiply, negate, subtract } from "../../operators/arithmetic.ts";
import { padWithZeros, reshape, slice } from "../../operators/layout.ts";
import { matMul } from "../../operators/products.ts";
import { dimensionAt, fixedSizeAt } from "../../shapes.ts";
import type { StepLoss, StepTruth } from "./step-loss.ts";

/**
 * The cross-entropy of heads of so many classes: - truth · log softmax(logits), with the gradient share · (p - truth); both times
 * the element's weight, where there are any, which is the same for all classes of an example. Columns behind the last whole head have a gradient of zero.
 */
export function crossEntropy(
  graph: GraphScope,
  logits: GraphTensor,
  { truth, shares, elementWeights, classes }: StepTruth & { readonly classes: number },
): StepLoss {
  const [examples, columns] = [dimensionAt(logits.shape, 0), fixedSizeAt(logits.shape, 1)];
  const used = columns - (columns % classes);
  const take = (x: GraphTensor): GraphTensor =>
    used === columns ? x : slice(graph, x, { axis: 1, start: 0, end: used });
  const fill = (x: GraphTensor): GraphTensor =>
    used === columns ? x : padWithZeros(graph, x, { axis: 1, before: 0, after: columns - used });
  const ofHeads = reshape(graph, take(logits), [examples, used / classes, classes]);
  const logShares = reshape(graph, logSoftmax(graph, ofHeads), [examples, used]);
  const wanted = take(truth);
  const perExample = reshape(graph, shares, [examples, 1]);
  const weigh = (x: GraphTensor): GraphTensor =>
    elementWeights === undefined ? x : multiply(graph, x, take(elementWeights));
  const gradient = multiply(graph, weigh(subtract(graph, exponential(graph, logShares), wanted)), perExample);
  const terms = fill(weigh(multiply(graph, logShares, wanted)));
  return {
    logits,
    gradient: fill(gradient),
    losses: reshape(graph, negate(graph, matMul(graph, shares, terms)), [columns]),
  };
}
