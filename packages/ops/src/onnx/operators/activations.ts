import type { GraphBuilder, GraphTensor } from "../graph-builder.ts";

/** x · Φ(x) with the normal distribution's Φ itself (by erf), not its approximation by tanh. */
export function gelu(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Gelu", inputs: [x], shape: x.shape });
}

/** exp(x) over its sum along the last axis. */
export function softmax(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Softmax", inputs: [x], attributes: { axis: { int: -1 } }, shape: x.shape });
}
