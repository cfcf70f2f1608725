import type { SimpleCall } from "./gradient-rule.ts";

/** The values of an input that is a list of integers of the graph itself (axes, bounds). @throws Error where it is computed */
export function integersAt({ graph, node }: SimpleCall, place: number): readonly number[] {
  const input = node.inputs[place] ?? null;
  const values = input === null ? null : graph.integersOf(input);
  if (values === null) throw new Error(`The input ${String(place + 1)} of the node ${node.name} is not constant.`);
  return values;
}
