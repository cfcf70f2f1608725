import { floatAttribute } from "../attributes.ts";
import { scalarLike } from "../operators/filling.ts";
import type { GraphTensor } from "../graph-builder.ts";
import type { NodeRewrite } from "../import/apply-model.ts";
import type { ImportCall } from "../import/importer.ts";
import { multiply } from "../operators/arithmetic.ts";
import { batchNormalization, frozenBatchNormalization, movedTowards } from "../operators/normalisation.ts";
import { elementCount } from "../shapes.ts";

/** How batch normalisations are trained: by moments that stay as they are, or by the batch's own, which the running ones follow. */
export type BatchNormMode = "frozen" | "batch";

/**
 * Batch normalisations in one mode, whatever the model file says.
 * @param keep told the running moments before the batch and after it
 */
export function batchNormsAs(
  mode: BatchNormMode,
  keep: (before: GraphTensor, after: GraphTensor) => void,
): NodeRewrite {
  return (call, addNode) => {
    if (call.operator !== "BatchNormalization") return addNode();
    const { graph, inputs } = call;
    const [x, scale, bias, mean, variance] = inputs.map((input) => input!);
    const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance! };
    const epsilon = floatAttribute(call, "epsilon", 1e-5);
    if (mode === "frozen") return [frozenBatchNormalization(graph, x!, { ...weights, epsilon })];
    const momentum = floatAttribute(call, "momentum", 0.9);
    const batch = batchNormalization(graph, x!, { ...weights, epsilon });
    const meanAfter = movedTowards(graph, [mean!, batch.mean], momentum);
    const varianceAfter = movedTowards(graph, [variance!, unbiased(call, batch.variance)], momentum);
    keep(mean!, meanAfter);
    keep(variance!, varianceAfter);
    return [batch.normalised, meanAfter, varianceAfter];
  };
}

/** ONNX's running variance follows the batch's divided by n, PyTorch's that divided by n - 1. */
function unbiased(call: ImportCall, variance: GraphTensor): GraphTensor {
  const count = countOf(call);
  if (count < 2) return variance;
  return multiply(call.graph, variance, scalarLike(call.graph, variance, count / (count - 1)));
}

/** How many values a channel's moments are of. */
function countOf({ inputs }: ImportCall): number {
  const shape = inputs[0]!.shape;
  return Number(elementCount(shape.filter((_, axis) => axis !== 1)));
}
