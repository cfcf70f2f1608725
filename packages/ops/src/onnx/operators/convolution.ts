import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt, fixedSizeAt, formatShape, sameDimension } from "../shapes.ts";

export interface ConvolutionOptions {
  /** [out channels, in channels, kernel height, kernel width] */
  readonly weight: GraphTensor;
  readonly bias: GraphTensor;
  readonly stride: number;
}

/** A 2-D convolution without padding, [B, C, H, W] -> [B, out, H', W']. */
export function convolution(graph: GraphScope, x: GraphTensor, options: ConvolutionOptions): GraphTensor {
  const { weight, bias, stride } = options;
  if (!sameDimension(dimensionAt(x.shape, 1), dimensionAt(weight.shape, 1))) {
    throw new Error(`A convolution of ${formatShape(weight.shape)} does not take ${formatShape(x.shape)}.`);
  }
  const sides = [2, 3].map((axis) =>
    Math.floor((fixedSizeAt(x.shape, axis) - fixedSizeAt(weight.shape, axis)) / stride + 1),
  );
  return graph.node({
    operator: "Conv",
    inputs: [x, weight, bias],
    attributes: { strides: { ints: [stride, stride] } },
    shape: [dimensionAt(x.shape, 0), dimensionAt(weight.shape, 0), ...sides],
  });
}
