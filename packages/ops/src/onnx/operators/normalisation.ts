import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt, formatShape, sameDimension } from "../shapes.ts";
import { add, multiply } from "./arithmetic.ts";
import { scalarLike, zerosOf } from "./filling.ts";

export interface LayerNormWeights {
  readonly weight: GraphTensor;
  readonly bias: GraphTensor;
  readonly epsilon: number;
  /** The first of the axes that are normalised together; by default the last. */
  readonly axis?: number;
}

/** (x - mean) / sqrt(variance + epsilon) · weight + bias over the last axes; the variance divides by n. */
export function layerNormalization(graph: GraphScope, x: GraphTensor, weights: LayerNormWeights): GraphTensor {
  const { weight, bias, epsilon, axis = -1 } = weights;
  if (!sameDimension(dimensionAt(x.shape, -1), dimensionAt(weight.shape, -1))) {
    throw new Error(`A normalisation of ${formatShape(weight.shape)} does not take ${formatShape(x.shape)}.`);
  }
  return graph.node({
    operator: "LayerNormalization",
    inputs: [x, weight, bias],
    attributes: { axis: { int: axis }, epsilon: { float: epsilon } },
    shape: x.shape,
  });
}

export interface ChannelNormWeights {
  /** [C], as are all of them. */
  readonly scale: GraphTensor;
  readonly bias: GraphTensor;
  readonly epsilon: number;
}

/** (x - mean) / sqrt(variance + epsilon) · scale + bias for each image and channel by itself, [B, C, space...]. */
export function instanceNormalization(graph: GraphScope, x: GraphTensor, weights: ChannelNormWeights): GraphTensor {
  const { scale, bias, epsilon } = weights;
  const attributes = { epsilon: { float: epsilon } };
  return graph.node({ operator: "InstanceNormalization", inputs: [x, scale, bias], attributes, shape: x.shape });
}

export interface BatchNormWeights extends ChannelNormWeights {
  /** The moments that are used. */
  readonly mean: GraphTensor;
  readonly variance: GraphTensor;
}

/** Each channel by moments that are fixed. */
export function frozenBatchNormalization(graph: GraphScope, x: GraphTensor, weights: BatchNormWeights): GraphTensor {
  const { scale, bias, mean, variance, epsilon } = weights;
  return graph.node({
    operator: "BatchNormalization",
    inputs: [x, scale, bias, mean, variance],
    attributes: { epsilon: { float: epsilon } },
    shape: x.shape,
  });
}

/**
 * Each channel by the batch's own moments; and these, the variance divided by n. onnxruntime works running moments out in the place
 * of those that it is given, whoever else reads them: it is given zeros, and a momentum of 0 leaves what is the batch's.
 */
export function batchNormalization(
  graph: GraphScope,
  x: GraphTensor,
  { scale, bias, epsilon }: ChannelNormWeights,
): BatchNormalised {
  const attributes = { epsilon: { float: epsilon }, momentum: { float: 0 }, training_mode: { int: 1 } };
  const [mean, variance] = [0, 1].map(() => zerosOf(graph, x, scale.shape));
  const results = graph.nodeWithResults(
    { operator: "BatchNormalization", inputs: [x, scale, bias, mean!, variance!], attributes },
    [x, scale, scale].map(({ shape }) => ({ shape, type: x.type })),
  );
  return { normalised: results[0]!, mean: results[1]!, variance: results[2]! };
}

export interface BatchNormalised {
  readonly normalised: GraphTensor;
  /** [C] */
  readonly mean: GraphTensor;
  readonly variance: GraphTensor;
}

/** A running moment, moved towards a batch's by 1 - `momentum`. */
export function movedTowards(
  graph: GraphScope,
  [running, batch]: readonly [GraphTensor, GraphTensor],
  momentum: number,
): GraphTensor {
  const kept = multiply(graph, running, scalarLike(graph, running, momentum));
  return add(graph, kept, multiply(graph, batch, scalarLike(graph, batch, 1 - momentum)));
}

/** The channels of each image in groups of as many; scale and bias are per group, as the operator set of our graphs has it. */
export function groupNormalization(
  graph: GraphScope,
  x: GraphTensor,
  { scale, bias, epsilon, groups }: ChannelNormWeights & { readonly groups: number },
): GraphTensor {
  const attributes = { epsilon: { float: epsilon }, num_groups: { int: groups } };
  return graph.node({ operator: "GroupNormalization", inputs: [x, scale, bias], attributes, shape: x.shape });
}
