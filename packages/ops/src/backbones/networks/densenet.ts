import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { relu } from "../../onnx/operators/activations.ts";
import { concatenate } from "../../onnx/operators/layout.ts";
import { fixedSizeAt } from "../../onnx/shapes.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import { convolve, normalise, type LayerScope } from "./conv-norm.ts";
import { spatialMean, squareAveragePool, squareMaxPool } from "./square-pooling.ts";

export interface DenseNetSizes {
  /** Channels that each layer adds to those that it takes. */
  readonly growth: number;
  /** Layers of each dense block. */
  readonly blocks: readonly number[];
  /** Channels of the first convolution. */
  readonly stem: number;
  /** Channels between the two convolutions of a layer, over `growth`. */
  readonly bottleneck: number;
}

/** The published sizes, under torchvision's names. */
export const denseNets = {
  densenet121: { growth: 32, blocks: [6, 12, 24, 16], stem: 64, bottleneck: 4 },
  densenet161: { growth: 48, blocks: [6, 12, 36, 24], stem: 96, bottleneck: 4 },
  densenet169: { growth: 32, blocks: [6, 12, 32, 32], stem: 64, bottleneck: 4 },
  densenet201: { growth: 32, blocks: [6, 12, 48, 32], stem: 64, bottleneck: 4 },
} as const satisfies Readonly<Record<string, DenseNetSizes>>;

export interface DenseNetFeatures {
  /** What the last block gives, after the last normalisation and its ReLU, [B, C, h, w]. */
  readonly map: GraphTensor;
  /** Its mean over space, [B, C]: what the published classifiers take. */
  readonly pooled: GraphTensor;
}

/**
 * A densely connected network (Huang et al. 2017, "Densely connected convolutional networks"; with bottlenecks and half the channels after
 * each block, "DenseNet-BC") as torchvision builds it, for images of any size from 29 x 29 on.
 * @param image [B, 3, H, W], normalised
 * @param weights under torchvision's names; no `classifier`
 */
export function buildDenseNet(
  graph: GraphScope,
  image: GraphTensor,
  weights: NetworkWeights,
  sizes: DenseNetSizes,
): DenseNetFeatures {
  const scope = { graph, weights };
  const stem = { name: "features.conv0", outputs: sizes.stem, kernel: 7, stride: 2, padding: 3 };
  const started = relu(graph, normalise(scope, convolve(scope, image, stem), "features.norm0"));
  let x = squareMaxPool(graph, started, { kernel: 3, stride: 2, padding: 1 });
  for (const [place, layers] of sizes.blocks.entries()) {
    for (let layer = 1; layer <= layers; layer += 1) {
      x = addDenseLayer(scope, x, { name: `features.denseblock${place + 1}.denselayer${layer}`, sizes });
    }
    if (place + 1 < sizes.blocks.length) x = addTransition(scope, x, `features.transition${place + 1}`);
  }
  // torchvision has this ReLU outside `features`, in the network's forward pass.
  const map = relu(graph, normalise(scope, x, "features.norm5"));
  return { map, pooled: spatialMean(graph, map) };
}

interface DenseLayer {
  readonly name: string;
  readonly sizes: DenseNetSizes;
}

/** [B, C, h, w] -> [B, C + growth, h, w]: what came in, and after it what two convolutions make of it. */
function addDenseLayer(scope: LayerScope, x: GraphTensor, { name, sizes }: DenseLayer): GraphTensor {
  const { graph } = scope;
  const { growth, bottleneck } = sizes;
  const taken = relu(graph, normalise(scope, x, `${name}.norm1`));
  const narrow = convolve(scope, taken, { name: `${name}.conv1`, outputs: bottleneck * growth, kernel: 1 });
  const middle = relu(graph, normalise(scope, narrow, `${name}.norm2`));
  const added = convolve(scope, middle, { name: `${name}.conv2`, outputs: growth, kernel: 3, padding: 1 });
  return concatenate(graph, [x, added], 1);
}

/** [B, C, h, w] -> [B, C / 2, h / 2, w / 2], all rounded down. */
function addTransition(scope: LayerScope, x: GraphTensor, name: string): GraphTensor {
  const { graph } = scope;
  const outputs = Math.floor(fixedSizeAt(x.shape, 1) / 2);
  const taken = relu(graph, normalise(scope, x, `${name}.norm`));
  const halved = convolve(scope, taken, { name: `${name}.conv`, outputs, kernel: 1 });
  return squareAveragePool(graph, halved, { kernel: 2, stride: 2 });
}
