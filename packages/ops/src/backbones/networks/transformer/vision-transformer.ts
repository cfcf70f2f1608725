import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { add } from "../../../onnx/operators/arithmetic.ts";
import { convolution } from "../../../onnx/operators/convolution.ts";
import { padWithZeros, pick, reshape, slice, transpose } from "../../../onnx/operators/layout.ts";
import { matMul } from "../../../onnx/operators/products.ts";
import { mean } from "../../../onnx/operators/reductions.ts";
import { dimensionAt, fixedSizeAt } from "../../../onnx/shapes.ts";
import type { NetworkWeights } from "../../weights/network-weights.ts";
import type { Activation } from "./perceptron.ts";
import { resizeGrid, type PositionRule } from "./position-grid.ts";
import { rotaryPositions } from "./rotary-positions.ts";
import { selfAttention } from "./self-attention.ts";
import { transformerBlock } from "./transformer-block.ts";
import { dense, normed, type TransformerScope } from "./transformer-scope.ts";

/** What tells one published vision transformer from another. Weights and their names say the rest (see `buildVisionTransformer`). */
export interface VisionTransformer {
  /** Side of the input image, a multiple of `patchSize`. */
  readonly imageSize: number;
  readonly patchSize: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Width of the hidden layer of a block's perceptron. */
  readonly hidden: number;
  readonly activation: Activation;
  /** What layer norms add to the variance. */
  readonly epsilon: number;
  readonly positions: LearnedPositions | TurnedPositions;
  /** Tokens between the class token and the patches that carry no position (Darcet et al. 2024). */
  readonly registers: number;
  /** Whether the final norm is applied to every block that is taken, as it was trained to be, or to none. */
  readonly norm: "final" | "none";
  /** Width of the projection of the normed class token into the space that text shares; absent: none. */
  readonly projected?: number;
}

/** One vector for the class token and each patch of a square grid of `grid` a side. */
export interface LearnedPositions {
  readonly kind: "learned";
  readonly grid: number;
  readonly rule: PositionRule;
}

/** Rotary positions of longest period `base`. */
export interface TurnedPositions {
  readonly kind: "rotary";
  readonly base: number;
}

/** How many of the last blocks give their class token. */
export const classTokenBlocks = 5;

/**
 * The forward pass of a pre-norm vision transformer with a class token (Dosovitskiy et al. 2021), as ViT, DeiT, MSN, MAE, CLIP, DINOv2
 * and DINOv3 have it. Images [B, 3, size, size] -> features [B, width] by part: `cls_1` (class token of the last block) to `cls_5`
 * (of the blocks before, as many as there are), `patch_mean` (of the last block's patch tokens), all after the final norm, and
 * `projected` where there is a projection. A norm before the blocks (`norm_pre`), LayerScale (`ls1`), a bias of the patch embedding
 * and of single projections are there where the weights are.
 */
export function buildVisionTransformer(
  graph: GraphScope,
  image: GraphTensor,
  { weights, sizes }: { readonly weights: NetworkWeights; readonly sizes: VisionTransformer },
): ReadonlyMap<string, GraphTensor> {
  const { width, depth, heads, hidden, activation, epsilon, imageSize, patchSize, positions, registers } = sizes;
  const scope: TransformerScope = { graph, weights, width, heads, epsilon };
  const side = imageSize / patchSize;
  const rotate =
    positions.kind === "rotary"
      ? rotaryPositions(graph, { side, size: width / heads, base: positions.base })
      : undefined;
  const finalNorm = (x: GraphTensor): GraphTensor => (sizes.norm === "none" ? x : normed(scope, x, "norm"));

  const features = new Map<string, GraphTensor>();
  const embedded = embed(scope, image, sizes);
  let tokens = weights.has("norm_pre.weight") ? normed(scope, embedded, "norm_pre") : embedded;
  for (let block = 0; block < depth; block++) {
    const name = `blocks.${String(block)}`;
    const attend = (x: GraphTensor): GraphTensor => selfAttention(scope, x, { name: `${name}.attn`, rotate });
    tokens = transformerBlock(scope, tokens, { name, hidden, activation, attend });
    const fromLast = depth - block;
    if (fromLast > classTokenBlocks) continue;
    features.set(`cls_${String(fromLast)}`, finalNorm(pick(graph, tokens, { axis: 1, index: 0 })));
  }
  const end = fixedSizeAt(tokens.shape, 1);
  features.set("patch_mean", mean(graph, slice(graph, finalNorm(tokens), { axis: 1, start: 1 + registers, end }), 1));
  // A tower that was saved alone has no projection.
  const isProjected = weights.has("projection.weight") || weights.has("projection.matrix");
  if (sizes.projected !== undefined && isProjected) {
    const last = normed(scope, pick(graph, tokens, { axis: 1, index: 0 }), "norm");
    features.set("projected", project(scope, last, sizes.projected));
  }
  return features;
}

/** [B, width] -> [B, outputs] by a matrix that the file has one way round or the other. */
function project(scope: TransformerScope, rows: GraphTensor, outputs: number): GraphTensor {
  const { graph, weights, width } = scope;
  if (weights.has("projection.matrix")) return matMul(graph, rows, weights.get("projection.matrix", [width, outputs]));
  return dense(scope, rows, { name: "projection", sizes: [outputs, width] });
}

/** [B, 3, size, size] -> [B, 1 + registers + patches, width] */
function embed(scope: TransformerScope, image: GraphTensor, sizes: VisionTransformer): GraphTensor {
  const { graph, weights, width } = scope;
  const { imageSize, patchSize, registers } = sizes;
  const side = imageSize / patchSize;
  const patches = side * side;
  const grid = convolution(graph, image, {
    weight: weights.get("patch_embed.proj.weight", [width, 3, patchSize, patchSize]),
    bias: weights.has("patch_embed.proj.bias") ? weights.get("patch_embed.proj.bias", [width]) : null,
    steps: [{ stride: patchSize }],
  });
  const channelsFirst = reshape(graph, grid, [dimensionAt(grid.shape, 0), width, patches]);
  const embedded = transpose(graph, channelsFirst, [0, 2, 1]);
  // The class token joins the positions, which all images share, so that nothing has to be repeated over the batch.
  const shared = sharedTokens(scope, sizes);
  return add(graph, padWithZeros(graph, embedded, { axis: 1, before: 1 + registers, after: 0 }), shared);
}

/** What every image gets: class token and registers before the patches, and the positions, [1, 1 + registers + patches, width]. */
function sharedTokens({ graph, weights, width }: TransformerScope, sizes: VisionTransformer): GraphTensor {
  const { imageSize, patchSize, registers, positions } = sizes;
  const side = imageSize / patchSize;
  const patches = side * side;
  const classToken = weights.get("cls_token", [1, 1, width]);
  const placed = (x: GraphTensor, before: number): GraphTensor => {
    const after = 1 + registers + patches - before - fixedSizeAt(x.shape, 1);
    return before === 0 && after === 0 ? x : padWithZeros(graph, x, { axis: 1, before, after });
  };
  const first = placed(classToken, 0);
  const withRegisters =
    registers === 0 ? first : add(graph, first, placed(weights.get("reg_token", [1, registers, width]), 1));
  if (positions.kind === "rotary") return withRegisters;

  const { known, stored, hasClass } = knownPositions(weights, sizes);
  if (hasClass && registers === 0 && stored === side) return add(graph, withRegisters, known);
  const begin = hasClass ? 1 : 0;
  const ofPatches = slice(graph, known, { axis: 1, start: begin, end: begin + stored * stored });
  const rows = reshape(graph, ofPatches, [stored * stored, width]);
  const resized = resizeGrid(graph, rows, { stored, wanted: side, rule: positions.rule });
  const withPatches = add(graph, withRegisters, placed(reshape(graph, resized, [1, patches, width]), 1 + registers));
  return hasClass
    ? add(graph, withPatches, placed(slice(graph, known, { axis: 1, start: 0, end: 1 }), 0))
    : withPatches;
}

interface KnownPositions {
  /** [1, stored², width], one more where the class token has one. */
  readonly known: GraphTensor;
  /** Side of their grid. */
  readonly stored: number;
  readonly hasClass: boolean;
}

/** A checkpoint's grid need not be that of the image size, and timm adds the class token's position to the token itself. */
function knownPositions(weights: NetworkWeights, { width, positions }: VisionTransformer): KnownPositions {
  const published = positions.kind === "learned" ? positions.grid : 0;
  const count = weights.shapeOf("pos_embed")?.at(-2) ?? 1 + published * published;
  const hasClass = !Number.isInteger(Math.sqrt(count));
  const stored = Math.floor(Math.sqrt(count));
  return { known: weights.get("pos_embed", [1, hasClass ? 1 + stored * stored : count, width]), stored, hasClass };
}
