import type { GraphTensor } from "../../../onnx/graph-builder.ts";
import { add, multiply } from "../../../onnx/operators/arithmetic.ts";
import { reshape } from "../../../onnx/operators/layout.ts";
import { perceptron, type Activation } from "./perceptron.ts";
import { normed, toRows, type TransformerScope } from "./transformer-scope.ts";

export interface BlockOptions {
  /** The weights' prefix, e.g. `blocks.0`. */
  readonly name: string;
  /** Width of the perceptron's hidden layer. */
  readonly hidden: number;
  readonly activation: Activation;
  /** Attention on the normed tokens: [B, N, W] -> [B, N, W]. */
  readonly attend: (normed: GraphTensor) => GraphTensor;
}

/**
 * One pre-norm block: attention, then a perceptron, each on the normed tokens, scaled where the checkpoint has a LayerScale, and
 * added to what came in. [B, N, W] -> [B, N, W].
 */
export function transformerBlock(scope: TransformerScope, tokens: GraphTensor, options: BlockOptions): GraphTensor {
  const { graph } = scope;
  const { name, hidden, activation, attend } = options;
  const attended = attend(normed(scope, tokens, `${name}.norm1`));
  const middle = add(graph, tokens, layerScaled(scope, attended, `${name}.ls1`));
  const rows = toRows(scope, normed(scope, middle, `${name}.norm2`));
  const changed = reshape(graph, perceptron(scope, rows, { name: `${name}.mlp`, hidden, activation }), tokens.shape);
  return add(graph, middle, layerScaled(scope, changed, `${name}.ls2`));
}

/** Touvron et al. 2021 ("Going deeper with image transformers"): a learned factor for each channel. */
function layerScaled({ graph, weights, width }: TransformerScope, x: GraphTensor, name: string): GraphTensor {
  const gamma = `${name}.gamma`;
  return weights.has(gamma) ? multiply(graph, x, weights.get(gamma, [width])) : x;
}
