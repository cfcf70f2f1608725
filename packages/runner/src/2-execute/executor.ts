import type { Device, Example, ExtractedRows, RowLayout } from "@exp-lab/ops";
import type { HashFiles } from "../1-plan/file-digests.ts";
import type { Digest } from "../hash/digests.ts";
import type { TaskFailure } from "./outcome.ts";

/**
 * Where ops run: a worker thread, or this thread in tests of the engine. Plain messages in and out, so that a worker
 * process or a cluster's node can stand in its place.
 */
export interface Executor {
  /** Calls that may be under way at once. */
  readonly slots: number;
  /**
   * One call of a single op, or of a fused one for several tasks: an answer each, in order. Never rejects for what an op
   * does wrong: that is a failure.
   */
  call(call: OpCall, hooks: CallHooks): Promise<readonly CallAnswer[]>;
  /** Opens a per-example op (loads a model). */
  open(call: OpCall, hooks: CallHooks): Promise<OpenAnswer>;
  readonly hashFiles: HashFiles;
  close(): Promise<void>;
}

export interface OpCall {
  readonly op: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of a fused op: the parameters of every task that the call is for. */
  readonly members?: readonly Readonly<Record<string, unknown>>[];
  /** Where graphs run; the CPU where it is not said. */
  readonly device?: Device;
  /** Into how many calls those may be cut, for cores that have nothing else to do; 1 where it is not said. */
  readonly mostParts?: number;
  readonly inputs: Readonly<Record<string, EncodedInput>>;
  readonly fileDigests: Readonly<Record<string, string>>;
  readonly sourceDigests?: ReadonlyMap<string, string>;
  /** Keys the hashes that stand for patient identifiers. */
  readonly pseudonymKey: Uint8Array;
}

/** An input as it travels: an artifact's bytes, or the rows of a per-example op, whose memory is handed over or shared. */
export type EncodedInput = ArtifactInput | RowsInput;

interface InputOrigin {
  readonly origin: { readonly op: string; readonly params: Readonly<Record<string, unknown>> };
}

export interface ArtifactInput extends InputOrigin {
  readonly form: "artifact";
  readonly kind: string;
  readonly bytes: Uint8Array;
}

export interface RowsInput extends InputOrigin {
  readonly form: "rows";
  readonly kind: string;
  readonly layout: RowLayout;
  readonly digests: readonly string[];
  /** Row-major; on memory of its own, as onnxruntime reads no shared one, unless a call may be cut into parts. */
  readonly data: Float32Array;
}

export interface CallHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Whether it is tried again since its worker was lost: it is then kept apart from all other calls. */
  readonly isRetry?: boolean;
  /** Hears, from each worker that had a part in the call, the most memory in bytes that it held; where that is known. */
  readonly onPeak?: (bytes: number) => void;
}

export type CallAnswer =
  | { readonly ok: true; readonly kind: string; readonly bytes: Uint8Array; readonly digest: Digest }
  | { readonly ok: false; readonly failure: TaskFailure };

export type OpenAnswer =
  { readonly ok: true; readonly extractor: OpenedExtractor } | { readonly ok: false; readonly failure: TaskFailure };

export interface OpenedExtractor {
  readonly layout: RowLayout;
  readonly batchSize: number;
  /** Provider and runtime version, stored with every shard. */
  readonly madeBy: string;
  /** Calls that should be under way at once, so that nobody waits for work. */
  readonly batchesAtOnce: number;
  extract(examples: readonly Example[]): Promise<ExtractAnswer>;
  close(): Promise<void>;
}

export type ExtractAnswer =
  { readonly ok: true; readonly rows: ExtractedRows } | { readonly ok: false; readonly failure: TaskFailure };
