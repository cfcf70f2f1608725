import { scalarLike } from "../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { multiply } from "../operators/arithmetic.ts";
import { greater, where } from "../operators/choices.ts";
import { flatten, reshape } from "../operators/layout.ts";
import { mean, sum } from "../operators/reductions.ts";
import { dimensionAt, fixedSizeAt, formatShape, sameDimension, type Shape } from "../shapes.ts";
import type { LossCall, LossParts } from "./loss.ts";

/**
 * A call whose predictions are zeros for the examples that do not count. Whatever was predicted for them, even infinity, no
 * value comes of it and the gradient is exactly 0; this takes 2% of a loss's time.
 */
export interface CountedCall extends LossCall, Counted {
  readonly outputs: number;
}

interface Counted {
  /** Which examples count, [examples]. */
  readonly isCounted: GraphTensor;
}

/** @throws Error where the shapes of the call do not fit each other */
export function onlyCounted(graph: GraphScope, call: LossCall): CountedCall {
  requireFit(call);
  const { prediction, counts } = call;
  const isCounted = greater(graph, counts, scalarLike(graph, counts, 0));
  const kept = keepCounted(graph, { isCounted }, prediction);
  return { ...call, isCounted, outputs: fixedSizeAt(prediction.shape, 1), prediction: kept };
}

/** Of each example, both [examples]. */
export interface ExampleLosses {
  readonly losses: GraphTensor;
  /** By default 1. */
  readonly weights?: GraphTensor;
}

/** The sum over the examples that count. */
export function addUp(graph: GraphScope, call: CountedCall, { losses, weights }: ExampleLosses): LossParts {
  const { counts } = call;
  return {
    sum: sum(graph, keepCounted(graph, call, losses), [0]),
    weight: sum(graph, weights === undefined ? counts : multiply(graph, weights, counts), [0]),
  };
}

/** x, [examples, ...], with zeros for the examples that do not count. */
export function keepCounted(graph: GraphScope, { isCounted }: Counted, x: GraphTensor): GraphTensor {
  const alongExamples = x.shape.map((size, axis) => (axis === 0 ? size : 1));
  const condition = reshape(graph, isCounted, alongExamples);
  return where(graph, condition, { then: x, otherwise: scalarLike(graph, x, 0) });
}

/**
 * The mean over all axes but that of the examples, [examples]. The last axis goes first: onnxruntime adds up value by value, and
 * over a whole map at once that takes a digit of float32.
 */
export function meanOfEach(graph: GraphScope, x: GraphTensor): GraphTensor {
  const ofRows = x.shape.length > 2 ? mean(graph, x, x.shape.length - 1) : x;
  return mean(graph, flatten(graph, ofRows, 1), 1);
}

/** One number per output, such that it is broadcast along the outputs of a prediction. @throws Error where there are more or fewer */
export function alongOutputs(graph: GraphScope, prediction: GraphTensor, values: readonly number[]): GraphTensor {
  const outputs = fixedSizeAt(prediction.shape, 1);
  if (values.length !== outputs) {
    throw new Error(`${String(values.length)} weights do not fit the ${String(outputs)} outputs of a prediction.`);
  }
  const list = graph.floats(values, prediction.type === "float64" ? "float64" : "float32");
  return reshape(
    graph,
    list,
    prediction.shape.map((_, axis) => (axis === 1 ? outputs : 1)),
  );
}

/** @throws Error where a weight is no number from 0 on */
export function requireWeights(weights: readonly number[] | null): void {
  const wrong = weights?.find((weight) => !Number.isFinite(weight) || weight < 0);
  if (wrong !== undefined) throw new Error(`A weight of ${String(wrong)} is not possible.`);
}

function requireFit({ prediction, truth, counts }: LossCall): void {
  const examples = dimensionAt(prediction.shape, 0);
  const hasClasses = truth.type === "int32" || truth.type === "int64";
  const wanted = hasClasses ? [examples, ...prediction.shape.slice(2)] : prediction.shape;
  if (prediction.shape.length < 2 || !isShape(truth.shape, wanted)) {
    throw new Error(
      `A truth of ${truth.type} ${formatShape(truth.shape)} does not fit a prediction of ${formatShape(prediction.shape)}.`,
    );
  }
  if (!isShape(counts.shape, [examples])) {
    throw new Error(`Counts of ${formatShape(counts.shape)} do not fit ${formatShape([examples])} examples.`);
  }
}

function isShape(shape: Shape, wanted: Shape): boolean {
  return shape.length === wanted.length && shape.every((size, axis) => sameDimension(size, wanted[axis] ?? -1));
}
