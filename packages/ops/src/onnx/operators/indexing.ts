import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt, formatShape } from "../shapes.ts";
import { cast } from "./conversions.ts";

/** The entries along an axis (from 0) that the indices (int64 or int32, any shape) name; the axis gives way to the indices' axes. */
export function gather(graph: GraphScope, x: GraphTensor, { indices, axis }: IndexOptions): GraphTensor {
  requireIndices(indices);
  dimensionAt(x.shape, axis);
  return graph.node({
    operator: "Gather",
    inputs: [x, indices],
    attributes: { axis: { int: axis } },
    shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
  });
}

/** At every place of the indices the entry of x at that place, but at the index along the axis. */
export function gatherElements(graph: GraphScope, x: GraphTensor, { indices, axis }: IndexOptions): GraphTensor {
  requireIndices(indices);
  requireSameRank(x, indices);
  return graph.node({
    operator: "GatherElements",
    inputs: [x, indices],
    attributes: { axis: { int: axis } },
    shape: indices.shape,
  });
}

/**
 * x with the updates added: each at its own place, but at the index along the axis. onnxruntime adds them one by one, in order, and
 * not in float16 on a CPU.
 */
export function scatterAdd(graph: GraphScope, x: GraphTensor, options: ScatterOptions): GraphTensor {
  const { indices, updates, axis } = options;
  requireIndices(indices);
  requireSameRank(x, indices);
  if (x.type === "float16") {
    const wide = { ...options, updates: cast(graph, updates, "float32") };
    return cast(graph, scatterAdd(graph, cast(graph, x, "float32"), wide), "float16");
  }
  return graph.node({
    operator: "ScatterElements",
    inputs: [x, indices, updates],
    attributes: { axis: { int: axis }, reduction: { string: "add" } },
    shape: x.shape,
  });
}

/** x with the entries at these places replaced: those of the updates, but at the index along the axis. */
export function scatter(graph: GraphScope, x: GraphTensor, { indices, updates, axis }: ScatterOptions): GraphTensor {
  requireIndices(indices);
  requireSameRank(x, indices);
  const attributes = { axis: { int: axis } };
  return graph.node({ operator: "ScatterElements", inputs: [x, indices, updates], attributes, shape: x.shape });
}

/** A new last axis of `depth` entries, float32: 1 at the index, 0 elsewhere (everywhere, where the index lies outside). */
export function oneHot(graph: GraphScope, indices: GraphTensor, depth: number): GraphTensor {
  requireIndices(indices);
  return graph.node({
    operator: "OneHot",
    inputs: [indices, graph.integers(depth), graph.floats([0, 1])],
    attributes: { axis: { int: -1 } },
    shape: [...indices.shape, depth],
    type: "float32",
  });
}

export interface IndexOptions {
  readonly indices: GraphTensor;
  readonly axis: number;
}

export interface ScatterOptions extends IndexOptions {
  readonly updates: GraphTensor;
}

function requireIndices({ type }: GraphTensor): void {
  if (type !== "int64" && type !== "int32") throw new Error(`Indices are int64 or int32, not ${type}.`);
}

function requireSameRank(x: GraphTensor, indices: GraphTensor): void {
  if (x.shape.length === indices.shape.length) return;
  throw new Error(`Indices of ${formatShape(indices.shape)} do not fit ${formatShape(x.shape)}.`);
}
