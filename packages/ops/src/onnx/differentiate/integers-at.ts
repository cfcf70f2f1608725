import type { SimpleCall } from "./gradient-rule.ts";
import { noGradient } from "./no-gradient.ts";

/** The values of an input that is a list of integers of the graph itself (axes, bounds). @throws OpError `no-gradient-rule` where it is computed */
export function integersAt({ graph, node }: SimpleCall, place: number): readonly number[] {
  const input = node.inputs[place] ?? null;
  const values = input === null ? null : graph.integersOf(input);
  if (values === null) throw noGradient(node, `its input ${String(place + 1)} is not constant`);
  return values;
}
