import { scalarLike } from "../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { sigmoid } from "../operators/activations.ts";
import { add, divide, multiply, subtract } from "../operators/arithmetic.ts";
import { greater, where } from "../operators/choices.ts";
import { reshape, slice } from "../operators/layout.ts";
import { sum, sumKeepingAxes } from "../operators/reductions.ts";
import { dimensionAt, elementCount } from "../shapes.ts";
import { classShares } from "./class-shares.ts";
import {
  addUp,
  alongOutputs,
  keepCounted,
  meanOfEach,
  onlyCounted,
  requireWeights,
  type CountedCall,
} from "./counted-call.ts";
import type { Loss } from "./loss.ts";
import { truthTable } from "./true-classes.ts";

export interface SoftDiceOptions {
  /** What makes shares of the prediction: `softmax` over the outputs, `sigmoid` of each, `none` where they are shares already. */
  readonly activation: "softmax" | "sigmoid" | "none";
  /** Whether output 0 is compared too: by default it is. */
  readonly includeBackground?: boolean;
  /** Whether the denominator adds up squares instead of values. */
  readonly squaredPrediction?: boolean;
  /** Whether Jaccard's index is taken instead of Dice's. */
  readonly jaccard?: boolean;
  /** What is added to the numerator: by default 1e-5. */
  readonly smoothNumerator?: number;
  /** What is added to the denominator: by default 1e-5. */
  readonly smoothDenominator?: number;
  /** Whether all examples of a batch are compared as one. */
  readonly batch?: boolean;
  /** One per output, compared or not. As MONAI has it they are factors, and count for nothing where a single output is compared. */
  readonly classWeights?: readonly number[] | null;
}

/**
 * 1 - overlap, a mean over examples and outputs, as MONAI's `DiceLoss` has it. With `batch` that adds up over no parts: the
 * sum is then the loss times the number of examples that count, and the weight is that number.
 */
export function softDiceLoss(options: SoftDiceOptions): Loss {
  requireWeights(options.classWeights ?? null);
  return (graph, call) => {
    const counted = onlyCounted(graph, call);
    if (options.batch !== true) return addUp(graph, counted, { losses: lossesOf(graph, counted, options) });
    const number = sum(graph, counted.counts, [0]);
    const zero = scalarLike(graph, number, 0);
    const ofBatch = sum(graph, lossesOf(graph, counted, options), [0]);
    // Of no examples the loss may be 0 / 0.
    const loss = where(graph, greater(graph, number, zero), { then: ofBatch, otherwise: zero });
    return { sum: multiply(graph, loss, number), weight: number };
  };
}

/** Of each example, [examples], or of the batch, [1]. */
function lossesOf(graph: GraphScope, call: CountedCall, options: SoftDiceOptions): GraphTensor {
  const { outputs, prediction } = call;
  const { includeBackground = true, classWeights = null } = options;
  const first = includeBackground ? 0 : 1;
  if (first >= outputs) throw new Error("A single output is no background.");
  const compared = (x: GraphTensor): GraphTensor =>
    first === 0 ? x : slice(graph, x, { axis: 1, start: first, end: outputs });
  const weights = classWeights && reshape(graph, alongOutputs(graph, prediction, classWeights), [1, outputs]);
  const misses = compared(missesOf(graph, call, options));
  const isWeighted = weights !== null && outputs - first > 1;
  return meanOfEach(graph, isWeighted ? multiply(graph, misses, compared(weights)) : misses);
}

/**
 * 1 - overlap, [examples or 1, outputs]. With the sums I of truth · share, T of the truth and S of the shares (or of their
 * squares) Dice's overlap is 2 I / (T + S), and Jaccard's 2 I / 2 (T + S - I).
 */
function missesOf(graph: GraphScope, call: CountedCall, options: SoftDiceOptions): GraphTensor {
  const { squaredPrediction = false, jaccard = false, smoothNumerator = 1e-5, smoothDenominator = 1e-5 } = options;
  const constant = (value: number): GraphTensor => scalarLike(graph, call.prediction, value);
  const measured = (x: GraphTensor): GraphTensor => (squaredPrediction ? multiply(graph, x, x) : x);
  const total = (x: GraphTensor): GraphTensor => totalsOf(graph, call, { x, isOfBatch: options.batch === true });
  const shares = sharesOf(graph, call.prediction, options.activation);
  const truth = truthTable(graph, call);
  const common = total(multiply(graph, shares, truth));
  const both = add(graph, total(measured(truth)), total(measured(shares)));
  const union = jaccard ? multiply(graph, subtract(graph, both, common), constant(2)) : both;
  const numerator = add(graph, multiply(graph, common, constant(2)), constant(smoothNumerator));
  const denominator = add(graph, union, constant(smoothDenominator));
  return subtract(graph, constant(1), divide(graph, numerator, denominator));
}

interface Summed {
  /** [examples, outputs, space...] */
  readonly x: GraphTensor;
  readonly isOfBatch: boolean;
}

/**
 * The sums over space, and over the examples that count where they are of the batch: [examples or 1, outputs]. As in
 * `meanOfEach` the last axis goes first.
 */
function totalsOf(graph: GraphScope, call: CountedCall, { x, isOfBatch }: Summed): GraphTensor {
  const ofRows = x.shape.length > 2 ? sum(graph, x, [x.shape.length - 1]) : x;
  const rows = elementCount(ofRows.shape.slice(2));
  const ofEach = sum(graph, reshape(graph, ofRows, [dimensionAt(x.shape, 0), call.outputs, rows]), [2]);
  return isOfBatch ? sumKeepingAxes(graph, keepCounted(graph, call, ofEach), [0]) : ofEach;
}

function sharesOf(graph: GraphScope, prediction: GraphTensor, activation: SoftDiceOptions["activation"]): GraphTensor {
  switch (activation) {
    case "softmax":
      return classShares(graph, prediction);
    case "sigmoid":
      return sigmoid(graph, prediction);
    case "none":
      return prediction;
  }
}
