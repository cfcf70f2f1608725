import type { GraphNode, GraphTensor } from "../graph-builder.ts";

/**
 * The order in which onnxruntime runs the nodes of a graph that it does not rewrite: depth first, backwards from the nodes that nothing
 * reads. What stands last comes first, so that of a training the last layers' weights move as soon as their gradients are there.
 *
 * Source: onnxruntime 1.30, core/graph/graph_viewer.cc (reverse DFS, compared by the place of a node in its graph).
 * @param outputs what leaves the graph; nodes that none of it needs are left out
 */
export function executionOrder(nodes: readonly GraphNode[], outputs: readonly GraphTensor[]): readonly GraphNode[] {
  const { places, needed } = index(nodes, outputs);
  const read = new Set([...needed].flatMap((place) => nodes[place]!.inputs.map((input) => input?.name)));
  const leaves = [...needed].filter((place) => !nodes[place]!.outputs.some(({ name }) => read.has(name)));
  const order: GraphNode[] = [];
  const visited = new Set<number>();
  const stack = leaves.sort((a, b) => a - b).map((place) => ({ place, isLeft: false }));
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const node = nodes[entry.place]!;
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

/** Which node makes a tensor, and which nodes the outputs need. */
function index(nodes: readonly GraphNode[], outputs: readonly GraphTensor[]) {
  const places = new Map(nodes.flatMap((node, place) => node.outputs.map(({ name }) => [name, place] as const)));
  const wanted = new Set(outputs.map(({ name }) => name));
  const needed = new Set<number>();
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    const node = nodes[place]!;
    if (!node.outputs.some(({ name }) => wanted.has(name))) continue;
    needed.add(place);
    for (const input of node.inputs) if (input !== null) wanted.add(input.name);
  }
  return { places, needed };
}
