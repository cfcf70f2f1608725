import type { GraphBuilder, GraphTensor } from "../graph-builder.ts";
import { broadcastShapes } from "../shapes.ts";

/** a + b, element by element, broadcast. */
export function add(graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor {
  return graph.node({ operator: "Add", inputs: [a, b], shape: broadcastShapes(a.shape, b.shape) });
}

/** a · b, element by element, broadcast. */
export function multiply(graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor {
  return graph.node({ operator: "Mul", inputs: [a, b], shape: broadcastShapes(a.shape, b.shape) });
}
