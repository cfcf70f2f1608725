import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import type { NetworkWeights } from "./network-weights.ts";

/** Gives the values of a weight of a name and shape, row-major. */
export type MakeWeight = (name: string, shape: readonly number[]) => Float32Array;

/**
 * Weights that are made instead of read: random ones, or those of a test.
 * @param has which of the parts that checkpoints may lack there are
 */
export function madeWeights(graph: GraphScope, make: MakeWeight, has: (name: string) => boolean): NetworkWeights {
  const made = new Map<string, GraphTensor>();
  return {
    get(name, shape) {
      const known = made.get(name) ?? graph.weight(name, make(name, shape), shape);
      made.set(name, known);
      return known;
    },
    has,
    shapeOf: (name) => made.get(name)?.shape.map(Number) ?? null,
  };
}
