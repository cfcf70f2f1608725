import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { relu } from "../../onnx/operators/activations.ts";
import { flatten } from "../../onnx/operators/layout.ts";
import { linear } from "../../onnx/operators/products.ts";
import { fixedSizeAt } from "../../onnx/shapes.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import { adaptiveAveragePool } from "./adaptive-average-pool.ts";
import { convolve, normalise, type LayerScope } from "./conv-norm.ts";
import { spatialMean, squareMaxPool } from "./square-pooling.ts";

export interface VggSizes {
  /** For each stage, the channels that its 3 x 3 convolutions give; each stage ends with a maximum over 2 x 2. */
  readonly stages: readonly (readonly number[])[];
  /** Whether a batch normalisation follows every convolution. */
  readonly hasBatchNorm: boolean;
  /** Width of the two dense layers. */
  readonly hidden: number;
}

/** The published sizes, under torchvision's names. */
export const vggs = {
  vgg11: vggOf([1, 1, 2, 2, 2], false),
  vgg11_bn: vggOf([1, 1, 2, 2, 2], true),
  vgg13: vggOf([2, 2, 2, 2, 2], false),
  vgg13_bn: vggOf([2, 2, 2, 2, 2], true),
  vgg16: vggOf([2, 2, 3, 3, 3], false),
  vgg16_bn: vggOf([2, 2, 3, 3, 3], true),
  vgg19: vggOf([2, 2, 4, 4, 4], false),
  vgg19_bn: vggOf([2, 2, 4, 4, 4], true),
} as const satisfies Readonly<Record<string, VggSizes>>;

/** Convolutions of each of the five stages. */
function vggOf(convolutions: readonly number[], hasBatchNorm: boolean): VggSizes {
  const stages = [64, 128, 256, 512, 512].map((width, stage) =>
    Array.from({ length: convolutions[stage]! }, () => width),
  );
  return { stages, hasBatchNorm, hidden: 4096 };
}

export interface VggFeatures {
  /** What the last stage gives, [B, C, h, w]; h is the image's height over 32, rounded down. */
  readonly map: GraphTensor;
  /**
   * [B, C]: the mean over the 7 x 7 cells that `map` is pooled to before the dense layers, each of which counts the same. It is the mean
   * of `map` itself where both its sizes are multiples of 7, as for an image of 224 x 224. Elsewhere the windows of the cells overlap, and
   * the places of `map` do not all count the same.
   */
  readonly pooled: GraphTensor;
  /** [B, hidden], after the ReLU of the second dense layer ("fc7"); null where the weights have no dense layers. */
  readonly fc7: GraphTensor | null;
}

/**
 * A VGG network (Simonyan and Zisserman 2015, "Very deep convolutional networks for large-scale image recognition") as torchvision builds
 * it, for images of any size from 32 x 32 on. Dropout does nothing outside training.
 * @param image [B, 3, H, W], normalised
 * @param weights under torchvision's names; no `classifier.6`
 */
export function buildVgg(graph: GraphScope, image: GraphTensor, weights: NetworkWeights, sizes: VggSizes): VggFeatures {
  const scope = { graph, weights };
  const map = addStages(scope, image, sizes);
  const grid = adaptiveAveragePool(graph, map, { height: gridSide, width: gridSide });
  // A checkpoint that was made for its maps may come without the dense layers, which are most of a whole one.
  const fc7 = weights.has("classifier.0.weight") ? addDenseLayers(scope, flatten(graph, grid, 1), sizes.hidden) : null;
  return { map, pooled: spatialMean(graph, grid), fc7 };
}

const gridSide = 7;

/** torchvision numbers everything in `features`, also what has no weights. */
function addStages(scope: LayerScope, image: GraphTensor, { stages, hasBatchNorm }: VggSizes): GraphTensor {
  const { graph } = scope;
  let place = 0;
  let x = image;
  for (const stage of stages) {
    for (const outputs of stage) {
      x = convolve(scope, x, { name: `features.${place}`, outputs, kernel: 3, padding: 1, hasBias: true });
      if (hasBatchNorm) x = normalise(scope, x, `features.${place + 1}`);
      x = relu(graph, x);
      place += hasBatchNorm ? 3 : 2;
    }
    x = squareMaxPool(graph, x, { kernel: 2, stride: 2 });
    place += 1;
  }
  return x;
}

/** [B, inputs] -> [B, hidden] */
function addDenseLayers({ graph, weights }: LayerScope, x: GraphTensor, hidden: number): GraphTensor {
  const dense = (name: string, rows: GraphTensor): GraphTensor =>
    relu(
      graph,
      linear(graph, rows, {
        weight: weights.get(`${name}.weight`, [hidden, fixedSizeAt(rows.shape, 1)]),
        bias: weights.get(`${name}.bias`, [hidden]),
      }),
    );
  return dense("classifier.3", dense("classifier.0", x));
}
