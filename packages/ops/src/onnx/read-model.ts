import { OpError } from "../op-error.ts";
import type { Int64, OnnxGraph, OnnxModel } from "./onnx-model.ts";
import { loadOnnxSchema, type OnnxSchema } from "./onnx-schema.ts";

/**
 * The model that the bytes of an ONNX file hold. Large tensors are views of `bytes`, not copies; fields that the schema does not
 * know are kept for `writeModel`.
 * @param name the file's name, for messages
 * @throws OpError `onnx-unreadable` where the bytes are not an ONNX model
 */
export async function readModel(bytes: Uint8Array, name: string): Promise<OnnxModel> {
  const problem = knownMistake(bytes);
  if (problem !== null)
    throw new OpError("onnx-unreadable", `${name} is not an ONNX model: ${problem.what}.`, problem.hint);
  const model = decodeModel(await loadOnnxSchema(), bytes);
  if (model === null || !hasGraph(model)) {
    throw new OpError(
      "onnx-unreadable",
      `${name} is not an ONNX model, or it is cut short (${String(bytes.length)} bytes).`,
      "Name a file that was exported as ONNX, e.g. with torch.onnx.export or optimum-cli; if it is one, copy or download it again.",
    );
  }
  return model;
}

/** A 64-bit integer as a number. Sizes and versions are far below 2^53; beyond it the nearest number is given. */
export function numberOf(value: Int64 | null | undefined): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === "number") return value;
  return (value.unsigned ? value.high >>> 0 : value.high) * 2 ** 32 + (value.low >>> 0);
}

/** What a file begins with that people hand over by mistake. */
function knownMistake(bytes: Uint8Array): { readonly what: string; readonly hint: string } | null {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  if (bytes.length === 0) return { what: "the file is empty", hint: "Copy or download it again." };
  if (start.startsWith("version https://git-lfs")) {
    return { what: "it is the Git LFS pointer to one", hint: "Fetch the file itself with `git lfs pull`." };
  }
  if (start.startsWith("PK\u0003\u0004")) {
    return {
      what: "it is a zip archive, as PyTorch's checkpoints are",
      hint: "Export the network with torch.onnx.export, or unpack the archive if the model lies inside.",
    };
  }
  if (start.slice(8).startsWith('{"')) {
    return { what: "it looks like safetensors: weights without a graph", hint: "Export the network itself as ONNX." };
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) {
    return { what: "it is a web page", hint: "Download the file itself, not the page that shows it." };
  }
  return null;
}

/** What protobuf can make of the bytes; a graph that they lack is null. */
interface DecodedModel {
  readonly graph?: OnnxGraph | null;
}

function decodeModel(schema: OnnxSchema, bytes: Uint8Array): DecodedModel | null {
  try {
    return schema.decode(bytes);
  } catch {
    return null;
  }
}

function hasGraph(model: DecodedModel): model is OnnxModel {
  const { graph } = model;
  return graph !== undefined && graph !== null && (graph.node ?? []).length > 0 && (graph.output ?? []).length > 0;
}
