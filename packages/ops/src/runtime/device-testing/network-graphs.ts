import { buildDenseNet } from "../../backbones/networks/densenet.ts";
import { buildResNet } from "../../backbones/networks/resnet.ts";
import { buildSamEncoder } from "../../backbones/networks/transformer/sam-encoder.ts";
import {
  buildVisionTransformer,
  type VisionTransformer,
} from "../../backbones/networks/transformer/vision-transformer.ts";
import { buildVgg } from "../../backbones/networks/vgg.ts";
import { madeWeights, type MakeWeight } from "../../backbones/weights/made-weights.ts";
import type { NetworkWeights } from "../../backbones/weights/network-weights.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../../onnx/graph-builder.ts";
import type { OnnxModel } from "../../onnx/onnx-model.ts";
import { freeDimension } from "../../onnx/shapes.ts";

type Outputs = Readonly<Record<string, GraphTensor>>;
type Build = (graph: GraphScope, image: GraphTensor, weights: NetworkWeights) => Outputs;

interface NetworkGraph {
  readonly side: number;
  readonly build: Build;
  /** The parts that its checkpoints lack; absent: none. */
  readonly lacks?: RegExp;
}

/** What tells one vision transformer from another, on four by four patches of positions that are stored for three by three. */
function transformer(sizes: Partial<VisionTransformer>, lacks: RegExp): NetworkGraph {
  const whole: VisionTransformer = {
    ...{ imageSize: 32, patchSize: 8, width: 24, depth: 2, heads: 3, hidden: 48 },
    ...{ activation: "gelu", epsilon: 1e-6, registers: 0, norm: "final" },
    positions: { kind: "learned", grid: 3, rule: "size" },
    ...sizes,
  };
  const build: Build = (graph, image, weights) =>
    Object.fromEntries(buildVisionTransformer(graph, image, { weights, sizes: whole }));
  return { side: whole.imageSize, build, lacks };
}

/** The networks that backbones are built of, a few channels wide, by name: how each is built for images of which side. */
export const networkGraphs: Readonly<Record<string, NetworkGraph>> = {
  vit: transformer({ epsilon: 1e-12 }, /^norm_pre|^projection|\.ls[12]|bias_mask|gate|\.qkv\./),
  dinov2: transformer(
    { positions: { kind: "learned", grid: 3, rule: "meta_offset" } },
    /^norm_pre|^projection|bias_mask|gate/,
  ),
  "dinov2 giant with registers": transformer(
    { activation: "swiglu", registers: 4, positions: { kind: "learned", grid: 3, rule: "size_antialias" } },
    /^norm_pre|^projection|bias_mask|gate/,
  ),
  clip: transformer({ activation: "quick_gelu", epsilon: 1e-5, projected: 8 }, /\.ls[12]|bias_mask|gate|proj\.bias$/),
  dinov3: transformer(
    { activation: "swiglu", registers: 4, epsilon: 1e-5, positions: { kind: "rotary", base: 100 } },
    /^norm_pre|^projection|bias_mask|\.qkv\.|\.k\.bias$/,
  ),
  resnet: {
    side: 37,
    build: (graph, image, weights) => ({
      ...buildResNet(graph, image, weights, { block: "bottleneck", blocks: [1, 1, 1, 1], width: 8 }),
    }),
  },
  densenet: {
    side: 33,
    build: (graph, image, weights) => ({
      ...buildDenseNet(graph, image, weights, { growth: 4, blocks: [2, 2], stem: 8, bottleneck: 2 }),
    }),
  },
  vgg: {
    side: 45,
    build: (graph, image, weights) => {
      const stages = [[4], [4], [8], [8], [8]];
      const { map, pooled, fc7 } = buildVgg(graph, image, weights, { stages, hasBatchNorm: true, hidden: 16 });
      return fc7 === null ? { map, pooled } : { map, pooled, fc7 };
    },
  },
  sam: {
    side: 40,
    build: (graph, image, weights) => {
      const sizes = {
        ...{ imageSize: 40, patchSize: 8, width: 24, depth: 2, heads: 2, hidden: 48 },
        ...{ window: 3, globalBlocks: [1], grid: 8, rule: "meta_offset" as const },
      };
      return Object.fromEntries(buildSamEncoder(graph, image, { weights, sizes }));
    },
  },
};

export const networkInput = "image";

/** The graph of one of them for any number of images. */
export function networkGraph(name: string, make: MakeWeight): OnnxModel {
  const { side, build, lacks } = networkGraphs[name]!;
  const graph = createGraphBuilder();
  const image = graph.input(networkInput, [freeDimension("batch"), 3, side, side]);
  const weights = madeWeights(
    graph,
    (weight, shape) => steady(weight, make(weight, shape), shape),
    (weight) => lacks?.test(weight) !== true,
  );
  for (const [output, tensor] of Object.entries(build(graph, image, weights))) graph.output(output, tensor);
  return graph.toModel(name);
}

/** Variances above zero and scales about one, as in a network that was trained: the numbers then neither vanish nor grow. */
function steady(name: string, values: Float32Array, shape: readonly number[]): Float32Array {
  const isScale = shape.length === 1 && name.endsWith("weight");
  return name.endsWith("running_var") || isScale ? values.map((value) => 1 + 0.2 * Math.tanh(value)) : values;
}
