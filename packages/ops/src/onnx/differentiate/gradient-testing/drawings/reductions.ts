import {
  cumulativeSum,
  largest,
  mean,
  productKeepingAxes,
  smallest,
  sum,
  sumKeepingAxes,
  sumOfSquares,
} from "../../../operators/reductions.ts";
import { onAxis, unary, type Drawing } from "../drawing.ts";

export const reductionDrawings: Readonly<Record<string, Drawing>> = {
  ReduceSum: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axes = shape.flatMap((_, axis) => (random.integer(0, 1) === 0 ? [axis] : []));
    const reduce = random.integer(0, 1) === 0 ? sum : sumKeepingAxes;
    return { shapes: [shape], build: (graph, [x]) => reduce(graph, x!, axes.length === 0 ? [0] : axes) };
  },
  ReduceMean: onAxis(mean),
  ReduceMax: onAxis(largest),
  ReduceMin: onAxis(smallest),
  ReduceSumSquare: unary(sumOfSquares),
  ReduceProd: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axes = shape.flatMap((_, axis) => (random.integer(0, 1) === 0 ? [axis] : []));
    return { shapes: [shape], build: (graph, [x]) => productKeepingAxes(graph, x!, axes.length === 0 ? [0] : axes) };
  },
  CumSum: onAxis((graph, x, axis, { integer }) => {
    return cumulativeSum(graph, x, { axis, isExclusive: integer(0, 1) === 1, isBackwards: integer(0, 1) === 1 });
  }),
};
