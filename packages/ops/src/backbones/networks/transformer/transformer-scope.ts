import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { multiply } from "../../../onnx/operators/arithmetic.ts";
import { layerNormalization } from "../../../onnx/operators/normalisation.ts";
import { reshape } from "../../../onnx/operators/layout.ts";
import { linear } from "../../../onnx/operators/products.ts";
import { dimensionAt, type Dimension } from "../../../onnx/shapes.ts";
import type { NetworkWeights } from "../../weights/network-weights.ts";

/** What the parts of a transformer are built from. Weights go by timm's names. */
export interface TransformerScope {
  readonly graph: GraphScope;
  readonly weights: NetworkWeights;
  /** Width of a token; a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  /** What layer norms add to the variance. */
  readonly epsilon: number;
}

/** The layer norm of this name over the last axis. */
export function normed(
  { graph, weights, width, epsilon }: TransformerScope,
  x: GraphTensor,
  name: string,
): GraphTensor {
  const weight = weights.get(`${name}.weight`, [width]);
  return layerNormalization(graph, x, { weight, bias: weights.get(`${name}.bias`, [width]), epsilon });
}

/** A dense layer on rows, [n, inputs] -> [n, outputs]; without a bias where the checkpoint has none. */
export function dense(
  { graph, weights }: Pick<TransformerScope, "graph" | "weights">,
  rows: GraphTensor,
  { name, sizes }: { readonly name: string; readonly sizes: readonly [outputs: number, inputs: number] },
): GraphTensor {
  const weight = weights.get(`${name}.weight`, sizes);
  return linear(graph, rows, { weight, bias: biasOf({ graph, weights }, name, sizes[0]) });
}

/** DINOv3's own files keep a bias for keys, which never had one, and a mask that leaves it out. */
function biasOf(
  { graph, weights }: Pick<TransformerScope, "graph" | "weights">,
  name: string,
  outputs: number,
): GraphTensor | null {
  if (!weights.has(`${name}.bias`)) return null;
  const bias = weights.get(`${name}.bias`, [outputs]);
  const mask = `${name}.bias_mask`;
  return weights.has(mask) ? multiply(graph, bias, weights.get(mask, [outputs])) : bias;
}

/** [B, N, W] -> [B · N, W] */
export function toRows({ graph }: Pick<TransformerScope, "graph">, tokens: GraphTensor): GraphTensor {
  const [batch, length] = [dimensionAt(tokens.shape, 0), dimensionAt(tokens.shape, 1)];
  return reshape(graph, tokens, [timesOf(batch, Number(length)), dimensionAt(tokens.shape, 2)]);
}

/** A dimension so many times over. */
export function timesOf(dimension: Dimension, factor: number): Dimension {
  return typeof dimension === "number" ? dimension * factor : { ...dimension, times: dimension.times * factor };
}
