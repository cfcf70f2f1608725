import { buildVitGraph, vitInput } from "../../backbones/vit-graph.ts";
import type { MakeWeight } from "../../backbones/weights/made-weights.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../../onnx/graph-builder.ts";
import type { OnnxModel } from "../../onnx/onnx-model.ts";
import { gelu, geluByTanh, hardSwish, relu, softmax } from "../../onnx/operators/activations.ts";
import { add } from "../../onnx/operators/arithmetic.ts";
import { convolution, transposedConvolution } from "../../onnx/operators/convolution.ts";
import { gather } from "../../onnx/operators/indexing.ts";
import { concatenate, flatten, padWithZeros, reshape, slice, transpose } from "../../onnx/operators/layout.ts";
import { frozenBatchNormalization, layerNormalization } from "../../onnx/operators/normalisation.ts";
import { pad } from "../../onnx/operators/padding.ts";
import { averagePool, globalAveragePool, maxPool } from "../../onnx/operators/pooling.ts";
import { linear, matMul } from "../../onnx/operators/products.ts";
import { mean } from "../../onnx/operators/reductions.ts";
import { resize } from "../../onnx/operators/resizing.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import { networkGraph, networkGraphs, networkInput } from "./network-graphs.ts";

/** A network small enough for a renderer in software, on which devices are held against the CPU. */
export interface TinyGraph {
  readonly name: string;
  readonly build: (weights: MakeWeight) => OnnxModel;
  readonly input: { readonly name: string; readonly dims: readonly number[] };
}

/** One line and one function for another architecture. */
export const tinyGraphs: readonly TinyGraph[] = [
  { name: "vit", build: vit, input: { name: vitInput, dims: [2, 3, 32, 32] } },
  { name: "cnn", build: cnn, input: { name: "x", dims: [2, 3, 33, 33] } },
  { name: "windows", build: windows, input: { name: "x", dims: [2, 10, 10, 24] } },
  { name: "pyramid", build: pyramid, input: { name: "x", dims: [2, 3, 16, 16] } },
  ...Object.entries(networkGraphs).map(([name, { side }]): TinyGraph => ({
    name,
    build: (weights) => networkGraph(name, weights),
    input: { name: networkInput, dims: [2, 3, side, side] },
  })),
];

function vit(weights: MakeWeight): OnnxModel {
  return buildVitGraph({ imageSize: 32, patchSize: 8, width: 48, depth: 2, heads: 3, mlpRatio: 4 }, weights);
}

/** What convolutional networks are made of: grouped and strided convolutions, frozen norms, both pools, a way around, a concatenation. */
function cnn(weights: MakeWeight): OnnxModel {
  const graph = createGraphBuilder();
  const parts: Parts = { graph, weights };
  const x = graph.input("x", [freeDimension("batch"), 3, 33, 33]);
  const stem = relu(graph, normed(parts, conv(parts, x, { name: "stem", to: 16, kernel: 7, stride: 2 }), "stem_norm"));
  const steps = [0, 1].map(() => ({ stride: 2, dilation: 1, before: 1, after: 1 }));
  const pooled = maxPool(graph, stem, { kernel: [3, 3], steps });
  const depthwise = hardSwish(graph, conv(parts, pooled, { name: "deep", to: 16, kernel: 3, groups: 16 }));
  const around = relu(graph, add(graph, pooled, conv(parts, depthwise, { name: "point", to: 16, kernel: 1 })));
  const dense = concatenate(graph, [around, conv(parts, around, { name: "grow", to: 8, kernel: 3 })], 1);
  const halves = [0, 1].map(() => ({ stride: 2, dilation: 1, before: 0, after: 0 }));
  const small = averagePool(graph, dense, { kernel: [2, 2], steps: halves, isCeil: true });
  const features = flatten(graph, globalAveragePool(graph, small), 1);
  graph.output("features", features);
  graph.output("scores", linear(graph, features, linearWeights(parts, "head", [10, 24])));
  return graph.toModel("cnn");
}

/** What SAM's encoder adds to a transformer: padded windows, six axes at once, gathered positions, a cut back to size. */
function windows(weights: MakeWeight): OnnxModel {
  const graph = createGraphBuilder();
  const parts: Parts = { graph, weights };
  const [side, window, width] = [10, 4, 24];
  const x = graph.input("x", [2, side, side, width]);
  const wide = padWithZeros(graph, padWithZeros(graph, x, { axis: 1, before: 0, after: 2 }), {
    ...{ axis: 2, before: 0, after: 2 },
  });
  const parted = transpose(graph, reshape(graph, wide, [2, 3, window, 3, window, width]), [0, 1, 3, 2, 4, 5]);
  const tokens = reshape(graph, parted, [18, window * window, width]);
  const table = weight(parts, "positions", [7, width]);
  const places = graph.integers(Array.from({ length: 16 }, (_, at) => (at * 3) % 7));
  const placed = add(graph, tokens, gather(graph, table, { indices: places, axis: 0 }));
  const attention = softmax(graph, matMul(graph, placed, transpose(graph, placed, [0, 2, 1])));
  const mixed = geluByTanh(graph, matMul(graph, attention, placed));
  const joined = transpose(graph, reshape(graph, mixed, [2, 3, 3, window, window, width]), [0, 1, 3, 2, 4, 5]);
  const whole = reshape(graph, joined, [2, 12, 12, width]);
  const cut = slice(graph, slice(graph, whole, { axis: 1, start: 0, end: side }), { axis: 2, start: 0, end: side });
  const norm = { weight: weight(parts, "norm.weight", [width]), bias: weight(parts, "norm.bias", [width]) };
  graph.output("map", layerNormalization(graph, cut, { ...norm, epsilon: 1e-6 }));
  graph.output("mean", mean(graph, mean(graph, cut, 1), 1));
  return graph.toModel("windows");
}

/** Resizing up and down, mirrored padding, a transposed convolution, a norm over channels that lie first. */
function pyramid(weights: MakeWeight): OnnxModel {
  const graph = createGraphBuilder();
  const parts: Parts = { graph, weights };
  const x = graph.input("x", [2, 3, 16, 16]);
  const mirrored = pad(graph, x, {
    ...{ mode: "reflect", value: 0 },
    pads: [2, 3].map((axis) => ({ axis, before: 2, after: 2 })),
  });
  const coarse = gelu(graph, conv(parts, mirrored, { name: "coarse", to: 8, kernel: 3, stride: 2 }));
  const up = transposedConvolution(graph, coarse, {
    weight: weight(parts, "up", [8, 8, 2, 2]),
    steps: [{ stride: 2 }],
  });
  const last = transpose(graph, up, [0, 2, 3, 1]);
  const norm = { weight: weight(parts, "norm.weight", [8]), bias: weight(parts, "norm.bias", [8]) };
  const normed = transpose(graph, layerNormalization(graph, last, { ...norm, epsilon: 1e-6 }), [0, 3, 1, 2]);
  graph.output("larger", resizeTo(graph, normed, [27, 30], "linear"));
  graph.output("nearest", resizeTo(graph, normed, [40, 40], "nearest"));
  return graph.toModel("pyramid");
}

interface Conv {
  readonly name: string;
  readonly to: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
}

function conv(parts: Parts, x: GraphTensor, { name, to, kernel, stride = 1, groups = 1 }: Conv): GraphTensor {
  const channels = Number(x.shape[1]) / groups;
  const side = (kernel - 1) / 2;
  return convolution(parts.graph, x, {
    weight: weight(parts, `${name}.weight`, [to, channels, kernel, kernel]),
    bias: weight(parts, `${name}.bias`, [to]),
    steps: [{ stride, before: side, after: side }],
    groups,
  });
}

function normed(parts: Parts, x: GraphTensor, name: string): GraphTensor {
  const channels = Number(x.shape[1]);
  const variance = parts.weights(`${name}.variance`, [1, channels]).map((value) => 1 + 0.1 * value);
  return frozenBatchNormalization(parts.graph, x, {
    scale: weight(parts, `${name}.weight`, [channels]),
    bias: weight(parts, `${name}.bias`, [channels]),
    mean: weight(parts, `${name}.mean.bias`, [channels]),
    variance: parts.graph.weight(`${name}.variance`, variance, [channels]),
    epsilon: 1e-5,
  });
}

type ResizeMode = Parameters<typeof resize>[2]["mode"];

function resizeTo(graph: GraphScope, x: GraphTensor, space: readonly number[], mode: ResizeMode): GraphTensor {
  return resize(graph, x, { sizes: [2, 8, ...space], mode, coordinates: "half_pixel" });
}

function linearWeights(parts: Parts, name: string, [outputs, inputs]: readonly [number, number]) {
  return { weight: weight(parts, `${name}.weight`, [outputs, inputs]), bias: weight(parts, `${name}.bias`, [outputs]) };
}

/** A graph that is being built, and where its weights come from. */
interface Parts {
  readonly graph: GraphScope;
  readonly weights: MakeWeight;
}

function weight({ graph, weights }: Parts, name: string, shape: readonly number[]): GraphTensor {
  return graph.weight(name, weights(name, shape), shape);
}
