import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { broadcastShapes } from "../shapes.ts";

/** a + b, element by element, broadcast. */
export function add(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Add", [a, b]);
}

/** a - b, element by element, broadcast. */
export function subtract(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Sub", [a, b]);
}

/** a · b, element by element, broadcast. */
export function multiply(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Mul", [a, b]);
}

/** a / b, element by element, broadcast. */
export function divide(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Div", [a, b]);
}

/** The larger of a and b, element by element, broadcast. */
export function maximum(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Max", [a, b]);
}

/** The smaller of a and b, element by element, broadcast. */
export function minimum(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Min", [a, b]);
}

export function negate(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Neg", inputs: [x], shape: x.shape });
}

/** e to the power of x. */
export function exponential(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Exp", inputs: [x], shape: x.shape });
}

/** The natural logarithm. */
export function logarithm(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Log", inputs: [x], shape: x.shape });
}

export function sine(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Sin", inputs: [x], shape: x.shape });
}

export function cosine(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Cos", inputs: [x], shape: x.shape });
}

/** a to the power of b, element by element, broadcast. */
export function power(graph: GraphScope, a: GraphTensor, b: GraphTensor): GraphTensor {
  return elementwise(graph, "Pow", [a, b]);
}

export function squareRoot(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Sqrt", inputs: [x], shape: x.shape });
}

export function absolute(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Abs", inputs: [x], shape: x.shape });
}

/** -1, 0 or 1. */
export function sign(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Sign", inputs: [x], shape: x.shape });
}

/** 1 / x */
export function reciprocal(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Reciprocal", inputs: [x], shape: x.shape });
}

/** The error function. */
export function errorFunction(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Erf", inputs: [x], shape: x.shape });
}

function elementwise(graph: GraphScope, operator: string, [a, b]: readonly [GraphTensor, GraphTensor]): GraphTensor {
  if (a.type !== b.type) throw new Error(`${operator} does not take ${a.type} and ${b.type} together.`);
  return graph.node({ operator, inputs: [a, b], shape: broadcastShapes(a.shape, b.shape) });
}
