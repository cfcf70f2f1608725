import { add, divide, multiply, negate, subtract } from "../../../operators/arithmetic.ts";
import { greater, where } from "../../../operators/choices.ts";
import {
  frozenBatchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
} from "../../../operators/normalisation.ts";
import { cumulativeSum, mean, meanKeepingAxes, sum, sumKeepingAxes } from "../../../operators/reductions.ts";
import type { GraphScope, GraphTensor } from "../../../graph-builder.ts";
import type { Build } from "../gradient-graph.ts";
import { inAll, type LinearCases } from "./linear.ts";

const image = [2, 16, 20, 18];
const tokens = [2, 50, 48];
const epsilon = 2 ** -10;

export const elementwiseCases: LinearCases = {
  Add: { "a bias": inAll([tokens, [48]], (graph, [a, b]) => add(graph, a!, b!)) },
  Sub: { "of each channel": inAll([image, [16, 1, 1]], (graph, [a, b]) => subtract(graph, a!, b!)) },
  Neg: { plain: inAll([tokens], (graph, [x]) => negate(graph, x!)) },
  Mul: {
    "in the first": { shapes: [[16, 1, 1], image], build: multiplied, isFixed: [false, true] },
    "in the second": { shapes: [image, [20, 1]], build: multiplied, isFixed: [true, false] },
  },
  Div: {
    "in the first": {
      shapes: [tokens, [50, 1]],
      // Away from 0.
      build: (graph, [a, b]) => divide(graph, a!, add(graph, multiply(graph, b!, b!), graph.scalar(0.5))),
      isFixed: [false, true],
    },
  },
  Where: {
    "in both": {
      shapes: [[50, 1], tokens, [48]],
      build: (graph, [mask, then, otherwise]) =>
        where(graph, greater(graph, mask!, graph.scalar(0)), { then: then!, otherwise: otherwise! }),
      isFixed: [true, false, false],
    },
  },
  ReduceSum: {
    "one axis": inAll([tokens], (graph, [x]) => sum(graph, x!, [1])),
    "space, kept": inAll([image], (graph, [x]) => sumKeepingAxes(graph, x!, [2, 3])),
  },
  ReduceMean: {
    "one axis": inAll([tokens], (graph, [x]) => mean(graph, x!, 1)),
    "batch and space, kept": inAll([image], (graph, [x]) => meanKeepingAxes(graph, x!, [0, 2, 3])),
  },
  CumSum: {
    "down, before each": inAll([tokens], (graph, [x]) => cumulativeSum(graph, x!, { axis: 1, isExclusive: true })),
    backwards: inAll([image], (graph, [x]) => cumulativeSum(graph, x!, { axis: 3, isBackwards: true })),
  },
  BatchNormalization: {
    "frozen, in x": {
      shapes: [image, [16]],
      build: (graph, [x, scale]) => frozen(graph, x!, { scale: scale!, bias: filled(graph, 0), mean: 0 }),
      isFixed: [false, true],
    },
    "frozen, in scale and bias": {
      shapes: [image, [16], [16]],
      build: (graph, [x, scale, bias]) => frozen(graph, x!, { scale: scale!, bias: bias!, mean: 0.25 }),
      isFixed: [true, false, false],
    },
  },
  LayerNormalization: {
    "in weight and bias": ofWeights([tokens, [48], [48]], (graph, [x, weight, bias]) =>
      layerNormalization(graph, x!, { weight: weight!, bias: bias!, epsilon }),
    ),
  },
  InstanceNormalization: {
    "in scale and bias": ofWeights([image, [16], [16]], (graph, [x, scale, bias]) =>
      instanceNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon }),
    ),
  },
  GroupNormalization: {
    "in scale and bias": ofWeights([image, [4], [4]], (graph, [x, scale, bias]) =>
      groupNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon, groups: 4 }),
    ),
  },
};

function multiplied(...[graph, [a, b]]: Parameters<Build>): ReturnType<Build> {
  return multiply(graph, a!, b!);
}

function ofWeights(shapes: readonly (readonly number[])[], build: Build) {
  return { shapes, build, isFixed: [true, false, false] };
}

interface Frozen {
  readonly scale: GraphTensor;
  readonly bias: GraphTensor;
  readonly mean: number;
}

function frozen(graph: GraphScope, x: GraphTensor, { scale, bias, mean }: Frozen): GraphTensor {
  const moments = { mean: filled(graph, mean), variance: filled(graph, 1.5) };
  return frozenBatchNormalization(graph, x, { scale, bias, ...moments, epsilon });
}

/** One value for each of 16 channels. */
function filled(graph: GraphScope, value: number): GraphTensor {
  return graph.floats(Array.from({ length: 16 }, () => value));
}
