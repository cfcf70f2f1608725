import { open } from "node:fs/promises";
import type { EncodedInput, OpCall } from "../executor.ts";
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

async function readInput({ path, bytes, input }: FiledInput): Promise<EncodedInput> {
  const content = new Uint8Array(bytes);
  const file = await open(path);
  try {
    for (let done = 0; done < bytes;) {
      const { bytesRead } = await file.read(content, done, bytes - done);
      if (bytesRead === 0) throw new Error(`${path} is shorter than what was written.`);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
  return input.form === "rows" ? { ...input, data: new Float32Array(content.buffer) } : { ...input, bytes: content };
}
