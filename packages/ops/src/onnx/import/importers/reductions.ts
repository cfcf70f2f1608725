import { fromStart, integerAttribute, integersAttribute } from "../../attributes.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { absolute, exponential, logarithm, multiply, squareRoot } from "../../operators/arithmetic.ts";
import { reshape } from "../../operators/layout.ts";
import {
  largestKeepingAxes,
  meanKeepingAxes,
  smallestKeepingAxes,
  sumKeepingAxes,
} from "../../operators/reductions.ts";
import { integersAtOrNull, ofOne, type NamedImporter } from "../importer.ts";

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
  reducing("ReduceLogSumExp", (graph, x, axes) => logarithm(graph, sumKeepingAxes(graph, exponential(graph, x), axes))),
  reducing("ReduceProd", (graph, x, axes) => {
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return graph.node({ operator: "ReduceProd", inputs: [x, graph.integers(axes)], shape });
  }),
];

function reducing(operator: string, reduce: Reduce): NamedImporter {
  return [
    operator,
    ofOne((call, x) => {
      const named = integersAtOrNull(call, 1) ?? integersAttribute(call, "axes") ?? [];
      const leavesEmpty = integerAttribute(call, "noop_with_empty_axes", 0) === 1;
      if (named.length === 0 && leavesEmpty) return x;
      const all = x.shape.map((_, axis) => axis);
      const axes = named.length === 0 ? all : named.map((axis) => fromStart(axis, all.length));
      const reduced = axes.length === 0 ? x : reduce(call.graph, x, axes);
      if (integerAttribute(call, "keepdims", 1) === 1) return reduced;
      return reshape(
        call.graph,
        reduced,
        reduced.shape.filter((_, axis) => !axes.includes(axis)),
      );
    }),
  ];
}
