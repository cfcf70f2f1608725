import type { OnnxNode } from "./onnx-model.ts";
import { namesReadByAll } from "./prune-nodes.ts";

/**
 * Nodes whose results bear the names that they leave the graph under, in place of those that copied them there: a copy of a large
 * state costs memory and time. What several outputs share, or a graph inside a node reads, is still copied.
 * @param copies one Identity for each output
 */
export function nameOutputs(nodes: readonly OnnxNode[], copies: readonly OnnxNode[]): readonly OnnxNode[] {
  const made = new Set(nodes.flatMap(({ output = [] }) => output));
  const inside = namesReadByAll(nodes.flatMap(({ attribute = [] }) => attribute.flatMap(({ g }) => g?.node ?? [])));
  const sources = copies.map(({ input = [] }) => input[0] ?? "");
  const isOnlyCopy = (source: string): boolean => sources.filter((each) => each === source).length === 1;
  const renamed = new Map<string, string>();
  const left: OnnxNode[] = [];
  for (const [place, copy] of copies.entries()) {
    const source = sources[place]!;
    if (made.has(source) && !inside.has(source) && isOnlyCopy(source)) renamed.set(source, copy.output?.[0] ?? "");
    else left.push(copy);
  }
  const nameOf = (name: string): string => renamed.get(name) ?? name;
  return [
    ...nodes.map((node) => {
      return { ...node, input: (node.input ?? []).map(nameOf), output: (node.output ?? []).map(nameOf) };
    }),
    ...left,
  ];
}
