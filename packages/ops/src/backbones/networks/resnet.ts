import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { relu } from "../../onnx/operators/activations.ts";
import { add } from "../../onnx/operators/arithmetic.ts";
import { fixedSizeAt } from "../../onnx/shapes.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import { convolve, normalise, type LayerScope } from "./conv-norm.ts";
import { spatialMean, squareMaxPool } from "./square-pooling.ts";

export interface ResNetSizes {
  /** `basic`: two convolutions of 3 x 3. `bottleneck`: 1 x 1, 3 x 3 and 1 x 1, the last of which gives four times as many channels. */
  readonly block: "basic" | "bottleneck";
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  /** Channels of the first convolution and of the first stage's 3 x 3 convolutions; every later stage has twice as many. */
  readonly width: number;
}

/** The published sizes, under torchvision's names. */
export const resNets = {
  resnet18: { block: "basic", blocks: [2, 2, 2, 2], width: 64 },
  resnet34: { block: "basic", blocks: [3, 4, 6, 3], width: 64 },
  resnet50: { block: "bottleneck", blocks: [3, 4, 6, 3], width: 64 },
  resnet101: { block: "bottleneck", blocks: [3, 4, 23, 3], width: 64 },
  resnet152: { block: "bottleneck", blocks: [3, 8, 36, 3], width: 64 },
} as const satisfies Readonly<Record<string, ResNetSizes>>;

export interface ResNetFeatures {
  /** What the last stage gives, [B, C, h, w]; C is 8 · width, times 4 with bottlenecks, and h the image's height over 32, rounded up. */
  readonly map: GraphTensor;
  /** Its mean over space, [B, C]: what the published classifiers take. */
  readonly pooled: GraphTensor;
}

/**
 * A residual network (He et al. 2016, "Deep residual learning for image recognition") as torchvision builds it: the bottleneck that halves
 * the map does so in its 3 x 3 convolution ("v1.5"), where the paper has it in the first 1 x 1. Weights of the one make no sense in the
 * other, though names and shapes are equal.
 * @param image [B, 3, H, W], normalised
 * @param weights under torchvision's names; no `fc`
 */
export function buildResNet(
  graph: GraphScope,
  image: GraphTensor,
  weights: NetworkWeights,
  sizes: ResNetSizes,
): ResNetFeatures {
  const scope = { graph, weights };
  const stem = { name: "conv1", outputs: sizes.width, kernel: 7, stride: 2, padding: 3 };
  const started = relu(graph, normalise(scope, convolve(scope, image, stem), "bn1"));
  let map = squareMaxPool(graph, started, { kernel: 3, stride: 2, padding: 1 });
  const addBlock = sizes.block === "basic" ? addBasicBlock : addBottleneck;
  for (const [stage, count] of sizes.blocks.entries()) {
    for (let block = 0; block < count; block += 1) {
      map = addBlock(scope, map, {
        name: `layer${stage + 1}.${block}`,
        width: sizes.width * 2 ** stage,
        stride: stage > 0 && block === 0 ? 2 : 1,
      });
    }
  }
  return { map, pooled: spatialMean(graph, map) };
}

interface Block {
  readonly name: string;
  readonly width: number;
  readonly stride: number;
}

function addBasicBlock(scope: LayerScope, x: GraphTensor, { name, width, stride }: Block): GraphTensor {
  const { graph } = scope;
  const first = convolve(scope, x, { name: `${name}.conv1`, outputs: width, kernel: 3, stride, padding: 1 });
  const middle = relu(graph, normalise(scope, first, `${name}.bn1`));
  const second = convolve(scope, middle, { name: `${name}.conv2`, outputs: width, kernel: 3, padding: 1 });
  const branch = normalise(scope, second, `${name}.bn2`);
  return relu(graph, add(graph, branch, shortcut(scope, x, { name, outputs: width, stride })));
}

function addBottleneck(scope: LayerScope, x: GraphTensor, { name, width, stride }: Block): GraphTensor {
  const { graph } = scope;
  const outputs = 4 * width;
  const narrow = convolve(scope, x, { name: `${name}.conv1`, outputs: width, kernel: 1 });
  const first = relu(graph, normalise(scope, narrow, `${name}.bn1`));
  const spatial = convolve(scope, first, { name: `${name}.conv2`, outputs: width, kernel: 3, stride, padding: 1 });
  const second = relu(graph, normalise(scope, spatial, `${name}.bn2`));
  const wide = convolve(scope, second, { name: `${name}.conv3`, outputs, kernel: 1 });
  const branch = normalise(scope, wide, `${name}.bn3`);
  return relu(graph, add(graph, branch, shortcut(scope, x, { name, outputs, stride })));
}

interface Shortcut {
  readonly name: string;
  readonly outputs: number;
  readonly stride: number;
}

/** What came in, or, where the branch beside it gives another shape, its projection to that shape. */
function shortcut(scope: LayerScope, x: GraphTensor, { name, outputs, stride }: Shortcut): GraphTensor {
  if (stride === 1 && fixedSizeAt(x.shape, 1) === outputs) return x;
  const projected = convolve(scope, x, { name: `${name}.downsample.0`, outputs, kernel: 1, stride });
  return normalise(scope, projected, `${name}.downsample.1`);
}
