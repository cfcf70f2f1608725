import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { sameDimension } from "../shapes.ts";
import { geluPattern } from "./patterns/gelu.ts";
import { layerNormalizationPattern } from "./patterns/layer-normalization.ts";
import { nodeOf, type Pattern } from "./patterns/pattern.ts";

const patterns: readonly Pattern[] = [geluPattern, layerNormalizationPattern];

/**
 * One operator in place of the several that older exporters write for it: fewer passes forwards, and backwards fewer still. What
 * the tensor was made of stays in the graph, and is left out where nothing reads it.
 */
export function fuse(graph: GraphScope, tensor: GraphTensor): GraphTensor {
  const node = nodeOf(graph, tensor);
  if (node === null) return tensor;
  for (const pattern of patterns) {
    const found = pattern.operator === node.operator ? pattern.replace(graph, node) : null;
    if (found !== null && isAlike(found, tensor)) return found;
  }
  return tensor;
}

/** A constant of more axes than what it is combined with adds axes of size 1. */
function isAlike(a: GraphTensor, b: GraphTensor): boolean {
  const fits = a.type === b.type && a.shape.length === b.shape.length;
  return fits && a.shape.every((size, axis) => sameDimension(size, b.shape[axis] ?? -1));
}
