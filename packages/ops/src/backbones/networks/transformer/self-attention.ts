import type { GraphTensor } from "../../../onnx/graph-builder.ts";
import { softmax } from "../../../onnx/operators/activations.ts";
import { multiply } from "../../../onnx/operators/arithmetic.ts";
import { pick, reshape, transpose } from "../../../onnx/operators/layout.ts";
import { matMul } from "../../../onnx/operators/products.ts";
import { dimensionAt } from "../../../onnx/shapes.ts";
import { dense, toRows, type TransformerScope } from "./transformer-scope.ts";

export interface AttentionOptions {
  /** The weights' prefix, e.g. `blocks.0.attn`. */
  readonly name: string;
  /** Turns queries and keys by where their tokens lie: [B, heads, N, head width] -> the same. */
  readonly rotate?: ((x: GraphTensor) => GraphTensor) | undefined;
  /** Changes the scores [B, heads, N, N] by the queries [B, heads, N, head width] that are not scaled. */
  readonly adjust?: ((scores: GraphTensor, query: GraphTensor) => GraphTensor) | undefined;
}

/**
 * softmax(q · kᵀ / √(head width)) · v for every head, then the projection: [B, N, W] -> [B, N, W]. Weights for queries, keys and
 * values are taken as the file has them: in one matrix (`qkv`) or in three (`q`, `k`, `v`), so that none is copied.
 */
export function selfAttention(scope: TransformerScope, tokens: GraphTensor, options: AttentionOptions): GraphTensor {
  const { graph, width, heads } = scope;
  const { name, rotate, adjust } = options;
  const turn = rotate ?? ((x: GraphTensor): GraphTensor => x);
  const [query, key, value] = project(scope, tokens, name);
  const turnedQuery = turn(transpose(graph, query, [0, 2, 1, 3]));
  // Keys come out transposed for the product: [B, heads, head width, N].
  const turnedKey =
    rotate === undefined
      ? transpose(graph, key, [0, 2, 3, 1])
      : transpose(graph, turn(transpose(graph, key, [0, 2, 1, 3])), [0, 1, 3, 2]);
  const scaled = multiply(graph, turnedQuery, graph.scalar((width / heads) ** -0.5));
  const scores = matMul(graph, scaled, turnedKey);
  const attention = softmax(graph, adjust === undefined ? scores : adjust(scores, turnedQuery));
  const mixed = matMul(graph, attention, transpose(graph, value, [0, 2, 1, 3]));
  const joined = reshape(graph, transpose(graph, mixed, [0, 2, 1, 3]), tokens.shape);
  const projected = dense(scope, toRows(scope, joined), { name: `${name}.proj`, sizes: [width, width] });
  return reshape(graph, projected, tokens.shape);
}

/** Queries, keys and values, [B, N, heads, head width] each. */
function project(
  scope: TransformerScope,
  tokens: GraphTensor,
  name: string,
): readonly [query: GraphTensor, key: GraphTensor, value: GraphTensor] {
  const { graph, weights, width, heads } = scope;
  const rows = toRows(scope, tokens);
  const [batch, length] = [dimensionAt(tokens.shape, 0), dimensionAt(tokens.shape, 1)];
  const size = width / heads;
  if (weights.has(`${name}.qkv.weight`)) {
    const fused = dense(scope, rows, { name: `${name}.qkv`, sizes: [3 * width, width] });
    const split = reshape(graph, fused, [batch, length, 3, heads, size]);
    const [query, key, value] = [0, 1, 2].map((index) => pick(graph, split, { axis: 2, index }));
    return [query!, key!, value!];
  }
  const apart = (part: string): GraphTensor => {
    const projected = dense(scope, rows, { name: `${name}.${part}`, sizes: [width, width] });
    return reshape(graph, projected, [batch, length, heads, size]);
  };
  return [apart("q"), apart("k"), apart("v")];
}
