import { largest, mean, smallest, sum, sumKeepingAxes } from "../../../operators/reductions.ts";
import { onAxis, type Drawing } from "../drawing.ts";

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
};
