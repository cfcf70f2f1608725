import { elementTypes } from "../onnx-model.ts";
import type { GraphScope, GraphTensor, GraphType } from "../graph-builder.ts";

/** The same values as another type. */
export function cast(graph: GraphScope, x: GraphTensor, type: GraphType): GraphTensor {
  const to = { int: elementTypes[type] };
  return graph.node({ operator: "Cast", inputs: [x], attributes: { to }, shape: x.shape, type });
}

/** The sizes of a tensor's axes, [rank], for shapes of which part is known only when the graph runs. */
export function shapeOf(graph: GraphScope, x: GraphTensor): GraphTensor {
  const fixed = x.shape.filter((size) => typeof size === "number");
  if (fixed.length === x.shape.length) return graph.integers(fixed);
  return graph.node({ operator: "Shape", inputs: [x], shape: [x.shape.length], type: "int64" });
}
