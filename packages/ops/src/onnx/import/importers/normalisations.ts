import { axisOf, floatAttribute, fromStart, integerAttribute } from "../../attributes.ts";
import { scalarLike } from "../../operators/filling.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { absolute, add, divide, multiply, squareRoot } from "../../operators/arithmetic.ts";
import { reshape } from "../../operators/layout.ts";
import {
  batchNormalization,
  frozenBatchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  movedTowards,
} from "../../operators/normalisation.ts";
import { meanKeepingAxes, sumKeepingAxes } from "../../operators/reductions.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { inputAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

export const normalisationImporters: readonly NamedImporter[] = [
  ["LayerNormalization", ofOne(importLayerNormalization)],
  [
    "InstanceNormalization",
    ofOne((call, x) => {
      const [scale, bias] = [inputAt(call, 1), inputAt(call, 2)];
      return instanceNormalization(call.graph, x, { scale, bias, epsilon: epsilonOf(call) });
    }),
  ],
  ["GroupNormalization", ofOne(importGroupNormalization)],
  ["BatchNormalization", importBatchNormalization],
  ["RMSNormalization", ofOne(importRootMeanSquare)],
  ["LpNormalization", ofOne(importLpNormalization)],
];

function epsilonOf(call: ImportCall): number {
  return floatAttribute(call, "epsilon", 1e-5);
}

/** Over the last axes; without a bias where there is none. */
function importLayerNormalization(call: ImportCall, x: GraphTensor): GraphTensor {
  if (call.results > 1) throw new Error("it gives its mean and deviation too");
  const { graph } = call;
  const weight = inputAt(call, 1);
  const axis = axisOf(call, x, -1);
  const zeros = (): GraphTensor => {
    const shape = weight.shape.map(Number);
    const count = shape.reduce((product, size) => product * size, 1);
    return graph.constant(Array<number>(count).fill(0), { type: x.type, shape });
  };
  return layerNormalization(graph, x, { weight, bias: call.inputs[2] ?? zeros(), epsilon: epsilonOf(call), axis });
}

/** From operator set 21 on scale and bias are per channel, before it per group. */
function importGroupNormalization(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, opset } = call;
  const [scale, bias, epsilon] = [inputAt(call, 1), inputAt(call, 2), epsilonOf(call)];
  const groups = integerAttribute(call, "num_groups", 1);
  if (opset < 21) return groupNormalization(graph, x, { scale, bias, epsilon, groups });
  const [ones, zeros] = [1, 0].map((value) =>
    graph.constant(Array<number>(groups).fill(value), { type: x.type, shape: [groups] }),
  );
  const normalised = groupNormalization(graph, x, { scale: ones!, bias: zeros!, epsilon, groups });
  const perChannel = [fixedSizeAt(x.shape, 1), ...x.shape.slice(2).map(() => 1)];
  return add(graph, multiply(graph, normalised, reshape(graph, scale, perChannel)), reshape(graph, bias, perChannel));
}

function importBatchNormalization(call: ImportCall): readonly GraphTensor[] {
  const { graph, results } = call;
  const x = inputAt(call, 0);
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((place) => inputAt(call, place));
  const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance!, epsilon: epsilonOf(call) };
  // Before operator set 14, training was told by further results.
  const isTraining = call.opset >= 14 ? integerAttribute(call, "training_mode", 0) === 1 : results > 1;
  if (!isTraining) return [frozenBatchNormalization(graph, x, weights)];
  const momentum = floatAttribute(call, "momentum", 0.9);
  const batch = batchNormalization(graph, x, weights);
  return [
    batch.normalised,
    movedTowards(graph, [mean!, batch.mean], momentum),
    movedTowards(graph, [variance!, batch.variance], momentum),
  ];
}

/** x / √(mean x² + ε) · scale over the last axes. */
function importRootMeanSquare(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const first = axisOf(call, x, -1);
  const axes = x.shape.flatMap((_, axis) => (axis >= first ? [axis] : []));
  const square = meanKeepingAxes(graph, multiply(graph, x, x), axes);
  const root = squareRoot(graph, add(graph, square, scalarLike(graph, x, epsilonOf(call))));
  return multiply(graph, divide(graph, x, root), inputAt(call, 1));
}

function importLpNormalization(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const axes = [fromStart(integerAttribute(call, "axis", -1), x.shape.length)];
  const length =
    integerAttribute(call, "p", 2) === 1
      ? sumKeepingAxes(graph, absolute(graph, x), axes)
      : squareRoot(graph, sumKeepingAxes(graph, multiply(graph, x, x), axes));
  return divide(graph, x, length);
}
