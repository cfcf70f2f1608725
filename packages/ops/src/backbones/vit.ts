import type { BackboneModel } from "../artifacts/backbone.ts";
import { paramsOf, type OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { ParamsOf, SingleOp } from "../op.ts";
import { writeModel } from "../onnx/write-model.ts";
import { vitNamings } from "./naming/vit-namings.ts";
import { activations } from "./networks/transformer/perceptron.ts";
import {
  buildVisionTransformer,
  classTokenBlocks,
  type VisionTransformer,
} from "./networks/transformer/vision-transformer.ts";
import { preprocessingOf, preprocessingParams } from "./preprocessing-params.ts";
import { requireMultiple } from "./require-multiple.ts";
import { normParam, positionsParam, prefixParam } from "./stored-params.ts";
import { storedBackbone } from "./stored-backbone.ts";
import { imageInput } from "./stored-graph.ts";
import { buildVitGraph } from "./vit-graph.ts";
import { randomVitWeights } from "./vit-weights.ts";

const params = {
  weights: {
    type: "weights",
    summary: "Where the weights come from, by the names of timm, DINOv2 or transformers.",
    sources: ["random", "file", "hf", "url"],
  },
  weights_prefix: prefixParam,
  image_size: { type: "integer", summary: "Side of the input image.", min: 1, max: 4096, default: 224, unit: "px" },
  patch_size: { type: "integer", summary: "Side of a patch; divides image_size.", min: 1, default: 16, unit: "px" },
  width: { type: "integer", summary: "Width of a token; a multiple of heads.", min: 1, max: 8192, default: 192 },
  depth: { type: "integer", summary: "Number of blocks.", min: 1, max: 128, default: 12 },
  heads: { type: "integer", summary: "Attention heads of a block.", min: 1, max: 128, default: 3 },
  mlp_ratio: {
    type: "number",
    summary: "Width of a block's hidden layer over width; of a gated one, what remains behind the gate.",
    min: 0.1,
    max: 16,
    default: 4,
  },
  activation: { type: "choice", choices: activations, summary: "Of a block's hidden layer.", default: "gelu" },
  registers: { type: "integer", summary: "Register tokens beside the class token.", min: 0, max: 64, default: 0 },
  epsilon: {
    type: "number",
    summary: "What layer norms add to the variance: 1e-6 in timm and DINOv2, 1e-12 in transformers' ViT.",
    min: 0,
    max: 0.1,
    default: 1e-6,
  },
  norm: normParam,
  positions: { ...positionsParam, default: "size_antialias" },
  ...preprocessingParams,
} as const;

const signature = {
  name: "vit",
  version: 3,
  summary: "A vision transformer of any size (pre-norm, class token, learned positions), as timm and DINOv2 build it.",
  use: "constructor",
  role: "backbone",
  params,
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

/** Rows hold `cls_1` (the default) to `cls_5` and `patch_mean`. With random weights, graph and weights are the artifact. */
export const vit: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    requireMultiple(params.image_size, params.patch_size);
    requireWholeHeads(params);
    const { weights } = params;
    return weights.weights === "random" ? randomBackbone(params, weights.seed) : fromFile(context, params);
  },
};

type VitParams = ParamsOf<typeof params>;

async function randomBackbone(params: VitParams, seed: number): Promise<BackboneModel> {
  const sizes = sizesOf(params);
  const parts = partNames(sizes.depth);
  return {
    graph: { kind: "inline", model: await writeModel(buildVitGraph(sizes, randomVitWeights(seed, sizes))) },
    preprocessing: preprocessingOf(params, { input: imageInput, imageSize: sizes.imageSize }),
    outputs: parts.map((part) => ({ tensor: part, part, reduce: "none", prefixTokens: 0 })),
    layout: { parts: parts.map((name) => ({ name, width: sizes.width })), defaultPart: "cls_1" },
    precision: "float32",
  };
}

async function fromFile(context: OpContext, params: VitParams): Promise<BackboneModel> {
  const { weights: source, weights_prefix: prefix } = params;
  if (source.weights === "random") throw new Error("Random weights are in no file.");
  const sizes = sizesOf(params);
  return storedBackbone(context, {
    source,
    prefix,
    namings: [...vitNamings.vit, ...vitNamings.dinov2.filter((naming) => !vitNamings.vit.includes(naming))],
    preprocessing: preprocessingOf(params, { input: imageInput, imageSize: sizes.imageSize }),
    defaultPart: "cls_1",
    build: (graph, image, weights) => buildVisionTransformer(graph, image, { weights, sizes }),
  });
}

function sizesOf(params: VitParams): VisionTransformer {
  const { image_size: imageSize, patch_size: patchSize, width, depth, heads, activation, epsilon } = params;
  const { registers, norm, positions: rule } = params;
  return {
    ...{ imageSize, patchSize, width, depth, heads, activation, epsilon, registers },
    hidden: Math.trunc(width * params.mlp_ratio),
    norm: norm === "none" ? "none" : "final",
    positions: { kind: "learned", grid: imageSize / patchSize, rule },
  };
}

function partNames(depth: number): readonly string[] {
  const classTokens = Array.from(
    { length: Math.min(depth, classTokenBlocks) },
    (_, index) => `cls_${String(index + 1)}`,
  );
  return [...classTokens, "patch_mean"];
}

function requireWholeHeads({ width, heads }: VitParams): void {
  if (width % heads === 0) return;
  throw new OpError(
    "width-not-heads",
    `A width of ${String(width)} cannot be shared by ${String(heads)} heads.`,
    `Let width be a multiple of ${String(heads)}.`,
  );
}
