import { floatAttribute, integerAttribute, integersAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { add } from "../../operators/arithmetic.ts";
import { attention } from "../../operators/attention.ts";
import { split } from "../../operators/layout.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { inputAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";
import { joinHeads, splitHeads } from "./attention.ts";
import { productImporters } from "./products.ts";

/** Attention as onnxruntime's own operators have it, over [B, places, width]. */
export const fusedAttentionImporters: readonly NamedImporter[] = [
  ["Attention", ofOne(importPacked)],
  ["MultiHeadAttention", ofOne(importApart)],
];

/** Inputs: x, the weights and the bias of query, key and value side by side, a mask, past ones, what is added to the scores. */
function importPacked(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, inputs } = call;
  requireNone(call, [3, 4, 6]);
  if (integerAttribute(call, "do_rotary", 0) === 1) throw new Error("it turns its queries and keys by their places");
  const [product] = new Map(productImporters).get("MatMul")!({ ...call, inputs: [x, inputAt(call, 1)] });
  const all = (inputs[2] ?? null) === null ? product! : add(graph, product!, inputs[2]!);
  const third = fixedSizeAt(all.shape, 2) / 3;
  const lengths = integersAttribute(call, "qkv_hidden_sizes") ?? [third, third, third];
  const [query, key, value] = split(graph, all, { axis: 2, lengths });
  return attend(call, [query!, key!, value!], inputs[5] ?? null);
}

/** Inputs: query, key, value, the bias of all three side by side, a mask, what is added to the scores, past ones. */
function importApart(call: ImportCall, query: GraphTensor): GraphTensor {
  const { graph, inputs } = call;
  requireNone(call, [4, 6, 7, 8, 9]);
  const all = [query, inputAt(call, 1), inputAt(call, 2)] as const;
  if (all.some(({ shape }) => shape.length !== 3)) throw new Error("it takes its queries, keys and values packed");
  const bias = inputs[3] ?? null;
  if (bias === null) return attend(call, all, inputs[5] ?? null);
  const lengths = all.map(({ shape }) => fixedSizeAt(shape, 2));
  const biases = split(graph, bias, { axis: 0, lengths });
  const [q, k, v] = all.map((each, place) => add(graph, each, biases[place]!));
  return attend(call, [q!, k!, v!], inputs[5] ?? null);
}

function attend(
  call: ImportCall,
  [query, key, value]: readonly [GraphTensor, GraphTensor, GraphTensor],
  bias: GraphTensor | null,
): GraphTensor {
  const { graph } = call;
  const heads = integerAttribute(call, "num_heads", 0);
  const scale = floatAttribute(call, "scale", 0);
  const y = attention(graph, {
    query: splitHeads(graph, query, heads),
    key: splitHeads(graph, key, heads),
    value: splitHeads(graph, value, heads),
    scale: scale === 0 ? null : scale,
    bias,
    isCausal: integerAttribute(call, "unidirectional", 0) === 1,
  });
  return joinHeads(graph, y);
}

/** @throws Error where the node masks keys, or keeps them for tokens to come */
function requireNone({ inputs, results }: ImportCall, places: readonly number[]): void {
  if (results === 1 && places.every((place) => (inputs[place] ?? null) === null)) return;
  throw new Error("it masks keys, or keeps them for tokens to come");
}
