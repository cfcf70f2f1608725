import type { OnnxNode } from "./onnx-model.ts";

/**
 * The nodes that the outputs depend on, in their order (every node after those whose results it takes). Gradients of a
 * graph leave nodes behind that nothing reads; onnxruntime would run them.
 */
export function pruneNodes(nodes: readonly OnnxNode[], outputs: readonly string[]): readonly OnnxNode[] {
  const wanted = new Set(outputs);
  const kept: OnnxNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!(node.output ?? []).some((name) => wanted.has(name))) continue;
    for (const name of namesReadBy(node)) wanted.add(name);
    // What is left out has no name, and is no result of another node.
    wanted.delete("");
    kept.push(node);
  }
  return kept.reverse();
}

/** Names that nodes read, those of the graphs inside them among them. */
export function namesReadByAll(nodes: readonly OnnxNode[]): ReadonlySet<string> {
  return new Set(nodes.flatMap(namesReadBy));
}

/** The node's inputs, and what the graphs inside it read: some of that is the surrounding graph's. */
function namesReadBy({ input = [], attribute = [] }: OnnxNode): readonly string[] {
  const inner = attribute.flatMap(({ g }) => [
    ...(g?.node ?? []).flatMap(namesReadBy),
    ...(g?.output ?? []).map(({ name }) => name ?? ""),
  ]);
  return [...input, ...inner];
}
