import type { EncodedInput, OpCall } from "../executor.ts";
import { readHandedFile } from "./handed-files.ts";
import type { FiledInput, SentCall, SentInput } from "./worker-messages.ts";

/**
 * A call as its op is to see it, however it came: what lies in files is read, and what came in a message gets memory of
 * its own. @throws Error where a file is not there or is too short
 */
export async function takeInputs(call: SentCall): Promise<OpCall> {
  const inputs: Record<string, EncodedInput> = {};
  for (const [name, input] of Object.entries(call.inputs)) inputs[name] = await takeInput(input);
  return { ...call, inputs };
}

async function takeInput(input: SentInput): Promise<EncodedInput> {
  if (input.form === "file") return readInput(input);
  if (input.form === "artifact") {
    // A Buffer is cut and copied otherwise than the plain bytes that an op is promised.
    return Buffer.isBuffer(input.bytes) ? { ...input, bytes: new Uint8Array(input.bytes) } : input;
  }
  const { data } = input;
  const isPart = data.buffer instanceof ArrayBuffer && data.buffer.byteLength !== data.byteLength;
  return isPart ? { ...input, data: data.slice() } : input;
}

async function readInput({ input, ...filed }: FiledInput): Promise<EncodedInput> {
  const content = await readHandedFile(filed);
  return input.form === "rows" ? { ...input, data: new Float32Array(content.buffer) } : { ...input, bytes: content };
}
