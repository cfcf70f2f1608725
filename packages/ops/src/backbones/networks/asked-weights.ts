import { createGraphBuilder, type GraphScope } from "../../onnx/graph-builder.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";

/** A weight that an architecture asks for, under the architecture's own name. */
export interface AskedWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * The weights that an architecture asks for, in the order in which it does, found by building it over weights that have no values; parts
 * that not every checkpoint has count as there.
 */
export function weightsAskedBy(build: (graph: GraphScope, weights: NetworkWeights) => unknown): readonly AskedWeight[] {
  const asked = new Map<string, AskedWeight>();
  build(createGraphBuilder(), {
    get(name, shape) {
      asked.set(name, { name, shape });
      return { name, type: "float32", shape };
    },
    has: () => true,
    shapeOf: (name) => asked.get(name)?.shape ?? null,
  });
  return [...asked.values()];
}

/** How many parameters these are, as torch counts them: the running moments of batch normalisations are none. */
export function countParameters(weights: Iterable<AskedWeight>): number {
  return [...weights]
    .filter(({ name }) => !name.endsWith(".running_mean") && !name.endsWith(".running_var"))
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
