import { OpError } from "../op-error.ts";
import { nearestName } from "./nearest-name.ts";
import type { OnnxGraph, OnnxModel } from "./onnx-model.ts";
import { writeModel } from "./write-model.ts";

/** The names of what a graph computes. */
export interface TensorNames {
  readonly outputs: readonly string[];
  /** Results of nodes that are no outputs, in the graph's order; those of subgraphs are not reachable. */
  readonly inner: readonly string[];
}

/**
 * The same model with inner tensors as further outputs, for onnxruntime to work out their types. Nothing else is read or
 * rewritten: two protobuf messages one after the other are one message in which repeated fields are joined, so a model
 * that holds only the new outputs is appended.
 */
export async function exposeTensors(model: Uint8Array, names: readonly string[]): Promise<Uint8Array> {
  const addition = await writeModel({ graph: { output: names.map((name) => ({ name })) } });
  const joined = new Uint8Array(model.length + addition.length);
  joined.set(model);
  joined.set(addition, model.length);
  return joined;
}

export function listTensors({ graph }: OnnxModel): TensorNames {
  const outputs = namesOf(graph.output);
  const results = (graph.node ?? []).flatMap((node) => node.output ?? []);
  return { outputs, inner: results.filter((name) => name !== "" && !outputs.includes(name)) };
}

/**
 * @param file the file's name, for the message
 * @throws OpError `onnx-no-such-output` with the nearest name and the outputs there are
 */
export function requireTensor({ outputs, inner }: TensorNames, name: string, file: string): void {
  if (outputs.includes(name) || inner.includes(name)) return;
  const nearest = nearestName(name, [...outputs, ...inner]);
  const question = nearest === null ? "" : ` Did you mean "${nearest}"?`;
  throw new OpError(
    "onnx-no-such-output",
    `${file} has no output and no inner tensor "${name}".${question}`,
    `Its outputs: ${outputs.join(", ")}. Besides them, each of its ${String(inner.length)} inner tensors can be named.`,
  );
}

function namesOf(values: OnnxGraph["output"]): readonly string[] {
  return (values ?? []).map(({ name }) => name ?? "");
}
