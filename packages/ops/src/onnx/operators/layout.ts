import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import {
  broadcastShapes,
  dimensionAt,
  elementCount,
  fixedSizeAt,
  formatShape,
  sameDimension,
  type Shape,
} from "../shapes.ts";
import { shapeOf } from "./conversions.ts";

/** The same values in row-major order under another shape, of which one dimension at most is free. */
export function reshape(graph: GraphScope, x: GraphTensor, shape: Shape): GraphTensor {
  if (!sameDimension(elementCount(x.shape), elementCount(shape))) {
    throw new Error(`Cannot reshape ${formatShape(x.shape)} to ${formatShape(shape)}.`);
  }
  const target = graph.integers(shape.map((size) => (typeof size === "number" ? size : -1)));
  // A zero would stand for the size as it is.
  const attributes = shape.includes(0) ? { allowzero: { int: 1 } } : {};
  return graph.node({ operator: "Reshape", inputs: [x, target], attributes, shape });
}

/** Axes in another order: axis i of the result is axis `order[i]` of x. */
export function transpose(graph: GraphScope, x: GraphTensor, order: readonly number[]): GraphTensor {
  if (order.length !== x.shape.length || new Set(order).size !== order.length) {
    throw new Error(`[${order.join(", ")}] is no order of the axes of ${formatShape(x.shape)}.`);
  }
  const shape = order.map((axis) => dimensionAt(x.shape, axis));
  return graph.node({ operator: "Transpose", inputs: [x], attributes: { perm: { ints: order } }, shape });
}

/** One entry along an axis (from 0), which disappears. */
export function pick(graph: GraphScope, x: GraphTensor, { axis, index }: PickOptions): GraphTensor {
  const size = fixedSizeAt(x.shape, axis);
  if (index < 0 || index >= size)
    throw new Error(`Axis ${String(axis)} of ${formatShape(x.shape)} ends at ${String(size)}.`);
  return graph.node({
    operator: "Gather",
    inputs: [x, graph.integers(index)],
    attributes: { axis: { int: axis } },
    shape: x.shape.filter((_, place) => place !== axis),
  });
}

export interface PickOptions {
  readonly axis: number;
  readonly index: number;
}

/** The entries `start` (inclusive) to `end` (exclusive) along an axis (from 0). */
export function slice(graph: GraphScope, x: GraphTensor, { axis, start, end }: SliceOptions): GraphTensor {
  if (start < 0 || end <= start || end > fixedSizeAt(x.shape, axis)) {
    throw new Error(
      `Axis ${String(axis)} of ${formatShape(x.shape)} has no entries ${String(start)} to ${String(end)}.`,
    );
  }
  const bounds = [[start], [end], [axis]].map((values) => graph.integers(values));
  return graph.node({
    operator: "Slice",
    inputs: [x, ...bounds],
    shape: x.shape.map((size, place) => (place === axis ? end - start : size)),
  });
}

export interface SliceOptions {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/** Every `step`-th entry along an axis, `count` of them from `start` on. */
export function sliceEvery(graph: GraphScope, x: GraphTensor, { axis, start, count, step }: EveryOptions): GraphTensor {
  const end = start + (count - 1) * step + 1;
  if (start < 0 || count < 1 || step < 1 || end > fixedSizeAt(x.shape, axis)) {
    throw new Error(
      `Axis ${String(axis)} of ${formatShape(x.shape)} has no ${String(count)} entries from ${String(start)} on.`,
    );
  }
  if (step === 1) return count === x.shape[axis] ? x : slice(graph, x, { axis, start, end });
  const bounds = [[start], [end], [axis], [step]].map((values) => graph.integers(values));
  return graph.node({
    operator: "Slice",
    inputs: [x, ...bounds],
    shape: x.shape.map((size, place) => (place === axis ? count : size)),
  });
}

export interface EveryOptions {
  readonly axis: number;
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** Tensors one after the other along an axis (from 0); all other dimensions are equal. */
export function concatenate(graph: GraphScope, tensors: readonly GraphTensor[], axis: number): GraphTensor {
  const [first] = tensors;
  if (first === undefined) throw new Error("There is nothing to concatenate.");
  const length = tensors.reduce((sum, tensor) => sum + fixedSizeAt(tensor.shape, axis), 0);
  const shape = first.shape.map((size, place) => (place === axis ? length : size));
  for (const tensor of tensors) {
    const fits = tensor.shape.length === shape.length;
    const isEqual = tensor.shape.every((size, place) => place === axis || sameDimension(size, shape[place] ?? -1));
    if (!fits || !isEqual) {
      throw new Error(`Cannot concatenate ${formatShape(first.shape)} and ${formatShape(tensor.shape)}.`);
    }
  }
  return graph.node({ operator: "Concat", inputs: tensors, attributes: { axis: { int: axis } }, shape });
}

/**
 * Zeros before and after the entries of an axis (from 0). Every axis is named: onnxruntime 1.30 moves transpositions past a padding
 * as if it were so.
 */
export function padWithZeros(graph: GraphScope, x: GraphTensor, { axis, before, after }: PadOptions): GraphTensor {
  if (before === 0 && after === 0) return x;
  const size = fixedSizeAt(x.shape, axis) + before + after;
  const along = (entries: number): readonly number[] => x.shape.map((_, place) => (place === axis ? entries : 0));
  return graph.node({
    operator: "Pad",
    inputs: [x, graph.integers([...along(before), ...along(after)])],
    shape: x.shape.map((other, place) => (place === axis ? size : other)),
  });
}

export interface PadOptions {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** New axes of size 1 at these places of the result. */
export function unsqueeze(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  const sizes = [...x.shape];
  const rank = x.shape.length + axes.length;
  const shape = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : sizes.shift()!));
  return graph.node({ operator: "Unsqueeze", inputs: [x, graph.integers(axes)], shape });
}

/** Without these axes, each of size 1. */
export function squeeze(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  for (const axis of axes) {
    if (fixedSizeAt(x.shape, axis) !== 1) throw new Error(`Axis ${String(axis)} of ${formatShape(x.shape)} is not 1.`);
  }
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  return graph.node({ operator: "Squeeze", inputs: [x, graph.integers(axes)], shape });
}

/** A matrix: the axes before one of them, and the others. */
export function flatten(graph: GraphScope, x: GraphTensor, axis: number): GraphTensor {
  const shape = [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))];
  return graph.node({ operator: "Flatten", inputs: [x], attributes: { axis: { int: axis } }, shape });
}

/** Parts of these lengths, one after the other along an axis. */
export function split(graph: GraphScope, x: GraphTensor, { axis, lengths }: SplitOptions): readonly GraphTensor[] {
  if (lengths.reduce((sum, length) => sum + length, 0) !== fixedSizeAt(x.shape, axis)) {
    throw new Error(`Axis ${String(axis)} of ${formatShape(x.shape)} is no sum of ${lengths.join(" + ")}.`);
  }
  const shapes = lengths.map((length) => x.shape.map((size, place) => (place === axis ? length : size)));
  return graph.nodeWithResults(
    { operator: "Split", inputs: [x, graph.integers(lengths)], attributes: { axis: { int: axis } } },
    shapes.map((shape) => ({ shape, type: x.type })),
  );
}

export interface SplitOptions {
  readonly axis: number;
  readonly lengths: readonly number[];
}

/** The entries of each matrix on a diagonal and above it, or on it and below it; the others are 0. */
export function triangle(graph: GraphScope, x: GraphTensor, { isUpper, shift = 0 }: TriangleOptions): GraphTensor {
  const attributes = { upper: { int: isUpper ? 1 : 0 } };
  return graph.node({ operator: "Trilu", inputs: [x, graph.integers(shift)], attributes, shape: x.shape });
}

export interface TriangleOptions {
  readonly isUpper: boolean;
  /** How many columns the diagonal lies further to the right. */
  readonly shift?: number;
}

/** x, repeated so many times along each of its axes. */
export function tile(graph: GraphScope, x: GraphTensor, repeats: readonly number[]): GraphTensor {
  const shape = x.shape.map((_, axis) => fixedSizeAt(x.shape, axis) * (repeats[axis] ?? 1));
  return graph.node({ operator: "Tile", inputs: [x, graph.integers(repeats)], shape });
}

/** x, repeated along the axes where it has to grow to the shape of another tensor, by NumPy's rule. */
export function expand(graph: GraphScope, x: GraphTensor, like: GraphTensor): GraphTensor {
  const shape = broadcastShapes(x.shape, like.shape);
  return graph.node({ operator: "Expand", inputs: [x, shapeOf(graph, like)], shape });
}

/** x, repeated along axes of size 1 and along new ones, to the shape that comes of it and these sizes by NumPy's rule. */
export function expandTo(graph: GraphScope, x: GraphTensor, sizes: readonly number[]): GraphTensor {
  const shape = broadcastShapes(x.shape, sizes);
  const isSame =
    shape.length === x.shape.length && shape.every((size, axis) => sameDimension(size, x.shape[axis] ?? -1));
  return isSame ? x : graph.node({ operator: "Expand", inputs: [x, graph.integers(sizes)], shape });
}
