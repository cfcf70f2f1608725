import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { padWithZeros, reshape, slice, transpose } from "../../../onnx/operators/layout.ts";
import { dimensionAt } from "../../../onnx/shapes.ts";
import { timesOf } from "./transformer-scope.ts";

export interface WindowSizes {
  /** Side of the square of tokens. */
  readonly side: number;
  /** Side of a window. */
  readonly window: number;
}

/**
 * Carries `act` out on windows of tokens, each by itself: [B, side², W] is cut into [B · windows, window², W], zeros behind the last row
 * and column where the side is no multiple, and put together again.
 */
export function inWindows(
  graph: GraphScope,
  tokens: GraphTensor,
  { side, window }: WindowSizes,
  act: (windows: GraphTensor) => GraphTensor,
): GraphTensor {
  const [batch, width] = [dimensionAt(tokens.shape, 0), dimensionAt(tokens.shape, 2)];
  const count = Math.ceil(side / window);
  const padded = count * window;
  const after = padded - side;
  const grid = reshape(graph, tokens, [batch, side, side, width]);
  const filled = after === 0 ? grid : padEnds(grid);
  const apart = reshape(graph, filled, [batch, count, window, count, window, width]);
  const windows = reshape(graph, transpose(graph, apart, swap), [
    timesOf(batch, count * count),
    window * window,
    width,
  ]);
  const acted = reshape(graph, act(windows), [batch, count, count, window, window, width]);
  const joined = reshape(graph, transpose(graph, acted, swap), [batch, padded, padded, width]);
  return reshape(graph, after === 0 ? joined : cutEnds(joined), tokens.shape);

  function padEnds(x: GraphTensor): GraphTensor {
    return [1, 2].reduce((wider, axis) => padWithZeros(graph, wider, { axis, before: 0, after }), x);
  }

  function cutEnds(x: GraphTensor): GraphTensor {
    return [1, 2].reduce((cut, axis) => slice(graph, cut, { axis, start: 0, end: side }), x);
  }
}

/** Exchanges the row within a window and the column of windows; its own inverse. */
const swap = [0, 1, 3, 2, 4, 5] as const;
