import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { gelu, sigmoid } from "../../../onnx/operators/activations.ts";
import { multiply } from "../../../onnx/operators/arithmetic.ts";
import { slice } from "../../../onnx/operators/layout.ts";
import { dense, type TransformerScope } from "./transformer-scope.ts";

/** `gelu` by the normal distribution itself; `quick_gelu` x · σ(1.702 x), as CLIP was trained; `swiglu` gated, as DINOv2's giant. */
export const activations = ["gelu", "quick_gelu", "swiglu"] as const;

export type Activation = (typeof activations)[number];

export interface PerceptronOptions {
  /** The weights' prefix, e.g. `blocks.0.mlp`. */
  readonly name: string;
  /** Width of the hidden layer; of a gated one, what remains behind the gate. */
  readonly hidden: number;
  readonly activation: Activation;
}

/** A block's perceptron on rows, [n, W] -> [n, W]. */
export function perceptron(scope: TransformerScope, rows: GraphTensor, options: PerceptronOptions): GraphTensor {
  const { name, hidden, activation } = options;
  const { width, graph } = scope;
  const inner = activation === "swiglu" ? gated(scope, rows, options) : activate(graph, firstLayer());
  return dense(scope, inner, { name: `${name}.fc2`, sizes: [width, hidden] });

  function firstLayer(): GraphTensor {
    return dense(scope, rows, { name: `${name}.fc1`, sizes: [hidden, width] });
  }

  function activate(graph: GraphScope, x: GraphTensor): GraphTensor {
    if (activation === "gelu") return gelu(graph, x);
    return multiply(graph, x, sigmoid(graph, multiply(graph, x, graph.scalar(1.702))));
  }
}

/** silu(x · gate) · (x · value) of Shazeer 2020; gate and value in one matrix (`fc1`, the gate first) or in two (`gate`, `fc1`). */
function gated(scope: TransformerScope, rows: GraphTensor, { name, hidden }: PerceptronOptions): GraphTensor {
  const { graph, weights, width } = scope;
  const [gate, value] = weights.has(`${name}.gate.weight`)
    ? ["gate", "fc1"].map((part) => dense(scope, rows, { name: `${name}.${part}`, sizes: [hidden, width] }))
    : halves(dense(scope, rows, { name: `${name}.fc1`, sizes: [2 * hidden, width] }));
  return multiply(graph, multiply(graph, gate!, sigmoid(graph, gate!)), value!);

  function halves(both: GraphTensor): readonly GraphTensor[] {
    return [0, 1].map((half) => slice(graph, both, { axis: 1, start: half * hidden, end: (half + 1) * hidden }));
  }
}
