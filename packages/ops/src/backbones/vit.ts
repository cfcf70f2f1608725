import type { BackboneModel } from "../artifacts/backbone.ts";
import { paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { writeModel } from "../onnx/write-model.ts";
import { preprocessingOf, preprocessingParams } from "./preprocessing-params.ts";
import { buildVitGraph, classTokenBlocks, vitInput, type VitSizes } from "./vit-graph.ts";
import { randomVitWeights } from "./vit-weights.ts";

const signature = {
  name: "vit",
  version: 2,
  summary: "A vision transformer (pre-norm, class token, learned positions), as timm and DINOv2 build it.",
  use: "constructor",
  role: "backbone",
  params: {
    weights: { type: "weights", summary: "Where the weights come from: random(SEED).", sources: ["random"] },
    image_size: { type: "integer", summary: "Side of the input image.", min: 1, max: 4096, default: 224, unit: "px" },
    patch_size: { type: "integer", summary: "Side of a patch; divides image_size.", min: 1, default: 16, unit: "px" },
    width: { type: "integer", summary: "Width of a token; a multiple of heads.", min: 1, max: 8192, default: 192 },
    depth: { type: "integer", summary: "Number of blocks.", min: 1, max: 128, default: 12 },
    heads: { type: "integer", summary: "Attention heads of a block.", min: 1, max: 128, default: 3 },
    mlp_ratio: {
      type: "number",
      summary: "Width of a block's hidden layer over width.",
      min: 0.1,
      max: 16,
      default: 4,
    },
    ...preprocessingParams,
  },
  inputs: {},
  output: "backbone",
  facts: {
    parts: [
      { is: ["cls_1", "patch_mean"], where: { depth: [1] } },
      { is: ["cls_1", "cls_2", "patch_mean"], where: { depth: [2] } },
      { is: ["cls_1", "cls_2", "cls_3", "patch_mean"], where: { depth: [3] } },
      { is: ["cls_1", "cls_2", "cls_3", "cls_4", "patch_mean"], where: { depth: [4] } },
      { is: ["cls_1", "cls_2", "cls_3", "cls_4", "cls_5", "patch_mean"] },
    ],
    multiples: { image_size: "patch_size", width: "heads" },
    published: ["mean", "deviation"],
  },
} as const;

/** The graph and its weights are the artifact. Rows hold `cls_1` (the default) to `cls_5` and `patch_mean`. */
export const vit: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<BackboneModel> => {
    const params = paramsOf(signature, context);
    const sizes: VitSizes = {
      imageSize: params.image_size,
      patchSize: params.patch_size,
      width: params.width,
      depth: params.depth,
      heads: params.heads,
      mlpRatio: params.mlp_ratio,
    };
    requireWholeSizes(sizes);
    if (params.weights.weights !== "random") {
      throw new OpError(
        "weights-unsupported",
        "A vit's weights can only be random(SEED) so far.",
        "Use `onnx { file: ... }` for a trained network.",
      );
    }
    const preprocessing = preprocessingOf(params, { input: vitInput, imageSize: sizes.imageSize });
    const graph = buildVitGraph(sizes, randomVitWeights(params.weights.seed, sizes));
    const parts = partNames(sizes.depth);
    return {
      graph: { kind: "inline", model: await writeModel(graph) },
      preprocessing,
      outputs: parts.map((part) => ({ tensor: part, part, reduce: "none", prefixTokens: 0 })),
      layout: { parts: parts.map((name) => ({ name, width: sizes.width })), defaultPart: "cls_1" },
      precision: "float32",
    };
  },
};

function partNames(depth: number): readonly string[] {
  const classTokens = Array.from(
    { length: Math.min(depth, classTokenBlocks) },
    (_, index) => `cls_${String(index + 1)}`,
  );
  return [...classTokens, "patch_mean"];
}

function requireWholeSizes({ imageSize, patchSize, width, heads }: VitSizes): void {
  if (imageSize % patchSize !== 0) {
    const below = Math.floor(imageSize / patchSize) * patchSize;
    throw new OpError(
      "image-size-not-patches",
      `An image of ${String(imageSize)} pixels cannot be cut into patches of ${String(patchSize)}.`,
      `Write image_size: ${String(below === 0 ? patchSize : below)} or ${String(below + patchSize)}.`,
    );
  }
  if (width % heads !== 0) {
    throw new OpError(
      "width-not-heads",
      `A width of ${String(width)} cannot be shared by ${String(heads)} heads.`,
      `Let width be a multiple of ${String(heads)}.`,
    );
  }
}
