import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt, formatShape, sameDimension } from "../shapes.ts";

export interface LayerNormWeights {
  readonly weight: GraphTensor;
  readonly bias: GraphTensor;
  readonly epsilon: number;
}

/** (x - mean) / sqrt(variance + epsilon) · weight + bias over the last axis; the variance divides by n. */
export function layerNormalization(graph: GraphScope, x: GraphTensor, weights: LayerNormWeights): GraphTensor {
  const { weight, bias, epsilon } = weights;
  if (!sameDimension(dimensionAt(x.shape, -1), dimensionAt(weight.shape, -1))) {
    throw new Error(`A normalisation of ${formatShape(weight.shape)} does not take ${formatShape(x.shape)}.`);
  }
  return graph.node({
    operator: "LayerNormalization",
    inputs: [x, weight, bias],
    attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    shape: x.shape,
  });
}
