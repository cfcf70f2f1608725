import { OpError } from "../../../op-error.ts";
import { createGraphBuilder } from "../../graph-builder.ts";
import type { OnnxModel, OnnxNode } from "../../onnx-model.ts";
import { readModel } from "../../read-model.ts";
import { writeModel } from "../../write-model.ts";
import { applyModel, type ModelUse } from "../apply-model.ts";
import { modelOf, type WrittenModel } from "./model-of.ts";
import type { NamedValues } from "./run-applied.ts";
import { floats } from "./values.ts";

export const x = floats([2, 3], "x");

/** What is said of a model that is applied to inputs, as the user sees it. */
export async function refusal(
  model: OnnxModel,
  inputs: NamedValues = { x },
  use: Partial<ModelUse> = {},
): Promise<readonly (string | null)[]> {
  const read = await readModel(await writeModel(model), "model.onnx");
  const graph = createGraphBuilder();
  const given = Object.entries(inputs).map(
    ([name, { type, shape }]) => [name, graph.input(name, shape, type)] as const,
  );
  try {
    applyModel(graph, read, { file: "model.onnx", inputs: Object.fromEntries(given), tensors: ["y"], ...use });
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    return [error.code, error.message, error.hint];
  }
  return [];
}

/** Of the input x, [2, 3], and the output y. */
export function modelOfX(nodes: readonly OnnxNode[], rest: Partial<WrittenModel> = {}): OnnxModel {
  return modelOf({ opset: 17, inputs: { x: { shape: [2, 3] } }, nodes, outputs: ["y"], ...rest });
}
