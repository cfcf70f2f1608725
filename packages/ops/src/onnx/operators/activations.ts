import type { GraphScope, GraphTensor } from "../graph-builder.ts";

/** x · Φ(x) with the normal distribution's Φ itself (by erf), not its approximation by tanh. */
export function gelu(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Gelu", inputs: [x], shape: x.shape });
}

/** max(x, 0) */
export function relu(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Relu", inputs: [x], shape: x.shape });
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Sigmoid", inputs: [x], shape: x.shape });
}

/** exp(x) over its sum along the last axis. */
export function softmax(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Softmax", inputs: [x], attributes: { axis: { int: -1 } }, shape: x.shape });
}

/** The logarithm of `softmax`, exact also where the share itself is too small for a float. */
export function logSoftmax(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "LogSoftmax", inputs: [x], attributes: { axis: { int: -1 } }, shape: x.shape });
}

/** log(1 + exp(x)), which onnxruntime works out without overflow. */
export function softplus(graph: GraphScope, x: GraphTensor): GraphTensor {
  return graph.node({ operator: "Softplus", inputs: [x], shape: x.shape });
}
