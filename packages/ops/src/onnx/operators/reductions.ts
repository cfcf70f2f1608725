import type { GraphBuilder, GraphTensor } from "../graph-builder.ts";

/** The mean along one axis (from 0), which disappears. */
export function mean(graph: GraphBuilder, x: GraphTensor, axis: number): GraphTensor {
  return graph.node({
    operator: "ReduceMean",
    inputs: [x, graph.integers([axis])],
    attributes: { keepdims: { int: 0 } },
    shape: x.shape.filter((_, index) => index !== axis),
  });
}
