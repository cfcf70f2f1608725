import { integerAttribute, integersAttribute } from "../../attributes.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { absolute, add, exponential, logarithm, multiply, squareRoot, subtract } from "../../operators/arithmetic.ts";
import { reshape } from "../../operators/layout.ts";
import {
  largestKeepingAxes,
  meanKeepingAxes,
  smallestKeepingAxes,
  sumKeepingAxes,
} from "../../operators/reductions.ts";
import { axesWithin, integersAtOrNull, ofOne, type NamedImporter } from "../importer.ts";

type Reduce = (graph: GraphScope, x: GraphTensor, axes: readonly number[]) => GraphTensor;

/** Over named axes, or all; axes became an input with operator set 13 (sum) or 18. */
export const reductionImporters: readonly NamedImporter[] = [
  reducing("ReduceSum", sumKeepingAxes),
  reducing("ReduceMean", meanKeepingAxes),
  reducing("ReduceMax", largestKeepingAxes),
  reducing("ReduceMin", smallestKeepingAxes),
  reducing("ReduceL1", (graph, x, axes) => sumKeepingAxes(graph, absolute(graph, x), axes)),
  reducing("ReduceL2", (graph, x, axes) => squareRoot(graph, sumKeepingAxes(graph, multiply(graph, x, x), axes))),
  reducing("ReduceSumSquare", (graph, x, axes) => sumKeepingAxes(graph, multiply(graph, x, x), axes)),
  reducing("ReduceLogSum", (graph, x, axes) => logarithm(graph, sumKeepingAxes(graph, x, axes))),
  reducing("ReduceLogSumExp", logOfSumOfPowers),
  reducing("ReduceProd", (graph, x, axes) => {
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return graph.node({ operator: "ReduceProd", inputs: [x, graph.integers(axes)], shape });
  }),
];

function reducing(operator: string, reduce: Reduce): NamedImporter {
  return [
    operator,
    ofOne((call, x) => {
      const { graph } = call;
      const named = integersAtOrNull(call, 1) ?? integersAttribute(call, "axes") ?? [];
      const leavesEmpty = integerAttribute(call, "noop_with_empty_axes", 0) === 1;
      const all = x.shape.map((_, axis) => axis);
      const axes = named.length === 0 ? (leavesEmpty ? [] : all) : axesWithin(named, x.shape);
      if (axes.length === 0) return ofEach(graph, x, reduce);
      const reduced = reduce(graph, x, axes);
      if (integerAttribute(call, "keepdims", 1) === 1) return reduced;
      return reshape(
        graph,
        reduced,
        reduced.shape.filter((_, axis) => !axes.includes(axis)),
      );
    }),
  ];
}

/** Over no axis, each value is reduced by itself: squares and logarithms are still taken. */
function ofEach(graph: GraphScope, x: GraphTensor, reduce: Reduce): GraphTensor {
  return reshape(graph, reduce(graph, reshape(graph, x, [1, ...x.shape]), [0]), x.shape);
}

/** From the largest on, whose power alone would soon be infinite. */
function logOfSumOfPowers(graph: GraphScope, x: GraphTensor, axes: readonly number[]): GraphTensor {
  const most = largestKeepingAxes(graph, x, axes);
  const powers = exponential(graph, subtract(graph, x, most));
  return add(graph, logarithm(graph, sumKeepingAxes(graph, powers, axes)), most);
}
