import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { broadcastShapes, dimensionAt, formatShape, sameDimension } from "../shapes.ts";

/** Matrix product over the last two axes, [..., n, k] x [..., k, m] -> [..., n, m]; the axes before them are broadcast. */
export function matMul(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  if (!sameDimension(dimensionAt(a.shape, -1), dimensionAt(b.shape, -2))) {
    throw new Error(`Cannot multiply ${formatShape(a.shape)} by ${formatShape(b.shape)}.`);
  }
  const outer = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...outer, dimensionAt(a.shape, -2), dimensionAt(b.shape, -1)];
  return graph.node({ operator: "MatMul", inputs: [a, b], shape });
}

/** A dense layer, x · weightsᵀ + bias, [n, k] -> [n, m]: the weights are [m, k], as checkpoints store them, and are not copied. */
export function linear(graph: GraphScope, x: GraphTensor, { weight, bias }: LinearWeights): GraphTensor {
  if (x.shape.length !== 2 || !sameDimension(dimensionAt(x.shape, 1), dimensionAt(weight.shape, 1))) {
    throw new Error(`A dense layer of ${formatShape(weight.shape)} does not take ${formatShape(x.shape)}.`);
  }
  return graph.node({
    operator: "Gemm",
    inputs: bias === null ? [x, weight] : [x, weight, bias],
    attributes: { transB: { int: 1 } },
    shape: [dimensionAt(x.shape, 0), dimensionAt(weight.shape, 0)],
  });
}

export interface LinearWeights {
  readonly weight: GraphTensor;
  /** Null: none. */
  readonly bias: GraphTensor | null;
}

/** factor · a · b of two matrices, either of them transposed without a copy, and `addend` (broadcast to the result) added. */
export function product(graph: GraphScope, [a, b]: readonly [GraphTensor, GraphTensor], options: ProductOptions = {}) {
  const { transposeA = false, transposeB = false, factor = 1, addend = null, addendFactor = 1 } = options;
  const [rows, inner] = transposeA ? [1, 0] : [0, 1];
  const [otherInner, columns] = transposeB ? [1, 0] : [0, 1];
  const isMatrix = a.shape.length === 2 && b.shape.length === 2;
  if (!isMatrix || !sameDimension(dimensionAt(a.shape, inner), dimensionAt(b.shape, otherInner))) {
    throw new Error(
      `Cannot multiply ${formatShape(a.shape)}${transposeA ? " transposed" : ""} by ${formatShape(b.shape)}${transposeB ? " transposed" : ""}.`,
    );
  }
  const shape = [dimensionAt(a.shape, rows), dimensionAt(b.shape, columns)];
  if (addend !== null) requireBroadcast(addend, shape);
  return graph.node({
    operator: "Gemm",
    inputs: addend === null ? [a, b] : [a, b, addend],
    attributes: {
      ...(transposeA ? { transA: { int: 1 } } : {}),
      ...(transposeB ? { transB: { int: 1 } } : {}),
      ...(factor === 1 ? {} : { alpha: { float: factor } }),
      ...(addendFactor === 1 ? {} : { beta: { float: addendFactor } }),
    },
    shape,
  });
}

export interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly factor?: number;
  readonly addend?: GraphTensor | null;
  readonly addendFactor?: number;
}

function requireBroadcast(addend: GraphTensor, shape: GraphTensor["shape"]): void {
  const result = broadcastShapes(addend.shape, shape);
  if (result.length === 2 && result.every((size, axis) => sameDimension(size, dimensionAt(shape, axis)))) return;
  throw new Error(`A product of ${formatShape(shape)} cannot take ${formatShape(addend.shape)} as its addend.`);
}
