import type { GraphTensor } from "../../../graph-builder.ts";
import { convolution, transposedConvolution } from "../../../operators/convolution.ts";
import { einsum } from "../../../operators/einsum.ts";
import { oneHot } from "../../../operators/indexing.ts";
import { expand, expandTo, reshape, squeeze, tile, transpose, unsqueeze } from "../../../operators/layout.ts";
import {
  batchNormalization,
  frozenBatchNormalization,
  instanceNormalization,
  layerNormalization,
} from "../../../operators/normalisation.ts";
import { averagePool, globalAveragePool, maxPool } from "../../../operators/pooling.ts";
import { linear, matMul, product } from "../../../operators/products.ts";
import { resize } from "../../../operators/resizing.ts";
import { canBroadcast, countOf, ofRank, sizeAt, type Draw, type RandomOperator } from "../random-operator.ts";

/** Other shapes for the same values. */
export const layoutOperators: readonly RandomOperator[] = [
  (graph, x) => {
    const single = x.shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
    return single.length === 0 ? [] : [squeeze(graph, x, single)];
  },
  (graph, x) => [transpose(graph, x, x.shape.map((_, axis) => axis).reverse())],
  (graph, x, { of }) => [reshape(graph, x, of([[1, countOf(x)], [countOf(x)], [...x.shape, 1]]))],
  (graph, x) => (countOf(x) % 8 === 0 ? [reshape(graph, x, [1, 2, 2, countOf(x) / 4])] : []),
  (graph, x, { below }) => [
    tile(
      graph,
      x,
      x.shape.map(() => 1 + below(2)),
    ),
  ],
  (graph, x) => [expandTo(graph, x, [2, ...x.shape.map(Number)])],
  (graph, x, { tensor }) => {
    const other = tensor();
    return canBroadcast(x, other) ? [expand(graph, x, other)] : [];
  },
];

/** Products and normalisations over the last axis. */
export const rowOperators: readonly RandomOperator[] = [
  (graph, x, { weight }) => {
    if (x.shape.length === 0) return [];
    const rows = x.shape.length === 1 ? unsqueeze(graph, x, [0]) : x;
    return [matMul(graph, rows, weight(sizeAt(x, -1), 2))];
  },
  (graph, x, { weight }) => {
    if (x.shape.length === 0) return [];
    const [scale, bias] = [weight(sizeAt(x, -1)), weight(sizeAt(x, -1))];
    return [layerNormalization(graph, x, { weight: scale, bias, epsilon: 0.1 })];
  },
  ofRank(1, (graph, x, { below }) => {
    const list = Array.from({ length: sizeAt(x, 0) }, () => below(4));
    return [oneHot(graph, graph.integers(list), 3)];
  }),
  ofRank(2, (graph, x, { weight }) => [linear(graph, x, { weight: weight(2, sizeAt(x, 1)), bias: weight(2) })]),
  ofRank(2, (graph, x, { weight }) => [einsum(graph, "ij,kj->ki", [x, weight(3, sizeAt(x, 1))])]),
  ofRank(2, (graph, x, { weight }) => {
    const options = { transposeB: true, factor: 0.5, addend: weight(3), addendFactor: 2 };
    return [product(graph, [x, weight(3, sizeAt(x, 1))], options)];
  }),
];

const ofImages: readonly RandomOperator[] = [
  (graph, x, draw) => [instanceNormalization(graph, x, channelWeights(x, draw))],
  (graph, x, draw) => [batchNormalization(graph, x, channelWeights(x, draw)).normalised],
  (graph, x, draw) => {
    const shape = [sizeAt(x, 1)];
    const variance = graph.constant(Array<number>(shape[0]!).fill(0.7), { type: "float32", shape });
    const moments = { mean: draw.weight(...shape), variance };
    return [frozenBatchNormalization(graph, x, { ...channelWeights(x, draw), ...moments })];
  },
  (graph, x, { below, weight }) => {
    const step = { stride: 1 + below(2), dilation: 1 + below(2), before: 2, after: 1 };
    return [convolution(graph, x, { weight: weight(2, sizeAt(x, 1), 2, 2), bias: weight(2), steps: [step] })];
  },
  (graph, x, { below, weight }) => {
    const step = { stride: 1 + below(2), dilation: 1 + below(2), before: 0, after: 1 };
    const options = { weight: weight(sizeAt(x, 1), 2, 2, 2), steps: [step], extra: [0, step.stride - 1] };
    return [transposedConvolution(graph, x, options)];
  },
  (graph, x, { below, of }) => {
    const step = { stride: 1 + below(2), dilation: 1, before: 1, after: below(2) };
    const options = { kernel: [2, 2], steps: [step, step], isCeil: of([true, false]) };
    return [maxPool(graph, x, options), averagePool(graph, x, { ...options, countsPadding: of([true, false]) })];
  },
  (graph, x) => [globalAveragePool(graph, x)],
  (graph, x, { below, of }) => {
    const sizes = [sizeAt(x, 0), sizeAt(x, 1), 1 + below(5), 1 + below(5)];
    const mode = of(["nearest", "linear", "cubic"] as const);
    const coordinates = of(["half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel"] as const);
    return [resize(graph, x, { sizes, mode, coordinates })];
  },
];

/** Of images, [B, C, H, W]. */
export const imageOperators: readonly RandomOperator[] = ofImages.map((operator) => ofRank(4, operator));

function channelWeights(x: GraphTensor, { weight }: Draw) {
  return { scale: weight(sizeAt(x, 1)), bias: weight(sizeAt(x, 1)), epsilon: 0.1 };
}
