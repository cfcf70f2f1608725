import { createGraphBuilder, type GraphScope, type GraphTensor } from "../onnx/graph-builder.ts";
import type { OnnxModel } from "../onnx/onnx-model.ts";
import { freeDimension } from "../onnx/shapes.ts";
import { selfAttention } from "./networks/transformer/self-attention.ts";
import { transformerBlock } from "./networks/transformer/transformer-block.ts";
import type { TransformerScope } from "./networks/transformer/transformer-scope.ts";
import { buildVisionTransformer, type VisionTransformer } from "./networks/transformer/vision-transformer.ts";
import { imageInput } from "./stored-graph.ts";
import { madeWeights, type MakeWeight } from "./weights/made-weights.ts";

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

export const vitInput = imageInput;

const epsilon = 1e-6;

/** A plain vision transformer of these sizes, positions for just its own image size. */
export function plainVit({ imageSize, patchSize, width, depth, heads, mlpRatio }: VitSizes): VisionTransformer {
  return {
    ...{ imageSize, patchSize, width, depth, heads, epsilon },
    hidden: Math.trunc(width * mlpRatio),
    activation: "gelu",
    positions: { kind: "learned", grid: imageSize / patchSize, rule: "size" },
    registers: 0,
    norm: "final",
  };
}

/**
 * The forward pass of a plain vision transformer, as timm builds it, with weights that are made: names and shapes are those of timm's
 * `vision_transformer`. Input `pixel_values` [batch, 3, size, size]; outputs as `buildVisionTransformer` has them.
 */
export function buildVitGraph(sizes: VitSizes | VisionTransformer, make: MakeWeight): OnnxModel {
  const graph = createGraphBuilder();
  const image = graph.input(vitInput, [freeDimension("batch"), 3, sizes.imageSize, sizes.imageSize]);
  const weights = madeWeights(graph, make, isOfPlainVit);
  const whole = "mlpRatio" in sizes ? plainVit(sizes) : sizes;
  const features = buildVisionTransformer(graph, image, { weights, sizes: whole });
  for (const [part, tensor] of features) graph.output(part, tensor);
  return graph.toModel("vision transformer");
}

export interface VitParts {
  readonly graph: GraphScope;
  readonly sizes: VitSizes;
  readonly make: MakeWeight;
}

/** One block of such a network alone; its weights' names begin with `name`. [B, N, W] -> [B, N, W] */
export function addVitBlock({ graph, sizes, make }: VitParts, tokens: GraphTensor, name: string): GraphTensor {
  const { width, heads, hidden, activation } = plainVit(sizes);
  const weights = madeWeights(graph, make, isOfPlainVit);
  const scope: TransformerScope = { graph, weights, width, heads, epsilon };
  const attend = (x: GraphTensor): GraphTensor => selfAttention(scope, x, { name: `${name}.attn` });
  return transformerBlock(scope, tokens, { name, hidden, activation, attend });
}

/** A plain one has every part that it has to, and none that only others have. */
function isOfPlainVit(name: string): boolean {
  return !/^norm_pre\.|^projection\.|\.ls[12]\.|\.bias_mask$/.test(name);
}
