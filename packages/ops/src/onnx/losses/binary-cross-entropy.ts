import { scalarLike } from "../differentiate/broadcasting.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { relu, sigmoid } from "../operators/activations.ts";
import { add, divide, exponential, minimum, multiply, negate, subtract } from "../operators/arithmetic.ts";
import { expand, reshape } from "../operators/layout.ts";
import { sum } from "../operators/reductions.ts";
import { dimensionAt, fixedSizeAt } from "../shapes.ts";
import type { StepLoss } from "./step-loss.ts";

export interface BinaryCrossEntropyOptions {
  /** 0 or 1 as floats, [examples, labels]. */
  readonly targets: GraphTensor;
  /** What each example counts, [examples]; 1 in all where the loss is their mean. */
  readonly shares: GraphTensor;
}

/**
 * The binary cross-entropy with logits of several heads side by side, averaged over the labels, from logits [examples, heads,
 * labels]. As log(1 + exp(z)) of z = logit for a 0 and -logit for a 1, so that neither side of the sigmoid loses digits; its
 * gradient is share / labels · sigmoid(z) with z's sign.
 */
export function binaryCrossEntropy(
  graph: GraphScope,
  logits: GraphTensor,
  { targets, shares }: BinaryCrossEntropyOptions,
): StepLoss {
  const [examples, labels] = [dimensionAt(logits.shape, 0), fixedSizeAt(logits.shape, 2)];
  const scalar = (value: number): GraphTensor => scalarLike(graph, logits, value);
  const signsOfLabels = subtract(graph, scalar(1), multiply(graph, targets, scalar(2)));
  // Repeated over the heads once: onnxruntime is slow to broadcast rows as short as the labels.
  const signs = expand(graph, reshape(graph, signsOfLabels, [examples, 1, labels]), logits);
  const z = multiply(graph, logits, signs);
  const weights = multiply(graph, reshape(graph, shares, [examples, 1, 1]), scalar(1 / labels));
  return {
    logits,
    gradient: multiply(graph, multiply(graph, sigmoid(graph, z), signs), weights),
    losses: sum(graph, multiply(graph, softplusAtAnyPlace(graph, z), weights), [0]),
  };
}

/**
 * log(1 + exp(z)) as max(z, 0) + log(1 + e), e = exp(-|z|), to 3e-7. onnxruntime computes Softplus and Log by other code for
 * the last elements of an array than for the others, which differs in the last bits; sums, products and Exp are the same
 * everywhere. So the logarithm is one step of Halley's method, y + 2 · (a - exp(y)) / (a + exp(y)) with a = 1 + e, from a
 * parabola that is within 0.005 of it.
 */
function softplusAtAnyPlace(graph: GraphScope, z: GraphTensor): GraphTensor {
  const scalar = (value: number): GraphTensor => scalarLike(graph, z, value);
  const e = exponential(graph, minimum(graph, z, negate(graph, z)));
  const start = multiply(graph, e, add(graph, multiply(graph, e, scalar(-0.25)), scalar(0.94)));
  const [aim, reached] = [add(graph, e, scalar(1)), exponential(graph, start)];
  const step = divide(graph, subtract(graph, aim, reached), add(graph, aim, reached));
  const logarithm = add(graph, start, multiply(graph, step, scalar(2)));
  return add(graph, relu(graph, z), logarithm);
}
