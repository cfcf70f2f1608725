import type { Example } from "@exp-lab/ops";
import type { CallAnswer, EncodedInput, ExtractAnswer, OpCall } from "../executor.ts";
import type { Digest } from "../../hash/digests.ts";
import type { RowLayout } from "@exp-lab/ops";
import type { TaskFailure } from "../outcome.ts";
import type { FiledContent } from "./handed-files.ts";

/** What a worker is started with. */
export interface WorkerSettings {
  /** Cores that native code may use in this worker. */
  readonly threads: number;
  /** The address of a module whose `ops` take the place of the built-in ones; null for those. */
  readonly registry: string | null;
}

/** What a worker that is a thread is started with. */
export interface ThreadSettings extends WorkerSettings {
  /** See `native-gate.ts`. */
  readonly gate: SharedArrayBuffer;
}

/** What a worker that is a process is started with. */
export interface ProcessSettings extends WorkerSettings {
  /** The folder in which it lays down large answers. */
  readonly handover: string;
}

/** A call as it is sent. */
export interface SentCall extends Omit<OpCall, "inputs"> {
  readonly inputs: Readonly<Record<string, SentInput>>;
}

export type SentInput = EncodedInput | FiledInput;

/** An input whose bytes lie in a file, as no memory is shared with the worker; `input` is the rest of it. */
export interface FiledInput extends FiledContent {
  readonly form: "file";
  readonly input: EncodedInput;
}

/** What the coordinator says to a worker. `id` names the call; `extractor` an opened per-example op. */
export type WorkerRequest =
  | { readonly say: "call"; readonly id: number; readonly call: SentCall }
  | { readonly say: "open"; readonly id: number; readonly call: SentCall }
  | { readonly say: "extract"; readonly id: number; readonly extractor: number; readonly examples: readonly Example[] }
  | { readonly say: "close"; readonly id: number; readonly extractor: number }
  | { readonly say: "hash"; readonly id: number; readonly paths: readonly string[] }
  /** Stop the call as soon as it can be stopped; its answer still comes. */
  | { readonly say: "abort"; readonly id: number };

/**
 * What a worker says back. `peakBytes`: the most memory that the worker held while it worked at that; null where it worked at
 * something else too, or shares its memory with others. Every request but `abort` gets exactly one reply that is not
 * `progress`.
 */
export type WorkerReply =
  | { readonly say: "progress"; readonly id: number; readonly done: number; readonly total: number }
  | {
      readonly say: "answers";
      readonly id: number;
      readonly answers: readonly CallAnswer[];
      readonly peakBytes: number | null;
    }
  | { readonly say: "opened"; readonly id: number; readonly opened: OpenedReply }
  | { readonly say: "rows"; readonly id: number; readonly rows: ExtractAnswer }
  | { readonly say: "closed"; readonly id: number; readonly peakBytes: number | null }
  | { readonly say: "digests"; readonly id: number; readonly digests: HashReply };

/** A reply as a process sends it. */
export interface SentReply {
  /** Without the contents that lie in files. */
  readonly reply: WorkerReply;
  /** Of each of its contents, in order; null where it has gone with the message. */
  readonly files: readonly (FiledContent | null)[];
}

export type OpenedReply =
  | { readonly ok: true; readonly layout: RowLayout; readonly batchSize: number; readonly madeBy: string }
  | { readonly ok: false; readonly failure: TaskFailure };

export type HashReply =
  { readonly ok: true; readonly digests: readonly Digest[] } | { readonly ok: false; readonly failure: TaskFailure };
