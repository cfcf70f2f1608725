import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { flatten } from "../../onnx/operators/layout.ts";
import { averagePool, globalAveragePool, maxPool, type PoolOptions } from "../../onnx/operators/pooling.ts";

/** A square window, in pixels. */
export interface SquareWindow {
  readonly kernel: number;
  readonly stride: number;
  /** Places on each of the four sides that never are the largest. */
  readonly padding?: number;
}

/** torch's MaxPool2d, which leaves a window out that does not fit whole: [B, C, h, w] -> [B, C, h', w'] */
export function squareMaxPool(graph: GraphScope, x: GraphTensor, window: SquareWindow): GraphTensor {
  return maxPool(graph, x, poolOptionsOf(window));
}

/** torch's AvgPool2d without padding, which leaves a window out that does not fit whole: [B, C, h, w] -> [B, C, h', w'] */
export function squareAveragePool(
  graph: GraphScope,
  x: GraphTensor,
  window: Omit<SquareWindow, "padding">,
): GraphTensor {
  return averagePool(graph, x, poolOptionsOf(window));
}

/** The mean over all of space: [B, C, h, w] -> [B, C] */
export function spatialMean(graph: GraphScope, x: GraphTensor): GraphTensor {
  return flatten(graph, globalAveragePool(graph, x), 1);
}

function poolOptionsOf({ kernel, stride, padding = 0 }: SquareWindow): PoolOptions {
  const step = { stride, dilation: 1, before: padding, after: padding };
  return { kernel: [kernel, kernel], steps: [step, step] };
}
