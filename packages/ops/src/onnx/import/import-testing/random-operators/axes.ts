import { logSoftmax, softmax } from "../../../operators/activations.ts";
import { negate } from "../../../operators/arithmetic.ts";
import { gather, gatherElements, scatterAdd } from "../../../operators/indexing.ts";
import {
  concatenate,
  flatten,
  padWithZeros,
  pick,
  slice,
  sliceEvery,
  split,
  unsqueeze,
} from "../../../operators/layout.ts";
import { pad } from "../../../operators/padding.ts";
import {
  largest,
  largestKeepingAxes,
  mean,
  meanKeepingAxes,
  smallest,
  smallestKeepingAxes,
  sum,
  sumKeepingAxes,
} from "../../../operators/reductions.ts";
import { sliceAxes } from "../../../operators/slicing.ts";
import { alongAxis, type AxisOperator, type RandomOperator } from "../random-operator.ts";

const operators: readonly AxisOperator[] = [
  (graph, x, { axis }) => [softmax(graph, x, axis)],
  (graph, x, { axis }) => [logSoftmax(graph, x, axis)],
  (graph, x, { axis }) => [mean(graph, x, axis), sum(graph, x, [axis])],
  (graph, x, { axis }) => [meanKeepingAxes(graph, x, [axis]), sumKeepingAxes(graph, x, [axis])],
  (graph, x, { axis }) => [largest(graph, x, axis), smallest(graph, x, axis)],
  (graph, x) => {
    const all = x.shape.map((_, axis) => axis);
    return [largestKeepingAxes(graph, x, all), smallestKeepingAxes(graph, x, all)];
  },
  (graph, x, { axis, size, below }) => [pick(graph, x, { axis, index: below(size) })],
  (graph, x, { axis, size, below }) => {
    const start = below(size);
    return [slice(graph, x, { axis, start, end: start + 1 + below(size - start) })];
  },
  (graph, x, { axis, size }) => [sliceEvery(graph, x, { axis, start: 0, count: Math.ceil(size / 2), step: 2 })],
  (graph, x, { axis, below, of }) => {
    const [start, end, step] = [below(9) - 4, below(9) - 4, of([1, 2, -1, -2])];
    return [sliceAxes(graph, x, [{ axis, start, end, step }])];
  },
  (graph, x, { axis }) => [concatenate(graph, [x, negate(graph, x)], axis)],
  (graph, x, { axis, below }) => [padWithZeros(graph, x, { axis, before: below(3), after: below(3) })],
  (graph, x, { axis, size, below, of }) => {
    const pads = [{ axis, before: below(2), after: below(2) - (size > 1 ? below(2) : 0) }];
    return [pad(graph, x, { pads, mode: of(["constant", "edge"]), value: of([0, 1.5]) })];
  },
  (graph, x, { axis, size, below }) => {
    const first = 1 + below(size);
    return split(graph, x, { axis, lengths: first < size ? [first, size - first] : [size] });
  },
  (graph, x, { axis, size, below }) => {
    return [gather(graph, x, { indices: graph.integers([0, 1, 2].map(() => below(size))), axis })];
  },
  (graph, x, { axis, size, below }) => {
    const shape = x.shape.map(Number);
    const count = shape.reduce((product, each) => product * each, 1);
    const indices = graph.constant(Array<number>(count).fill(below(size)), { type: "int64", shape });
    return [gatherElements(graph, x, { indices, axis }), scatterAdd(graph, x, { indices, updates: x, axis })];
  },
  (graph, x, { axis }) => [unsqueeze(graph, x, [axis, axis + 1])],
  (graph, x, { axis }) => [flatten(graph, x, axis)],
];

export const axisOperators: readonly RandomOperator[] = operators.map(alongAxis);
