import {
  cumulativeSum,
  largest,
  mean,
  meanKeepingAxes,
  productKeepingAxes,
  smallest,
  sum,
  sumKeepingAxes,
  sumOfSquares,
} from "../../../operators/reductions.ts";
import type { Build } from "../gradient-graph.ts";
import { alone, plainOnLists, type TorchCases } from "./build.ts";

export const reductionCases: TorchCases = {
  ReduceSum: {
    "one axis, dropped": alone((graph, x) => sum(graph, x, [1])),
    "two axes, kept": alone((graph, x) => sumKeepingAxes(graph, x, [0, 2])),
    "all of them": reduceAll("ReduceSum"),
  },
  ReduceMean: {
    "one axis, dropped": alone((graph, x) => mean(graph, x, 1)),
    "two axes, kept": alone((graph, x) => meanKeepingAxes(graph, x, [0, 2])),
    "all of them": reduceAll("ReduceMean"),
  },
  ReduceSumSquare: {
    "one axis, dropped": plainOnLists({
      operator: "ReduceSumSquare",
      lists: [[1]],
      shape: [2, 2],
      attributes: { keepdims: { int: 0 } },
    }),
    "all of them": alone(sumOfSquares),
  },
  ReduceProd: {
    "one axis, kept": alone((graph, x) => productKeepingAxes(graph, x, [1])),
    "two axes, dropped": plainOnLists({
      operator: "ReduceProd",
      lists: [[0, -1]],
      shape: [3],
      attributes: { keepdims: { int: 0 } },
    }),
    zeros: alone((graph, x) => productKeepingAxes(graph, x, [1])),
    "all of them": reduceAll("ReduceProd"),
  },
  CumSum: {
    down: alone((graph, x) => cumulativeSum(graph, x, { axis: 0 })),
    "without itself": alone((graph, x) => cumulativeSum(graph, x, { axis: 1, isExclusive: true })),
    "backwards, from the end": alone((graph, x) => {
      const inputs = [x, graph.integers(-2)];
      return graph.node({ operator: "CumSum", inputs, attributes: { reverse: { int: 1 } }, shape: x.shape });
    }),
  },
  ReduceMax: {
    drawn: alone((graph, x) => largest(graph, x, 1)),
    ties: alone((graph, x) => largest(graph, x, 0)),
    "ties over two axes, dropped": reduceOuter("ReduceMax"),
    "all equal": reduceAll("ReduceMax"),
  },
  ReduceMin: {
    drawn: alone((graph, x) => smallest(graph, x, 1)),
    ties: alone((graph, x) => smallest(graph, x, 0)),
    "ties over two axes, dropped": reduceOuter("ReduceMin"),
    "all equal": reduceAll("ReduceMin"),
  },
};

function reduceAll(operator: string): Build {
  return plainOnLists({ operator, lists: [], shape: [], attributes: { keepdims: { int: 0 } } });
}

/** Over the first and the last of three axes; the other has two entries. */
function reduceOuter(operator: string): Build {
  return plainOnLists({ operator, lists: [[0, -1]], shape: [2], attributes: { keepdims: { int: 0 } } });
}
