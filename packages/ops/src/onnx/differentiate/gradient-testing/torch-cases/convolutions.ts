import {
  convolution,
  transposedConvolution,
  type ConvolutionOptions,
  type TransposedConvolutionOptions,
} from "../../../operators/convolution.ts";
import type { Build } from "../gradient-graph.ts";
import type { TorchCases } from "./build.ts";

export const convolutionCases: TorchCases = {
  Conv: {
    "1D, stride, padding, dilation and bias": conv({ steps: [{ stride: 2, dilation: 2, before: 2, after: 2 }] }),
    "2D, two groups, unequal axes": conv({
      steps: [{ stride: 2, before: 1, after: 1 }, {}],
      groups: 2,
    }),
    "2D, by depth": conv({ steps: [{ before: 1, after: 1 }], groups: 3 }),
    "2D, unequal padding, places left over": conv({
      steps: [
        { stride: 3, after: 2 },
        { stride: 2, before: 1 },
      ],
    }),
    "2D, padding around single places": conv({ steps: [{ before: 1, after: 1 }] }),
    "3D": conv({ steps: [{ before: 1, after: 1 }, { stride: 2, before: 1, after: 1 }, {}] }),
  },
  ConvTranspose: {
    "2D, stride, padding, output padding and bias": convTranspose({
      steps: [{ stride: 2, before: 1, after: 1 }],
      extra: [1, 1],
    }),
    "2D, two groups, dilation": convTranspose({
      steps: [{ dilation: 2, before: 1, after: 1 }, { dilation: 2 }],
      groups: 2,
    }),
    "1D, output padding alone reaches": convTranspose({ steps: [{ stride: 3 }], extra: [2] }),
    "3D": convTranspose({ steps: [{ stride: 2 }, {}, { stride: 2 }], extra: [1, 0, 1] }),
  },
};

function conv(options: Omit<ConvolutionOptions, "weight" | "bias">): Build {
  return (graph, [x, weight, bias]) => convolution(graph, x!, { weight: weight!, bias: bias ?? null, ...options });
}

function convTranspose(options: Omit<TransposedConvolutionOptions, "weight" | "bias">): Build {
  return (graph, [x, weight, bias]) =>
    transposedConvolution(graph, x!, { weight: weight!, bias: bias ?? null, ...options });
}
