import type { GraphNode, GraphScope, GraphTensor } from "./graph-builder.ts";

export interface CopiedNodes {
  readonly nodes: readonly GraphNode[];
  /** What a tensor of the original became; what is no result of it stays itself, or is what it was replaced by. */
  readonly of: (tensor: GraphTensor) => GraphTensor;
}

/** Adds nodes once more, over other inputs. Nodes come after those whose results they take. */
export function copyNodes(
  graph: GraphScope,
  nodes: readonly GraphNode[],
  replaced: ReadonlyMap<string, GraphTensor>,
): CopiedNodes {
  const known = new Map(replaced);
  const of = (tensor: GraphTensor): GraphTensor => known.get(tensor.name) ?? tensor;
  const before = graph.nodes.length;
  for (const { operator, inputs, attributes, outputs, origin } of nodes) {
    const scope = origin === null ? graph : graph.from(origin);
    const taken = inputs.map((input) => (input === null ? null : of(input)));
    const results = scope.nodeWithResults({ operator, inputs: taken, attributes }, outputs);
    outputs.forEach(({ name }, place) => known.set(name, results[place]!));
  }
  return { nodes: graph.nodes.slice(before), of };
}
