import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { fixedSizeAt } from "../shapes.ts";

/** Entries along one axis (from 0) as ONNX and NumPy name them: bounds may count from the end and lie outside, steps may be negative. */
export interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The entries `start`, `start + step`, ... before `end` along each of some axes. */
export function sliceAxes(graph: GraphScope, x: GraphTensor, slices: readonly AxisSlice[]): GraphTensor {
  const cuts = slices.map((each) => withinAxis(each, fixedSizeAt(x.shape, each.axis)));
  const needed = cuts.filter(({ axis, count, step }) => step !== 1 || count !== x.shape[axis]);
  if (needed.length === 0) return x;
  const shape = x.shape.map((size, axis) => needed.find((each) => each.axis === axis)?.count ?? size);
  const bounds = [
    needed.map(({ start }) => start),
    needed.map(({ start, count, step }) => endOf(start + count * step)),
    needed.map(({ axis }) => axis),
    needed.map(({ step }) => step),
  ].map((values) => graph.integers(values));
  return graph.node({ operator: "Slice", inputs: [x, ...bounds], shape });
}

/** An end before the first entry has to lie further out than any count from the end. */
function endOf(end: number): number {
  return end < 0 ? -(2 ** 31) : end;
}

/** Source: ONNX's Slice, "clamping" of bounds. */
function withinAxis({ axis, start, end, step }: AxisSlice, size: number) {
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (bound: number): number => Math.min(most, Math.max(least, bound < 0 ? bound + size : bound));
  const [first, last] = [step > 0 ? clamp(start) : Math.max(0, clamp(start)), clamp(end)];
  return { axis, start: first, step, count: Math.max(0, Math.ceil((last - first) / step)) };
}
