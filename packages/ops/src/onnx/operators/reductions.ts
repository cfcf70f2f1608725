import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt } from "../shapes.ts";

/** The mean along one axis (from 0), which disappears. */
export function mean(graph: GraphScope, x: GraphTensor, axis: number): GraphTensor {
  return reduce(graph, "ReduceMean", { x, axes: [axis], keepAxes: false });
}

/** The mean over some axes (from 0), of which a size of 1 remains. */
export function meanKeepingAxes(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  return reduce(graph, "ReduceMean", { x, axes, keepAxes: true });
}

/** The sum over some axes (from 0), which disappear. */
export function sum(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  return reduce(graph, "ReduceSum", { x, axes, keepAxes: false });
}

/** The sum over some axes (from 0), of which a size of 1 remains. */
export function sumKeepingAxes(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  return reduce(graph, "ReduceSum", { x, axes, keepAxes: true });
}

/** The sum of the squares of all entries, a single one. */
export function sumOfSquares(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "ReduceSumSquare", inputs: [x], attributes: { keepdims: { int: 0 } }, shape: [] });
}

/** The product over some axes (from 0), of which a size of 1 remains. */
export function productKeepingAxes(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  return reduce(graph, "ReduceProd", { x, axes, keepAxes: true });
}

/** At each entry along an axis (from 0) the sum of those before it and of itself. */
export function cumulativeSum(graph: GraphScope, x: GraphTensor, options: CumulativeSumOptions): GraphTensor {
  const { axis, isExclusive = false, isBackwards = false } = options;
  dimensionAt(x.shape, axis);
  return graph.node({
    operator: "CumSum",
    inputs: [x, graph.integers(axis)],
    attributes: {
      ...(isExclusive ? { exclusive: { int: 1 } } : {}),
      ...(isBackwards ? { reverse: { int: 1 } } : {}),
    },
    shape: x.shape,
  });
}

export interface CumulativeSumOptions {
  readonly axis: number;
  /** Without itself. */
  readonly isExclusive?: boolean;
  /** Of those after it. */
  readonly isBackwards?: boolean;
}

/** The largest along one axis (from 0), of which a size of 1 remains. */
export function largest(graph: GraphScope, x: GraphTensor, axis: number): GraphTensor {
  return largestKeepingAxes(graph, x, [axis]);
}

/** The smallest along one axis (from 0), of which a size of 1 remains. */
export function smallest(graph: GraphScope, x: GraphTensor, axis: number): GraphTensor {
  return smallestKeepingAxes(graph, x, [axis]);
}

/** The largest over some axes (from 0), of which a size of 1 remains. */
export function largestKeepingAxes(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  return reduce(graph, "ReduceMax", { x, axes, keepAxes: true });
}

/** The smallest over some axes (from 0), of which a size of 1 remains. */
export function smallestKeepingAxes(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  return reduce(graph, "ReduceMin", { x, axes, keepAxes: true });
}

interface Reduction {
  readonly x: GraphTensor;
  readonly axes: readonly number[];
  readonly keepAxes: boolean;
}

function reduce(graph: GraphScope, operator: string, { x, axes, keepAxes }: Reduction): GraphTensor {
  // An empty list of axes would mean all of them.
  if (axes.length === 0) throw new Error(`${operator} needs an axis.`);
  for (const axis of axes) dimensionAt(x.shape, axis);
  return graph.node({
    operator,
    inputs: [x, graph.integers(axes)],
    attributes: { keepdims: { int: keepAxes ? 1 : 0 } },
    shape: x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepAxes ? [1] : []) : [size])),
  });
}
