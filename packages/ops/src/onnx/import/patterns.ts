import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { nodeOf, type Pattern } from "./patterns/pattern.ts";
import { geluPattern } from "./patterns/gelu.ts";
import { layerNormalizationPattern } from "./patterns/layer-normalization.ts";

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
    if (found !== null) return found;
  }
  return tensor;
}
