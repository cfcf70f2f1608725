import { floatAttribute } from "../attributes.ts";
import { scalarLike } from "../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import type { NodeRewrite } from "../import/apply-model.ts";
import type { ImportCall } from "../import/importer.ts";
import { add, multiply, subtract } from "../operators/arithmetic.ts";
import { batchNormalization, frozenBatchNormalization } from "../operators/normalisation.ts";
import { elementCount } from "../shapes.ts";

/** How batch normalisations are trained: by moments that stay as they are, or by the batch's own, which the running ones follow. */
export type BatchNormMode = "frozen" | "batch";

/**
 * Batch normalisations in one mode, whatever the model file says.
 * @param keep told the running moments after the batch, by the names of their initialisers
 */
export function batchNormsAs(mode: BatchNormMode, keep: (name: string, moment: GraphTensor) => void): NodeRewrite {
  return (call, addNode) => {
    if (call.operator !== "BatchNormalization") return addNode();
    const { graph, inputs, inputNames } = call;
    const [x, scale, bias, mean, variance] = inputs.map((input) => input!);
    const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance! };
    const epsilon = floatAttribute(call, "epsilon", 1e-5);
    if (mode === "frozen") return [frozenBatchNormalization(graph, x!, { ...weights, epsilon })];
    const momentum = floatAttribute(call, "momentum", 0.9);
    const [y, meanAfter, biased] = batchNormalization(graph, x!, { ...weights, epsilon, momentum });
    keep(inputNames[3] ?? "", meanAfter);
    keep(inputNames[4] ?? "", unbiased(graph, { before: variance!, biased, momentum, count: countOf(call) }));
    return [y, meanAfter, biased];
  };
}

/** How many values a channel's moments are of. */
function countOf({ inputs }: ImportCall): number {
  const shape = inputs[0]!.shape;
  return Number(elementCount(shape.filter((_, axis) => axis !== 1)));
}

interface RunningVariance {
  readonly before: GraphTensor;
  readonly biased: GraphTensor;
  readonly momentum: number;
  readonly count: number;
}

/** ONNX's running variance follows the batch's divided by n, PyTorch's that divided by n - 1: what it moved by is stretched. */
function unbiased(graph: GraphScope, { before, biased, momentum, count }: RunningVariance): GraphTensor {
  if (count < 2) return biased;
  const kept = multiply(graph, before, scalarLike(graph, before, momentum));
  const moved = multiply(graph, subtract(graph, biased, kept), scalarLike(graph, before, count / (count - 1)));
  return add(graph, kept, moved);
}
