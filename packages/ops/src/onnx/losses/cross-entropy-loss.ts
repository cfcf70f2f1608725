import { scalarLike } from "../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { multiply } from "../operators/arithmetic.ts";
import { where } from "../operators/choices.ts";
import { negativeLogShares } from "./class-shares.ts";
import { addUp, alongOutputs, meanOfEach, onlyCounted, requireWeights, type CountedCall } from "./counted-call.ts";
import type { Loss } from "./loss.ts";
import { isTrueClass } from "./true-classes.ts";

export interface CrossEntropyOptions {
  /** One per class: a place counts as much as its true class. By default all count the same. */
  readonly classWeights?: readonly number[] | null;
  /** Which part of the truth, 0 to 1, is shared out among all classes alike. */
  readonly labelSmoothing?: number;
}

/**
 * The cross-entropy of logits with class numbers, a mean over examples and space, as PyTorch's `CrossEntropyLoss` has it. With
 * class weights the mean is a weighted one: an example's part of the weight is then the mean of its true classes' weights.
 */
export function crossEntropyLoss({ classWeights = null, labelSmoothing = 0 }: CrossEntropyOptions = {}): Loss {
  requireWeights(classWeights);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new Error(`Labels cannot be smoothed by ${String(labelSmoothing)}.`);
  }
  return (graph, call) => {
    const counted = onlyCounted(graph, call);
    const { prediction, outputs } = counted;
    const weights = classWeights ?? Array.from({ length: outputs }, () => 1);
    const shared = weights.map((weight) => (weight * labelSmoothing) / outputs);
    const table = chooseByClass(graph, counted, {
      isTrue: weights.map((weight, index) => weight * (1 - labelSmoothing) + shared[index]!),
      isFalse: shared,
    });
    const losses = sumOfOutputs(graph, multiply(graph, table, negativeLogShares(graph, prediction)), outputs);
    if (classWeights === null) return addUp(graph, counted, { losses });
    const ofTrue = chooseByClass(graph, counted, { isTrue: weights, isFalse: weights.map(() => 0) });
    return addUp(graph, counted, { losses, weights: sumOfOutputs(graph, ofTrue, outputs) });
  };
}

interface ByClass {
  readonly isTrue: readonly number[];
  readonly isFalse: readonly number[];
}

/** At the true class its number of one list, and elsewhere of the other; of the prediction's shape. */
function chooseByClass(graph: GraphScope, call: CountedCall, { isTrue, isFalse }: ByClass): GraphTensor {
  const choose = (values: readonly number[]): GraphTensor => alongOutputs(graph, call.prediction, values);
  return where(graph, isTrueClass(graph, call), { then: choose(isTrue), otherwise: choose(isFalse) });
}

/** Of each example the sum over the outputs and the mean over space. */
function sumOfOutputs(graph: GraphScope, x: GraphTensor, outputs: number): GraphTensor {
  return multiply(graph, meanOfEach(graph, x), scalarLike(graph, x, outputs));
}
