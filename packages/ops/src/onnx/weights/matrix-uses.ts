import type { OnnxAttribute, OnnxModel, OnnxNode } from "../onnx-model.ts";
import { pruneNodes } from "../prune-nodes.ts";
import { numberOf } from "../read-model.ts";
import { listWeights, type ModelWeight } from "./list-weights.ts";

/** A weight that rows are multiplied by. */
export interface MatrixUse {
  readonly weight: ModelWeight;
  readonly inputs: number;
  readonly outputs: number;
  /** What the products call it: its own name, or that of its transpose. */
  readonly factor: string;
}

/**
 * The matrices of a model that are the second factor of a product, as they are or (as PyTorch keeps them) transposed.
 * @param wanted only those that one of these tensors depends on; by default those of any node
 */
export function findMatrices(model: OnnxModel, wanted: readonly string[] | null = null): readonly MatrixUse[] {
  const all = model.graph.node ?? [];
  const nodes = wanted === null ? all : pruneNodes(all, wanted);
  return listWeights(model, wanted)
    .filter(({ role, shape }) => role === "weight" && shape.length === 2)
    .flatMap((weight) => {
      const transposed = nodes.find((node) => isTransposeOf(node, weight.name))?.output?.[0];
      const factors = [weight.name, ...(transposed === undefined ? [] : [transposed])];
      for (const node of nodes) {
        const factor = factors.find((name) => isProductBy(node, name));
        if (factor === undefined) continue;
        const isTurned = (factor === transposed) !== (integerOf(node, "transB") === 1);
        const [inputs, outputs] = isTurned
          ? [weight.shape[1]!, weight.shape[0]!]
          : [weight.shape[0]!, weight.shape[1]!];
        return [{ weight, inputs, outputs, factor }];
      }
      return [];
    });
}

function isTransposeOf({ opType, input = [], attribute = [] }: OnnxNode, name: string): boolean {
  const order = attribute.find((each) => each.name === "perm")?.ints?.map(numberOf) ?? [1, 0];
  return opType === "Transpose" && input[0] === name && order[0] === 1;
}

function isProductBy(node: OnnxNode, name: string): boolean {
  const isProduct = node.opType === "MatMul" || (node.opType === "Gemm" && integerOf(node, "transA") === 0);
  return isProduct && node.input?.[1] === name;
}

function integerOf({ attribute = [] }: OnnxNode, name: string): number {
  return numberOf(attribute.find((each: OnnxAttribute) => each.name === name)?.i);
}
