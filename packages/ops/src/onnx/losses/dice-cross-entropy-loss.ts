import { scalarLike } from "../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { add, divide, multiply } from "../operators/arithmetic.ts";
import { greater, where } from "../operators/choices.ts";
import { fixedSizeAt } from "../shapes.ts";
import { binaryCrossEntropyLoss } from "./binary-cross-entropy-loss.ts";
import { requireWeights } from "./counted-call.ts";
import { crossEntropyLoss } from "./cross-entropy-loss.ts";
import type { Loss, LossParts } from "./loss.ts";
import { softDiceLoss, type SoftDiceOptions } from "./soft-dice-loss.ts";

/** Class weights are those of both parts; for a single output that of its positives, in the cross-entropy alone. */
export interface DiceCrossEntropyOptions extends SoftDiceOptions {
  /** The factor of the Dice part: by default 1. */
  readonly diceWeight?: number;
  /** The factor of the cross-entropy: by default 1. */
  readonly crossEntropyWeight?: number;
  /** Of the cross-entropy of several outputs, see `CrossEntropyOptions`. */
  readonly labelSmoothing?: number;
}

/**
 * `softDiceLoss` and `crossEntropyLoss` (of a single output `binaryCrossEntropyLoss`), added as MONAI's `DiceCELoss` does it. With
 * `batch` or class weights that adds up over no parts: the sum is then the loss times the number of examples that count, and
 * the weight is that number. Where no place has a class of any weight the cross-entropy is 0.
 */
export function diceCrossEntropyLoss(options: DiceCrossEntropyOptions): Loss {
  const { diceWeight = 1, crossEntropyWeight = 1, classWeights = null, labelSmoothing = 0 } = options;
  requireWeights([diceWeight, crossEntropyWeight]);
  const dice = softDiceLoss(options);
  const crossEntropy = crossEntropyLoss({ classWeights, labelSmoothing });
  const ofSingleOutput = binaryCrossEntropyLoss({ positiveWeights: classWeights });
  return (graph, call) => {
    const isSingle = fixedSizeAt(call.prediction.shape, 1) === 1;
    const { sum, weight } = dice(graph, call);
    const entropy = perExample(graph, (isSingle ? ofSingleOutput : crossEntropy)(graph, call), weight);
    const scaled = (x: GraphTensor, factor: number): GraphTensor => multiply(graph, x, scalarLike(graph, x, factor));
    return { sum: add(graph, scaled(sum, diceWeight), scaled(entropy, crossEntropyWeight)), weight };
  };
}

/** The quotient of the parts times the number of examples; without class weights the parts' own sum. */
function perExample(graph: GraphScope, { sum, weight }: LossParts, number: GraphTensor): GraphTensor {
  const zero = scalarLike(graph, weight, 0);
  const isWeighted = greater(graph, weight, zero);
  return multiply(graph, sum, where(graph, isWeighted, { then: divide(graph, number, weight), otherwise: zero }));
}
