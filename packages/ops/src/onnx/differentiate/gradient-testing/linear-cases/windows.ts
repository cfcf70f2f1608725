import {
  convolution,
  transposedConvolution,
  type TransposedConvolutionOptions,
} from "../../../operators/convolution.ts";
import { averagePool, globalAveragePool, type PoolOptions } from "../../../operators/pooling.ts";
import type { Build, GraphFunction } from "../gradient-graph.ts";
import { inAll, inEach, type LinearCases } from "./linear.ts";

type Options = Omit<TransposedConvolutionOptions, "weight" | "bias">;

const around = { before: 1, after: 1 };
const halving = { stride: 2, dilation: 1, before: 1, after: 1 };

export const windowCases: LinearCases = {
  Conv: inEach(
    {
      "two groups, stride 2": [[[2, 16, 20, 20], [24, 8, 3, 3], [24]], conv({ steps: [halving], groups: 2 })],
      "by depth": [[[2, 24, 17, 13], [24, 1, 5, 5], [24]], conv({ steps: [{ before: 2, after: 2 }], groups: 24 })],
      "by depth, 3x3": [[[2, 24, 17, 13], [24, 1, 3, 3], [24]], conv({ steps: [around], groups: 24 })],
      "by depth, stride 2": [[[2, 24, 17, 13], [24, 1, 3, 3], [24]], conv({ steps: [halving], groups: 24 })],
      "by depth, stride 2, dilation 3": [
        [[2, 24, 17, 13], [24, 1, 3, 3], [24]],
        conv({ steps: [{ stride: 2, dilation: 3, before: 2, after: 4 }], groups: 24 }),
      ],
      "by depth, doubled": [[[2, 12, 17, 13], [24, 1, 3, 3], [24]], conv({ steps: [around], groups: 12 })],
      "many channels": [[[2, 32, 9, 8], [24, 32, 3, 3], [24]], conv({ steps: [around] })],
      "a kernel of more channels than places": [[[1, 16, 3, 3], [24, 16, 3, 3], [24]], conv({ steps: [around] })],
      "single taps": [[[2, 32, 9, 8], [24, 32, 1, 1], [24]], conv({})],
      "single taps, few places": [[[2, 32, 4, 3], [24, 32, 1, 1], [24]], conv({})],
      "single taps, padded": [[[2, 32, 9, 8], [24, 32, 1, 1], [24]], conv({ steps: [{ before: 1 }] })],
      "a first convolution": [
        [[2, 3, 33, 32], [16, 3, 7, 7], [16]],
        conv({ steps: [{ stride: 2, before: 3, after: 3 }] }),
      ],
      "dilation 2, unequal padding": [
        [[1, 8, 20, 20], [12, 8, 3, 3], [12]],
        conv({ steps: [{ dilation: 2, before: 2, after: 1 }, { dilation: 2 }] }),
      ],
      "places left over": [[[2, 6, 19, 20], [8, 6, 4, 2], [8]], conv({ steps: [{ stride: 3 }, { stride: 3 }] })],
      "patches, places left over": [[[2, 3, 37, 35], [48, 3, 8, 8], [48]], conv({ steps: [{ stride: 8 }] })],
      patches: [[[2, 3, 32, 32], [48, 3, 8, 8], [48]], conv({ steps: [{ stride: 8 }] })],
      "1D": [[[2, 16, 50], [24, 16, 5], [24]], conv({ steps: [{ stride: 2, before: 2, after: 2 }] })],
      "3D": [[[1, 4, 8, 9, 7], [6, 4, 3, 3, 3], [6]], conv({ steps: [around] })],
    },
    ["x", "weight and bias"],
  ),
  ConvTranspose: inEach(
    {
      "two groups, stride 2, output padding": [
        [[2, 16, 10, 10], [16, 12, 3, 3], [24]],
        convTranspose({ steps: [halving], groups: 2, extra: [1, 1] }),
      ],
      doubling: [[[2, 24, 12, 9], [24, 12, 2, 2], [12]], convTranspose({ steps: [{ stride: 2 }] })],
      "dilation 2": [
        [[2, 8, 10, 11], [8, 6, 3, 3], [6]],
        convTranspose({ steps: [{ dilation: 2, ...around }, { dilation: 2 }] }),
      ],
      "3D": [[[1, 6, 4, 5, 4], [6, 4, 2, 2, 2], [4]], convTranspose({ steps: [{ stride: 2 }] })],
    },
    ["x", "weight and bias"],
  ),
  AveragePool: {
    "padding counts": pooled({ kernel: [3, 3], steps: [halving, halving], countsPadding: true }),
    "padding does not count": pooled({ kernel: [3, 3], steps: [halving, halving] }),
    "beyond the end": pooled({ kernel: [3, 2], steps: [halving, halving], isCeil: true }),
    "beyond the end, padding counts": pooled({
      kernel: [3, 2],
      steps: [halving, halving],
      isCeil: true,
      countsPadding: true,
    }),
  },
  GlobalAveragePool: { "2D": inAll([[2, 24, 20, 17]], (graph, [x]) => globalAveragePool(graph, x!)) },
};

function conv(options: Options): Build {
  return (graph, [x, weight, bias]) => convolution(graph, x!, { weight: weight!, bias: bias ?? null, ...options });
}

function convTranspose(options: Options): Build {
  return (graph, [x, weight, bias]) =>
    transposedConvolution(graph, x!, { weight: weight!, bias: bias ?? null, ...options });
}

function pooled(options: PoolOptions & { readonly countsPadding?: boolean }): GraphFunction {
  return inAll([[2, 16, 20, 17]], (graph, [x]) => averagePool(graph, x!, options));
}
