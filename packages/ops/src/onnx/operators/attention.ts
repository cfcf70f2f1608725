import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt, fixedSizeAt, formatShape } from "../shapes.ts";
import { softmax, tanh } from "./activations.ts";
import { add, divide, multiply } from "./arithmetic.ts";
import { where } from "./choices.ts";
import { scalarLike } from "./filling.ts";
import { reshape, transpose } from "./layout.ts";
import { matMul } from "./products.ts";

export interface AttentionOptions {
  /** [B, heads, queries, size] */
  readonly query: GraphTensor;
  /** [B, key heads, keys, size]; the heads of the query are divided among these, one group after the other. */
  readonly key: GraphTensor;
  /** [B, key heads, keys, value size] */
  readonly value: GraphTensor;
  /** What scores are multiplied by; by default 1/√size. */
  readonly scale?: number | null;
  /** Scores are bent so that none is larger, by tanh; 0 where none is. */
  readonly softcap?: number;
  /** What is added to the scores, broadcast to [B, heads, queries, keys]. */
  readonly bias?: GraphTensor | null;
  /** Truth values, broadcast in the same way: which keys a query sees. One that sees none gets zeros. */
  readonly visible?: GraphTensor | null;
  /** Whether a query sees no key that lies behind its own place. */
  readonly isCausal?: boolean;
}

/** For each query the values of all keys, weighed by the softmax of its scores: [B, heads, queries, value size]. */
export function attention(graph: GraphScope, options: AttentionOptions): GraphTensor {
  const { query, key, value, visible = null } = options;
  const size = fixedSizeAt(query.shape, 3);
  const [heads, keyHeads] = [fixedSizeAt(query.shape, 1), fixedSizeAt(key.shape, 1)];
  if (heads % keyHeads !== 0 || size !== key.shape[3] || value.shape[1] !== keyHeads) {
    const shapes = [query, key, value].map(({ shape }) => formatShape(shape));
    throw new Error(`Queries, keys and values of ${shapes.join(", ")} do not fit.`);
  }
  const scale = options.scale ?? 1 / Math.sqrt(size);
  const scaled = scale === 1 ? query : multiply(graph, query, scalarLike(graph, query, scale));
  // Queries that share a key's head lie below each other, so that no key is copied.
  const shared = (x: GraphTensor): GraphTensor => withHeads(graph, x, keyHeads);
  const apart = (x: GraphTensor): GraphTensor => withHeads(graph, x, heads);
  const scores = apart(matMul(graph, shared(scaled), transpose(graph, key, [0, 1, 3, 2])));
  const weights = softmax(graph, masked(graph, scores, options));
  const seen = visible === null ? weights : where(graph, visible, { then: weights, otherwise: zero(graph, weights) });
  return apart(matMul(graph, shared(seen), value));
}

function zero(graph: GraphScope, like: GraphTensor): GraphTensor {
  return scalarLike(graph, like, 0);
}

/** [B, heads, rows, columns] with another number of heads. */
function withHeads(graph: GraphScope, x: GraphTensor, heads: number): GraphTensor {
  const [batch, before, rows, columns] = [0, 1, 2, 3].map((axis) => dimensionAt(x.shape, axis));
  if (before === heads) return x;
  return reshape(graph, x, [batch!, heads, (Number(rows) * Number(before)) / heads, columns!]);
}

function masked(graph: GraphScope, scores: GraphTensor, options: AttentionOptions): GraphTensor {
  const { softcap = 0, bias = null, visible = null, isCausal = false } = options;
  const bent = softcap === 0 ? scores : bend(graph, scores, softcap);
  const biased = bias === null ? bent : add(graph, bent, bias);
  const hide = (x: GraphTensor, mask: GraphTensor): GraphTensor =>
    where(graph, mask, { then: x, otherwise: scalarLike(graph, x, -Infinity) });
  const [queries, keys] = [fixedSizeAt(scores.shape, 2), fixedSizeAt(scores.shape, 3)];
  const behind = isCausal ? hide(biased, upToOwnPlace(graph, queries, keys)) : biased;
  return visible === null ? behind : hide(behind, visible);
}

/** softcap · tanh(x / softcap) */
function bend(graph: GraphScope, x: GraphTensor, softcap: number): GraphTensor {
  const most = scalarLike(graph, x, softcap);
  return multiply(graph, tanh(graph, divide(graph, x, most)), most);
}

function upToOwnPlace(graph: GraphScope, queries: number, keys: number): GraphTensor {
  const places = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
  const own = graph.constant(places(queries), { type: "int64", shape: [queries, 1] });
  const inputs = [own, graph.integers(places(keys))];
  return graph.node({ operator: "GreaterOrEqual", inputs, shape: [queries, keys], type: "bool" });
}
