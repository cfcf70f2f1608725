import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt } from "../shapes.ts";

/** x · Φ(x) with the normal distribution's Φ itself (by erf). */
export function gelu(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Gelu", inputs: [x], shape: x.shape });
}

/** x · Φ(x) with Φ approximated by tanh. */
export function geluByTanh(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Gelu", inputs: [x], attributes: { approximate: { string: "tanh" } }, shape: x.shape });
}

export function tanh(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Tanh", inputs: [x], shape: x.shape });
}

/** x where it is positive, and `slope` · x elsewhere. */
export function leakyRelu(graph: GraphScope, x: GraphTensor, slope: number): GraphTensor {
  return graph.node({ operator: "LeakyRelu", inputs: [x], attributes: { alpha: { float: slope } }, shape: x.shape });
}

/** x where it is positive, and `scale` · (exp(x) - 1) elsewhere. */
export function elu(graph: GraphScope, x: GraphTensor, scale = 1): GraphTensor {
  return graph.node({ operator: "Elu", inputs: [x], attributes: { alpha: { float: scale } }, shape: x.shape });
}

/** `slope` · x + `offset`, cut off at 0 and 1. */
export function hardSigmoid(graph: GraphScope, x: GraphTensor, line: HardSigmoidLine): GraphTensor {
  const attributes = { alpha: { float: line.slope }, beta: { float: line.offset } };
  return graph.node({ operator: "HardSigmoid", inputs: [x], attributes, shape: x.shape });
}

export interface HardSigmoidLine {
  readonly slope: number;
  readonly offset: number;
}

/** x · (x / 6 + 1/2, cut off at 0 and 1) */
export function hardSwish(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "HardSwish", inputs: [x], shape: x.shape });
}

/** max(x, 0) */
export function relu(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Relu", inputs: [x], shape: x.shape });
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Sigmoid", inputs: [x], shape: x.shape });
}

/** exp(x) over its sum along an axis, by default the last. */
export function softmax(graph: GraphScope, x: GraphTensor, axis = -1): GraphTensor {
  dimensionAt(x.shape, axis);
  return graph.node({ operator: "Softmax", inputs: [x], attributes: { axis: { int: axis } }, shape: x.shape });
}

/** The logarithm of `softmax`, exact also where the share itself is too small for a float. */
export function logSoftmax(graph: GraphScope, x: GraphTensor, axis = -1): GraphTensor {
  dimensionAt(x.shape, axis);
  return graph.node({ operator: "LogSoftmax", inputs: [x], attributes: { axis: { int: axis } }, shape: x.shape });
}

/** log(1 + exp(x)), which onnxruntime works out without overflow. */
export function softplus(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Softplus", inputs: [x], shape: x.shape });
}
