import { floatAttribute, integerAttribute } from "../../attributes.ts";
import { elementTypeOf } from "../../element-values.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { add, multiply, subtract } from "../../operators/arithmetic.ts";
import { attention } from "../../operators/attention.ts";
import { gather } from "../../operators/indexing.ts";
import { concatenate, reshape, transpose, unsqueeze } from "../../operators/layout.ts";
import { sliceAxes } from "../../operators/slicing.ts";
import { fixedSizeAt, formatShape } from "../../shapes.ts";
import { inputAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

/** Whole parts of transformers that became operators with operator set 23. */
export const attentionImporters: readonly NamedImporter[] = [
  ["Attention", ofOne(importAttention)],
  ["RotaryEmbedding", ofOne(importRotation)],
];

/** Inputs: query, key, value, mask, and what decoders keep from one token to the next, which is not known here. */
function importAttention(call: ImportCall, query: GraphTensor): GraphTensor {
  const { graph, inputs, results, attributes } = call;
  const [key, value, mask] = [inputAt(call, 1), inputAt(call, 2), inputs[3] ?? null];
  if (results > 1 || inputs.slice(4).some((input) => input !== null)) {
    throw new Error("it keeps keys and values for tokens to come, or gives its scores");
  }
  const windows = ["left_window_size", "right_window_size"].map((name) => integerAttribute(call, name, -1));
  if (windows.some((size) => size >= 0)) throw new Error("its queries see a window of keys");
  const precision = integerAttribute(call, "softmax_precision", 0);
  if (precision !== 0 && elementTypeOf(precision) !== query.type) {
    throw new Error(`its softmax is of another type than its ${query.type} values`);
  }
  const keys = key.shape.at(-2);
  if (mask !== null && mask.shape.at(-1) !== keys) {
    throw new Error(`its mask of ${formatShape(mask.shape)} is not as long as its keys`);
  }
  const isPacked = query.shape.length === 3;
  const heads = (name: string, x: GraphTensor): GraphTensor =>
    isPacked ? splitHeads(graph, x, integerAttribute(call, name, 0)) : x;
  const y = attention(graph, {
    query: heads("q_num_heads", query),
    key: heads("kv_num_heads", key),
    value: heads("kv_num_heads", value),
    scale: attributes["scale"] === undefined ? null : floatAttribute(call, "scale", 1),
    softcap: floatAttribute(call, "softcap", 0),
    bias: mask?.type === "bool" ? null : mask,
    visible: mask?.type === "bool" ? mask : null,
    isCausal: integerAttribute(call, "is_causal", 0) === 1,
  });
  return isPacked ? joinHeads(graph, y) : y;
}

/** [B, places, heads · size] -> [B, heads, places, size] */
export function splitHeads(graph: GraphScope, x: GraphTensor, heads: number): GraphTensor {
  const [batch, places, width] = [0, 1, 2].map((axis) => fixedSizeAt(x.shape, axis));
  if (heads < 1 || width! % heads !== 0) {
    throw new Error(`${formatShape(x.shape)} is not divided into ${String(heads)} heads`);
  }
  return transpose(graph, reshape(graph, x, [batch!, places!, heads, width! / heads]), [0, 2, 1, 3]);
}

/** [B, heads, places, size] -> [B, places, heads · size] */
export function joinHeads(graph: GraphScope, x: GraphTensor): GraphTensor {
  const [batch, heads, places, size] = [0, 1, 2, 3].map((axis) => fixedSizeAt(x.shape, axis));
  return reshape(graph, transpose(graph, x, [0, 2, 1, 3]), [batch!, places!, heads! * size!]);
}

/** Inputs: x, cosines and sines by place and pair of channels, and which places there are. Channels that are left over stay. */
function importRotation(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const isPacked = x.shape.length === 3;
  const apart = isPacked ? splitHeads(graph, x, integerAttribute(call, "num_heads", 0)) : x;
  const size = fixedSizeAt(apart.shape, 3);
  const rotated = integerAttribute(call, "rotary_embedding_dim", 0) || size;
  const pairs = { rotated, isInterleaved: integerAttribute(call, "interleaved", 0) === 1 };
  const [first, second] = pairsOf(graph, apart, pairs);
  const [cosines, sines] = [tableAt(call, 1), tableAt(call, 2)];
  const turned = [
    subtract(graph, multiply(graph, cosines, first), multiply(graph, sines, second)),
    add(graph, multiply(graph, sines, first), multiply(graph, cosines, second)),
  ];
  const whole = pairs.isInterleaved
    ? reshape(
        graph,
        concatenate(
          graph,
          turned.map((each) => unsqueeze(graph, each, [4])),
          4,
        ),
        [...apart.shape.slice(0, 3), rotated],
      )
    : concatenate(graph, turned, 3);
  const rest = rotated === size ? [] : [channels(graph, apart, { start: rotated, end: size, step: 1 })];
  const y = rest.length === 0 ? whole : concatenate(graph, [whole, ...rest], 3);
  return isPacked ? joinHeads(graph, y) : y;
}

/** Two channels each are turned together: neighbours, or one of the first and one of the second half. */
function pairsOf(
  graph: GraphScope,
  x: GraphTensor,
  { rotated, isInterleaved }: { readonly rotated: number; readonly isInterleaved: boolean },
): readonly [GraphTensor, GraphTensor] {
  const half = rotated / 2;
  if (isInterleaved) {
    return [
      channels(graph, x, { start: 0, end: rotated, step: 2 }),
      channels(graph, x, { start: 1, end: rotated, step: 2 }),
    ];
  }
  return [
    channels(graph, x, { start: 0, end: half, step: 1 }),
    channels(graph, x, { start: half, end: rotated, step: 1 }),
  ];
}

function channels(
  graph: GraphScope,
  x: GraphTensor,
  part: { readonly start: number; readonly end: number; readonly step: number },
): GraphTensor {
  return sliceAxes(graph, x, [{ axis: 3, ...part }]);
}

/** Of the places that are named, [B, 1, places, pairs]. */
function tableAt(call: ImportCall, place: number): GraphTensor {
  const { graph, inputs } = call;
  const [table, indices] = [inputAt(call, place), inputs[3] ?? null];
  return unsqueeze(graph, indices === null ? table : gather(graph, table, { indices, axis: 0 }), [1]);
}
