import {
  batchNormalization,
  frozenBatchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
} from "../../../operators/normalisation.ts";
import type { Build } from "../gradient-graph.ts";
import { plain, type TorchCases } from "./build.ts";

const epsilon = 2 ** -10;

export const normalisationCases: TorchCases = {
  LayerNormalization: {
    "last axis": (graph, [x, weight, bias]) => layerNormalization(graph, x!, { weight: weight!, bias: bias!, epsilon }),
    "two axes, no bias": plain("LayerNormalization", { axis: { int: 1 }, epsilon: { float: epsilon } }),
  },
  InstanceNormalization: { "1D": instanceNorm, "2D": instanceNorm },
  GroupNormalization: { "1D": groupNorm, "2D": groupNorm },
  BatchNormalization: {
    "in training, rows": batchNorm,
    "in training, 2D": batchNorm,
    "frozen, rows": frozenBatchNorm,
    "frozen, 2D": frozenBatchNorm,
  },
};

function instanceNorm(...[graph, [x, scale, bias]]: Parameters<Build>): ReturnType<Build> {
  return instanceNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon });
}

function groupNorm(...[graph, [x, scale, bias]]: Parameters<Build>): ReturnType<Build> {
  return groupNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon, groups: 2 });
}

function batchNorm(...[graph, [x, scale, bias, mean, variance]]: Parameters<Build>): ReturnType<Build> {
  const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance!, epsilon };
  return batchNormalization(graph, x!, weights).normalised;
}

function frozenBatchNorm(...[graph, [x, scale, bias, mean, variance]]: Parameters<Build>): ReturnType<Build> {
  const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance!, epsilon };
  return frozenBatchNormalization(graph, x!, weights);
}
