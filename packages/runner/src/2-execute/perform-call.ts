import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  codecOf,
  OpError,
  type ArtifactKinds,
  type InputValue,
  type KindName,
  type Op,
  type OpContext,
  type RowExtractor,
} from "@exp-lab/ops";
import { digestOf, type Digest } from "../hash/digests.ts";
import type { CallAnswer, CallHooks, EncodedInput, OpCall } from "./executor.ts";
import type { TaskFailure } from "./outcome.ts";

/** What a thread brings to the calls that it performs. */
export interface CallEnvironment {
  readonly ops: ReadonlyMap<string, Op>;
  /** Cores that native code may use. */
  readonly threads: number;
}

/** Runs one single or fused op on encoded inputs: what every executor does, on whichever thread it is. */
export async function performCall(
  environment: CallEnvironment,
  call: OpCall,
  hooks: CallHooks,
): Promise<readonly CallAnswer[]> {
  const members = call.members ?? [call.params];
  try {
    const op = environment.ops.get(call.op);
    if (op?.shape === "single") return [answerOf(op, await op.run(contextOf(environment, call, hooks)))];
    if (op?.shape !== "fused") throw new Error(`"${call.op}" is not an op of this build that can be called.`);
    const context = contextOf(environment, call, hooks);
    const chosen = members.map((params) => ({ ...params, ...chosenSettings(context.inputs) }));
    const answers = await op.run({ ...context, members: chosen });
    if (answers.length !== members.length)
      throw new Error(`"${call.op}" gave another number of answers than asked for.`);
    return answers.map((answer) =>
      "value" in answer ? answerOf(op, answer.value) : { ok: false, failure: failureOf(answer.failure) },
    );
  } catch (error) {
    const failure = failureOf(error);
    return members.map(() => ({ ok: false, failure }));
  }
}

function answerOf({ signature }: Op, value: ArtifactKinds[KindName]): CallAnswer {
  const kind = signature.output;
  const bytes = codecOf(kind).encode(value);
  return { ok: true, kind, bytes, digest: digestOf(bytes) };
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
  const inputs = Object.fromEntries(Object.entries(call.inputs).map(([name, input]) => [name, decodeInput(input)]));
  return {
    params: { ...call.params, ...chosenSettings(inputs) },
    inputs,
    fileDigests: call.fileDigests,
    ...(call.sourceDigests !== undefined && { sourceDigests: call.sourceDigests }),
    signal: hooks.signal,
    threads,
    device: call.device ?? "cpu",
    progress: hooks.onProgress,
    pseudonym: (identifier) => createHmac("sha256", call.pseudonymKey).update(identifier).digest("hex").slice(0, 24),
  };
}

/** What a search has chosen holds in place of what the parameters say. */
function chosenSettings(inputs: OpContext["inputs"]): Readonly<Record<string, unknown>> {
  const chosen = Object.values(inputs).find((input): input is InputValue<"chosen"> => input.kind === "chosen");
  return chosen?.value.settings ?? {};
}

function decodeInput(input: EncodedInput): InputValue {
  if (input.form === "artifact") {
    const value = codecOf(input.kind).decode(input.bytes);
    return { kind: input.kind, value, origin: input.origin } as InputValue;
  }
  const value = { layout: input.layout, digests: input.digests, data: input.data };
  return { kind: input.kind, value, origin: input.origin } as InputValue;
}
