import { floatAttribute, integerAttribute } from "../../attributes.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { absolute, add, divide, multiply, reciprocal, squareRoot, subtract } from "../../operators/arithmetic.ts";
import { equal, where } from "../../operators/choices.ts";
import { scalarLike } from "../../operators/filling.ts";
import { reshape } from "../../operators/layout.ts";
import {
  batchNormalization,
  frozenBatchNormalization,
  instanceNormalization,
  layerNormalization,
  movedTowards,
} from "../../operators/normalisation.ts";
import { meanKeepingAxes, sumKeepingAxes } from "../../operators/reductions.ts";
import { elementCount, fixedSizeAt } from "../../shapes.ts";
import { axisAt, inputAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

export const normalisationImporters: readonly NamedImporter[] = [
  ["LayerNormalization", importLayerNormalization],
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

/** Over the last axes; without a bias where there is none. Mean and inverse deviation are worked out apart, where they are named. */
function importLayerNormalization(call: ImportCall): readonly GraphTensor[] {
  const { graph } = call;
  const [x, weight, epsilon] = [inputAt(call, 0), inputAt(call, 1), epsilonOf(call)];
  const axis = axisAt(call, x, -1);
  const zeros = (): GraphTensor => {
    const shape = weight.shape.map(Number);
    const count = shape.reduce((product, size) => product * size, 1);
    return graph.constant(Array<number>(count).fill(0), { type: x.type, shape });
  };
  const y = layerNormalization(graph, x, { weight, bias: call.inputs[2] ?? zeros(), epsilon, axis });
  if (call.results === 1) return [y];
  const axes = axesFrom(x, axis);
  const mean = meanKeepingAxes(graph, x, axes);
  return [y, mean, reciprocal(graph, lengthOf(graph, subtract(graph, x, mean), { axes, epsilon }))];
}

function axesFrom({ shape }: GraphTensor, first: number): readonly number[] {
  return shape.flatMap((_, axis) => (axis >= first ? [axis] : []));
}

/** √(mean x² + ε) */
function lengthOf(
  graph: GraphScope,
  x: GraphTensor,
  { axes, epsilon }: { readonly axes: readonly number[]; readonly epsilon: number },
): GraphTensor {
  const square = meanKeepingAxes(graph, multiply(graph, x, x), axes);
  return squareRoot(graph, add(graph, square, scalarLike(graph, x, epsilon)));
}

/**
 * Groups of channels as channels of their own: ONNX has withdrawn the operator of its sets 18 to 20, and onnxruntime works the newer
 * one out in a dozen passes. From operator set 21 on scale and bias are per channel, before it per group.
 */
function importGroupNormalization(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, opset } = call;
  const [scale, bias, epsilon] = [inputAt(call, 1), inputAt(call, 2), epsilonOf(call)];
  const groups = integerAttribute(call, "num_groups", 1);
  const [batch, channels] = [fixedSizeAt(x.shape, 0), fixedSizeAt(x.shape, 1)];
  const rest = Number(elementCount(x.shape)) / (batch * groups);
  const [ones, zeros] = [1, 0].map((value) =>
    graph.constant(Array<number>(groups).fill(value), { type: x.type, shape: [groups] }),
  );
  const weights = opset < 21 ? { scale, bias } : { scale: ones!, bias: zeros! };
  const apart = reshape(graph, x, [batch, groups, rest]);
  const normalised = reshape(graph, instanceNormalization(graph, apart, { ...weights, epsilon }), x.shape);
  if (opset < 21) return normalised;
  const perChannel = [channels, ...x.shape.slice(2).map(() => 1)];
  return add(graph, multiply(graph, normalised, reshape(graph, scale, perChannel)), reshape(graph, bias, perChannel));
}

function importBatchNormalization(call: ImportCall): readonly GraphTensor[] {
  const { graph, opset, results } = call;
  if (opset < 9 && integerAttribute(call, "spatial", 1) === 0) throw new Error("it normalises each place by itself");
  const x = inputAt(call, 0);
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((place) => inputAt(call, place));
  const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance!, epsilon: epsilonOf(call) };
  // Before operator set 14, training was told by further results.
  const isTraining = opset >= 14 ? integerAttribute(call, "training_mode", 0) === 1 : results > 1;
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
  const length = lengthOf(graph, x, { axes: axesFrom(x, axisAt(call, x, -1)), epsilon: epsilonOf(call) });
  return multiply(graph, divide(graph, x, length), inputAt(call, 1));
}

/** What is zero everywhere stays so. */
function importLpNormalization(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const axes = [axisAt(call, x, -1)];
  const length =
    integerAttribute(call, "p", 2) === 1
      ? sumKeepingAxes(graph, absolute(graph, x), axes)
      : squareRoot(graph, sumKeepingAxes(graph, multiply(graph, x, x), axes));
  const [zero, one] = [0, 1].map((value) => scalarLike(graph, x, value));
  return divide(graph, x, where(graph, equal(graph, length, zero!), { then: one!, otherwise: length }));
}
