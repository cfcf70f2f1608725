import type { GraphNode, GraphTensor } from "../graph-builder.ts";
import { nodesBehind } from "../nodes-behind.ts";

/**
 * The order in which onnxruntime runs the nodes of a graph that it does not rewrite: depth first, backwards from the nodes that nothing
 * reads. What stands last comes first, so that of a training the last layers' weights move as soon as their gradients are there.
 *
 * Source: onnxruntime 1.30, core/graph/graph_viewer.cc (reverse DFS, compared by the place of a node in its graph).
 * @param outputs what leaves the graph; nodes that none of it needs are left out
 */
export function executionOrder(nodes: readonly GraphNode[], outputs: readonly GraphTensor[]): readonly GraphNode[] {
  const needed = nodesBehind(nodes, outputs);
  const places = new Map(needed.flatMap((node, place) => node.outputs.map(({ name }) => [name, place] as const)));
  const read = new Set(needed.flatMap(({ inputs }) => inputs.map((input) => input?.name)));
  const leaves = [...needed.keys()].filter((place) => !needed[place]!.outputs.some(({ name }) => read.has(name)));
  const order: GraphNode[] = [];
  const visited = new Set<number>();
  const stack = leaves.map((place) => ({ place, isLeft: false }));
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const node = needed[entry.place]!;
    if (entry.isLeft) {
      order.push(node);
      continue;
    }
    if (visited.has(entry.place)) continue;
    visited.add(entry.place);
    stack.push({ place: entry.place, isLeft: true });
    const sources = node.inputs.flatMap((input) => (input === null ? [] : (places.get(input.name) ?? [])));
    for (const place of sources.sort((a, b) => a - b)) if (!visited.has(place)) stack.push({ place, isLeft: false });
  }
  return order;
}
