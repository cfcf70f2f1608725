import type { GraphBuilder, GraphTensor } from "../graph-builder.ts";
import { broadcastShapes, dimensionAt, formatShape, sameDimension } from "../shapes.ts";

/** Matrix product over the last two axes, [..., n, k] x [..., k, m] -> [..., n, m]; the axes before them are broadcast. */
export function matMul(graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor {
  if (!sameDimension(dimensionAt(a.shape, -1), dimensionAt(b.shape, -2))) {
    throw new Error(`Cannot multiply ${formatShape(a.shape)} by ${formatShape(b.shape)}.`);
  }
  const outer = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...outer, dimensionAt(a.shape, -2), dimensionAt(b.shape, -1)];
  return graph.node({ operator: "MatMul", inputs: [a, b], shape });
}

/** A dense layer, x · weightsᵀ + bias, [n, k] -> [n, m]: the weights are [m, k], as checkpoints store them, and are not copied. */
export function linear(graph: GraphBuilder, x: GraphTensor, { weight, bias }: LinearWeights): GraphTensor {
  if (x.shape.length !== 2 || !sameDimension(dimensionAt(x.shape, 1), dimensionAt(weight.shape, 1))) {
    throw new Error(`A dense layer of ${formatShape(weight.shape)} does not take ${formatShape(x.shape)}.`);
  }
  return graph.node({
    operator: "Gemm",
    inputs: [x, weight, bias],
    attributes: { transB: { int: 1 } },
    shape: [dimensionAt(x.shape, 0), dimensionAt(weight.shape, 0)],
  });
}

export interface LinearWeights {
  readonly weight: GraphTensor;
  readonly bias: GraphTensor;
}
