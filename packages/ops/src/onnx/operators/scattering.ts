import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { elementCount, fixedSizeAt, formatShape, type Shape } from "../shapes.ts";
import { add, multiply } from "./arithmetic.ts";
import { scatterAdd } from "./indexing.ts";
import { expandTo, reshape } from "./layout.ts";
import { sum } from "./reductions.ts";

/** Where blocks lie in a tensor. */
export interface BlockPlaces {
  /** int64; their last axis names a place along the first axes of the tensor, or along those after the shared ones. */
  readonly indices: GraphTensor;
  /** How many first axes the tensor and the indices have in common. */
  readonly shared?: number;
}

/** The blocks of x at these places, in the order of the indices. */
export function gatherBlocks(graph: GraphScope, x: GraphTensor, { indices, shared = 0 }: BlockPlaces): GraphTensor {
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(shared + fixedSizeAt(indices.shape, -1))];
  const attributes = shared === 0 ? {} : { batch_dims: { int: shared } };
  return graph.node({ operator: "GatherND", inputs: [x, indices], attributes, shape });
}

/** x with the blocks at these places replaced. */
export function scatterBlocks(graph: GraphScope, x: GraphTensor, { indices, updates }: ScatteredBlocks): GraphTensor {
  return graph.node({ operator: "ScatterND", inputs: [x, indices, updates], shape: x.shape });
}

export interface ScatteredBlocks extends BlockPlaces {
  readonly updates: GraphTensor;
}

/**
 * x with the updates added to its blocks at these places, one by one, in order. onnxruntime's own ScatterND would add them on
 * several threads at once, and lose some of those that meet at a place.
 */
export function scatterBlocksAdd(graph: GraphScope, x: GraphTensor, blocks: ScatteredBlocks): GraphTensor {
  const { indices, updates, shared = 0 } = blocks;
  const depth = shared + fixedSizeAt(indices.shape, -1);
  if (depth > x.shape.length) {
    throw new Error(`Indices of ${formatShape(indices.shape)} do not fit ${formatShape(x.shape)}.`);
  }
  const size = countOf(x.shape.slice(depth));
  const rows = flatPlaces(graph, x.shape.slice(0, depth), { indices, shared });
  const count = Number(elementCount(rows.shape));
  const summed = scatterAdd(graph, reshape(graph, x, [countOf(x.shape.slice(0, depth)), size]), {
    indices: expandTo(graph, reshape(graph, rows, [count, 1]), [count, size]),
    updates: reshape(graph, updates, [count, size]),
    axis: 0,
  });
  return reshape(graph, summed, x.shape);
}

/** Each place along several axes as one number; they may count from the end. */
function flatPlaces(graph: GraphScope, axes: Shape, { indices, shared = 0 }: BlockPlaces): GraphTensor {
  const steps = axes.map((_, axis) => countOf(axes.slice(axis + 1)));
  const named = graph.integers(axes.slice(shared).map(Number));
  // The remainder has the sign of the size.
  const fromStart = graph.node({ operator: "Mod", inputs: [indices, named], shape: indices.shape });
  const last = indices.shape.length - 1;
  const inner = sum(graph, multiply(graph, fromStart, graph.integers(steps.slice(shared))), [last]);
  return axes.slice(0, shared).reduce((places, size, axis) => {
    const along = Array.from({ length: Number(size) }, (_, at) => at * steps[axis]!);
    const shape = inner.shape.map((_, each) => (each === axis ? along.length : 1));
    return add(graph, places, graph.constant(along, { type: "int64", shape }));
  }, inner);
}

function countOf(shape: Shape): number {
  return Number(elementCount(shape));
}
