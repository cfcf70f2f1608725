import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { broadcastShapes } from "../shapes.ts";

/** Whether a > b, element by element, broadcast. */
export function greater(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return graph.node({ operator: "Greater", inputs: [a, b], shape: broadcastShapes(a.shape, b.shape), type: "bool" });
}

/** Whether a = b, element by element, broadcast. */
export function equal(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return graph.node({ operator: "Equal", inputs: [a, b], shape: broadcastShapes(a.shape, b.shape), type: "bool" });
}

/** `then` where the condition holds and `otherwise` elsewhere, broadcast. */
export function where(graph: GraphScope, condition: GraphTensor, { then, otherwise }: Alternatives): GraphTensor {
  if (condition.type !== "bool" || then.type !== otherwise.type) {
    throw new Error(`Where does not take ${condition.type}, ${then.type} and ${otherwise.type} together.`);
  }
  const shape = broadcastShapes(condition.shape, broadcastShapes(then.shape, otherwise.shape));
  return graph.node({ operator: "Where", inputs: [condition, then, otherwise], shape, type: then.type });
}

export interface Alternatives {
  readonly then: GraphTensor;
  readonly otherwise: GraphTensor;
}

/** x, raised to `least` and lowered to `most`, single values of which either may be left out. */
export function clip(graph: GraphScope, x: GraphTensor, { least = null, most = null }: ClipBounds): GraphTensor {
  return graph.node({ operator: "Clip", inputs: [x, least, most], shape: x.shape });
}

export interface ClipBounds {
  readonly least?: GraphTensor | null;
  readonly most?: GraphTensor | null;
}
