import { createGraphBuilder, type GraphScope, type GraphTensor } from "../onnx/graph-builder.ts";
import type { OnnxModel } from "../onnx/onnx-model.ts";
import { gelu, softmax } from "../onnx/operators/activations.ts";
import { add, multiply } from "../onnx/operators/arithmetic.ts";
import { convolution } from "../onnx/operators/convolution.ts";
import { padWithZeros, pick, reshape, slice, transpose } from "../onnx/operators/layout.ts";
import { layerNormalization } from "../onnx/operators/normalisation.ts";
import { linear, matMul, type LinearWeights } from "../onnx/operators/products.ts";
import { mean } from "../onnx/operators/reductions.ts";
import { dimensionAt, fixedSizeAt, freeDimension } from "../onnx/shapes.ts";

/** The sizes of a vision transformer. `width` is a multiple of `heads`, `imageSize` of `patchSize`. */
export interface VitSizes {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Width of the hidden layer of a block's perceptron, over `width`. */
  readonly mlpRatio: number;
}

/** Gives the weight of a name and shape, row-major. Names and shapes are those of timm's `vision_transformer`. */
export type WeightSource = (name: string, shape: readonly number[]) => Float32Array;

export const vitInput = "pixel_values";

/** How many of the last blocks give their class token. */
export const classTokenBlocks = 5;

const epsilon = 1e-6;

/**
 * The forward pass of a pre-norm vision transformer (Dosovitskiy et al. 2021, as timm and DINOv2 build it): class token,
 * learned positions, fused query-key-value with bias, exact GELU. Input `pixel_values` [batch, 3, size, size]. Outputs
 * [batch, width]: `cls_1` (class token of the last block), `cls_2` ... `cls_5` (of the blocks before it, as many as there
 * are) and `patch_mean` (of the last block), all after the final norm.
 */
export function buildVitGraph(sizes: VitSizes, weights: WeightSource): OnnxModel {
  const graph = createGraphBuilder();
  const parts: VitParts = {
    graph,
    sizes,
    weight: (name, shape) => graph.weight(name, weights(name, shape), shape),
  };
  const finalNorm = normOf(parts, "norm");
  let tokens = embedPatches(parts);
  for (let block = 0; block < sizes.depth; block++) {
    tokens = addVitBlock(parts, tokens, `blocks.${String(block)}.`);
    const fromLast = sizes.depth - block;
    if (fromLast > classTokenBlocks) continue;
    const classToken = pick(graph, tokens, { axis: 1, index: 0 });
    graph.output(`cls_${String(fromLast)}`, finalNorm(classToken));
  }
  const patches = slice(graph, finalNorm(tokens), { axis: 1, start: 1, end: fixedSizeAt(tokens.shape, 1) });
  graph.output("patch_mean", mean(graph, patches, 1));
  return graph.toModel("vision transformer");
}

export interface VitParts {
  readonly graph: GraphScope;
  readonly sizes: VitSizes;
  readonly weight: (name: string, shape: readonly number[]) => GraphTensor;
}

/** [batch, 3, size, size] -> [batch, 1 + patches, width] */
function embedPatches({ graph, sizes, weight }: VitParts): GraphTensor {
  const { imageSize, patchSize, width } = sizes;
  const patches = (imageSize / patchSize) ** 2;
  const image = graph.input(vitInput, [freeDimension("batch"), 3, imageSize, imageSize]);
  const grid = convolution(graph, image, {
    weight: weight("patch_embed.proj.weight", [width, 3, patchSize, patchSize]),
    bias: weight("patch_embed.proj.bias", [width]),
    steps: [{ stride: patchSize }],
  });
  const channelsFirst = reshape(graph, grid, [dimensionAt(grid.shape, 0), width, patches]);
  const embedded = transpose(graph, channelsFirst, [0, 2, 1]);
  // The class token joins the positions, which all images share, so that nothing has to be repeated over the batch.
  const classToken = weight("cls_token", [1, 1, width]);
  const positions = weight("pos_embed", [1, 1 + patches, width]);
  const shared = add(graph, padWithZeros(graph, classToken, { axis: 1, before: 0, after: patches }), positions);
  return add(graph, padWithZeros(graph, embedded, { axis: 1, before: 1, after: 0 }), shared);
}

/** One block: attention, then a perceptron, each on the normed tokens and added to what came in. Its weights' names begin with the prefix. */
export function addVitBlock(parts: VitParts, tokens: GraphTensor, prefix: string): GraphTensor {
  const { graph, sizes } = parts;
  const attended = attend(parts, normOf(parts, `${prefix}norm1`)(tokens), `${prefix}attn`);
  const middle = add(graph, tokens, attended);
  const hidden = Math.trunc(sizes.width * sizes.mlpRatio);
  const rows = flattenTokens(parts, normOf(parts, `${prefix}norm2`)(middle));
  const first = linear(graph, rows, linearOf(parts, `${prefix}mlp.fc1`, [hidden, sizes.width]));
  const second = linear(graph, gelu(graph, first), linearOf(parts, `${prefix}mlp.fc2`, [sizes.width, hidden]));
  return add(graph, middle, reshape(graph, second, tokens.shape));
}

/** softmax(q · kᵀ / sqrt(head width)) · v for every head, then the projection. */
function attend(parts: VitParts, tokens: GraphTensor, name: string): GraphTensor {
  const { graph, sizes } = parts;
  const { width, heads } = sizes;
  const [batch, length] = [dimensionAt(tokens.shape, 0), dimensionAt(tokens.shape, 1)];
  const fused = linear(graph, flattenTokens(parts, tokens), linearOf(parts, `${name}.qkv`, [3 * width, width]));
  const split = reshape(graph, fused, [batch, length, 3, heads, width / heads]);
  // Keys come out transposed for the product: [batch, heads, head width, length].
  const query = transpose(graph, pick(graph, split, { axis: 2, index: 0 }), [0, 2, 1, 3]);
  const key = transpose(graph, pick(graph, split, { axis: 2, index: 1 }), [0, 2, 3, 1]);
  const value = transpose(graph, pick(graph, split, { axis: 2, index: 2 }), [0, 2, 1, 3]);
  const scaled = multiply(graph, query, graph.scalar((width / heads) ** -0.5));
  const attention = softmax(graph, matMul(graph, scaled, key));
  const mixed = transpose(graph, matMul(graph, attention, value), [0, 2, 1, 3]);
  const joined = flattenTokens(parts, reshape(graph, mixed, tokens.shape));
  const projected = linear(graph, joined, linearOf(parts, `${name}.proj`, [width, width]));
  return reshape(graph, projected, tokens.shape);
}

/** [batch, length, width] -> [batch * length, width] */
function flattenTokens({ graph, sizes }: VitParts, tokens: GraphTensor): GraphTensor {
  const [batch, length] = [dimensionAt(tokens.shape, 0), fixedSizeAt(tokens.shape, 1)];
  const rows = typeof batch === "number" ? batch * length : { ...batch, times: batch.times * length };
  return reshape(graph, tokens, [rows, sizes.width]);
}

function normOf({ graph, sizes, weight }: VitParts, name: string): (x: GraphTensor) => GraphTensor {
  const weights = {
    weight: weight(`${name}.weight`, [sizes.width]),
    bias: weight(`${name}.bias`, [sizes.width]),
    epsilon,
  };
  return (x) => layerNormalization(graph, x, weights);
}

function linearOf({ weight }: VitParts, name: string, [outputs, inputs]: readonly [number, number]): LinearWeights {
  return { weight: weight(`${name}.weight`, [outputs, inputs]), bias: weight(`${name}.bias`, [outputs]) };
}
