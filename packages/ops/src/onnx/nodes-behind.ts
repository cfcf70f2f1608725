import type { GraphNode, GraphTensor } from "./graph-builder.ts";

/** The nodes that some tensors depend on, in the order in which they were added. */
export function nodesBehind(nodes: readonly GraphNode[], tensors: readonly GraphTensor[]): readonly GraphNode[] {
  const wanted = new Set(tensors.map(({ name }) => name));
  const needed = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some(({ name }) => wanted.has(name))) return false;
    for (const input of inputs) if (input !== null) wanted.add(input.name);
    return true;
  });
  return needed.reverse();
}
