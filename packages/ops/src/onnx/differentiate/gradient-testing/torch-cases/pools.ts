import type { WindowStep } from "../../../operators/convolution.ts";
import { averagePool, globalAveragePool, maxPool } from "../../../operators/pooling.ts";
import type { Build } from "../gradient-graph.ts";
import { alone, type TorchCases } from "./build.ts";

const plain: WindowStep = { stride: 1, dilation: 1, before: 0, after: 0 };

export const poolCases: TorchCases = {
  MaxPool: {
    "2D, ties and padding": max([3, 3], [padded(2), padded(2)]),
    "2D, dilation": max([2, 2], [{ ...plain, stride: 2, dilation: 2 }, plain]),
    "2D, beyond the end": alone((graph, x) => {
      const steps = [
        { ...plain, stride: 2 },
        { ...plain, stride: 2 },
      ];
      return maxPool(graph, x, { kernel: [3, 3], steps, isCeil: true });
    }),
    "1D, ties in windows that overlap": max([3], [padded(1)]),
    "2D, places counted by columns": alone((graph, x) => {
      const window = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
      const attributes = { ...window, storage_order: { int: 1 } };
      return graph.node({ operator: "MaxPool", inputs: [x], attributes, shape: [1, 2, 2, 3] });
    }),
    "3D, ties": max([2, 2, 2], [plain, plain, plain]),
  },
  AveragePool: {
    "2D, padding counts": average({ isCeil: false, countsPadding: true }),
    "2D, padding does not count": average({ isCeil: false, countsPadding: false }),
    "2D, beyond the end, padding counts": average({ isCeil: true, countsPadding: true }),
    "2D, beyond the end, padding does not count": average({ isCeil: true, countsPadding: false }),
    "1D": alone((graph, x) => averagePool(graph, x, { kernel: [3], steps: [{ ...plain, stride: 2 }] })),
    "3D": alone((graph, x) => {
      return averagePool(graph, x, { kernel: [2, 2, 2], steps: [{ ...plain, stride: 2 }, plain, plain] });
    }),
  },
  GlobalAveragePool: { "1D": alone(globalAveragePool), "2D": alone(globalAveragePool), "3D": alone(globalAveragePool) },
};

function padded(stride: number): WindowStep {
  return { stride, dilation: 1, before: 1, after: 1 };
}

function max(kernel: readonly number[], steps: readonly WindowStep[]): Build {
  return alone((graph, x) => maxPool(graph, x, { kernel, steps }));
}

function average(options: { readonly isCeil: boolean; readonly countsPadding: boolean }): Build {
  const [kernel, steps] = options.isCeil
    ? [
        [3, 3],
        [padded(2), padded(2)],
      ]
    : [
        [3, 2],
        [padded(2), padded(1)],
      ];
  return alone((graph, x) => averagePool(graph, x, { kernel, steps, ...options }));
}
