import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import { codecOf, OpError, type InputValue, type Op, type OpContext, type RowExtractor } from "@exp-lab/ops";
import { digestOf, type Digest } from "../hash/digests.ts";
import type { CallAnswer, CallHooks, EncodedInput, OpCall } from "./executor.ts";
import type { TaskFailure } from "./outcome.ts";

/** What a thread brings to the calls that it performs. */
export interface CallEnvironment {
  readonly ops: ReadonlyMap<string, Op>;
  /** Cores that native code may use. */
  readonly threads: number;
}

/** Runs one single op on encoded inputs: what every executor does, on whichever thread it is. */
export async function performCall(environment: CallEnvironment, call: OpCall, hooks: CallHooks): Promise<CallAnswer> {
  try {
    const op = environment.ops.get(call.op);
    if (op?.shape !== "single") throw new Error(`"${call.op}" is not a single op of this build.`);
    const value = await op.run(contextOf(environment, call, hooks));
    const kind = op.signature.output;
    const bytes = codecOf(kind).encode(value);
    return { ok: true, kind, bytes, digest: digestOf(bytes) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** Opens one per-example op on encoded inputs. @throws what the op throws; see `failureOf` */
export async function openExtractor(
  environment: CallEnvironment,
  call: OpCall,
  hooks: CallHooks,
): Promise<RowExtractor> {
  const op = environment.ops.get(call.op);
  if (op?.shape !== "per example") throw new Error(`"${call.op}" is not a per-example op of this build.`);
  return op.open(contextOf(environment, call, hooks));
}

/** What the user can mend keeps its words; anything else is ours and says so. */
export function failureOf(error: unknown): TaskFailure {
  if (error instanceof OpError) return { code: error.code, message: error.message, hint: error.hint, stack: null };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "unexpected",
    message: `Something went wrong that should not have: ${message}`,
    hint: "This looks like a bug of ours; please report it with the lines that --verbose prints.",
    stack: error instanceof Error ? (error.stack ?? null) : null,
  };
}

/** SHA-256 of one file, streamed. @throws OpError `file-unreadable`, and whatever `onBytes` throws */
export async function hashFile(path: string, onBytes: (bytes: number) => void): Promise<Digest> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      onBytes(bytes.length);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new OpError("file-unreadable", `Cannot read ${path}: ${code}.`, "Check the file and its permissions.");
  }
  return hash.digest("hex") as Digest;
}

function contextOf({ threads }: CallEnvironment, call: OpCall, hooks: CallHooks): OpContext {
  return {
    params: call.params,
    inputs: Object.fromEntries(Object.entries(call.inputs).map(([name, input]) => [name, decodeInput(input)])),
    fileDigests: call.fileDigests,
    signal: hooks.signal,
    threads,
    progress: hooks.onProgress,
    pseudonym: (identifier) => createHmac("sha256", call.pseudonymKey).update(identifier).digest("hex").slice(0, 24),
  };
}

function decodeInput(input: EncodedInput): InputValue {
  if (input.form === "artifact") {
    const value = codecOf(input.kind).decode(input.bytes);
    return { kind: input.kind, value, origin: input.origin } as InputValue;
  }
  const value = { layout: input.layout, digests: input.digests, data: input.data };
  return { kind: input.kind, value, origin: input.origin } as InputValue;
}
