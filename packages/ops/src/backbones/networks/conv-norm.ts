import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { convolution } from "../../onnx/operators/convolution.ts";
import { frozenBatchNormalization } from "../../onnx/operators/normalisation.ts";
import { fixedSizeAt } from "../../onnx/shapes.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";

/** What a layer is built in: a graph, and where its weights come from. */
export interface LayerScope {
  readonly graph: GraphScope;
  readonly weights: NetworkWeights;
}

export interface ConvolutionLayer {
  /** What its weights' names begin with, e.g. `layer1.0.conv1`. */
  readonly name: string;
  /** Channels that it gives; those that it takes are the image's. */
  readonly outputs: number;
  /** Side of the square kernel, in pixels, as are stride and padding. */
  readonly kernel: number;
  readonly stride?: number;
  /** Zeros on each of the four sides. */
  readonly padding?: number;
  readonly hasBias?: boolean;
}

/** torch's Conv2d: [B, C, h, w] -> [B, outputs, h', w'], where h' = floor((h + 2 · padding - kernel) / stride) + 1. */
export function convolve({ graph, weights }: LayerScope, x: GraphTensor, layer: ConvolutionLayer): GraphTensor {
  const { name, outputs, kernel, stride = 1, padding = 0, hasBias = false } = layer;
  return convolution(graph, x, {
    weight: weights.get(`${name}.weight`, [outputs, fixedSizeAt(x.shape, 1), kernel, kernel]),
    bias: hasBias ? weights.get(`${name}.bias`, [outputs]) : null,
    steps: [{ stride, before: padding, after: padding }],
  });
}

/** torch's BatchNorm2d as it evaluates: each channel by the running moments of its training, [B, C, h, w] -> the same. */
export function normalise({ graph, weights }: LayerScope, x: GraphTensor, name: string): GraphTensor {
  const channels = [fixedSizeAt(x.shape, 1)];
  return frozenBatchNormalization(graph, x, {
    scale: weights.get(`${name}.weight`, channels),
    bias: weights.get(`${name}.bias`, channels),
    mean: weights.get(`${name}.running_mean`, channels),
    variance: weights.get(`${name}.running_var`, channels),
    epsilon: batchNormEpsilon,
  });
}

/** torch's default, which torchvision leaves as it is in all of these networks. */
const batchNormEpsilon = 1e-5;
