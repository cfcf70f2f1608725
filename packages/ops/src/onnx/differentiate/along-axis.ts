import { floatTypeOf, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { reshape, transpose } from "../operators/layout.ts";
import { matMul } from "../operators/products.ts";

export interface AxisProduct {
  readonly axis: number;
  /** [to, from] */
  readonly weights: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** The product with fixed weights along one axis. */
export function alongAxis(graph: GraphScope, x: GraphTensor, { axis, weights, from, to }: AxisProduct): GraphTensor {
  const matrix = reshape(graph, graph.floats(Array.from(weights), floatTypeOf(x)), [to, from]);
  return timesAlongAxis(graph, x, { axis, matrix });
}

/** The product with a matrix [to, from] along one axis, which is brought to the end for it. */
export function timesAlongAxis(graph: GraphScope, x: GraphTensor, { axis, matrix }: MatrixProduct): GraphTensor {
  const order = x.shape.map((_, each) => each);
  const last = order.length - 1;
  if (axis === last) return matMul(graph, x, matrix);
  const exchanged = order.map((each) => (each === axis ? last : each === last ? axis : each));
  return transpose(graph, matMul(graph, transpose(graph, x, exchanged), matrix), exchanged);
}

export interface MatrixProduct {
  readonly axis: number;
  /** [to, from] */
  readonly matrix: GraphTensor;
}
