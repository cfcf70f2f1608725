import type { OpSignature, ParamSpec, PathValue, StoredWeightsValue, WeightsValue } from "@exp-lab/dsl";
import type { ArtifactKinds, KindName } from "./artifacts/kinds.ts";
import type { FusedContext, OpContext, PerExampleContext, SourceFile } from "./op-context.ts";
import type { OpError } from "./op-error.ts";
import type { ExampleBatch, ExtractedRows, RowLayout } from "./rows.ts";

/**
 * What the runner is handed: a signature and a function. An op knows no graph, cache or screen; it is pure in its
 * context (same parameters, inputs and seed give the same answer), unless `deterministic` says otherwise.
 */
export type Op = SingleOp | PerExampleOp | FusedOp;

interface OpBase {
  readonly signature: OpSignature;
  /**
   * True where the same input bytes always give the same output bytes on one kind of machine, so that an answer may be
   * found by the content of its inputs. False for anything that reads the clock or races.
   */
  readonly deterministic: boolean;
  /** Packages whose version can change an answer, e.g. `onnxruntime-node`; their versions are in the fingerprint. */
  readonly libraries: readonly LibraryName[];
  /** Where that hangs on the parameters: those of a task with these, in place of `libraries`. */
  readonly librariesFor?: (params: Readonly<Record<string, unknown>>) => readonly LibraryName[];
  /**
   * The files that a task with these parameters reads beyond those that its path-valued parameters name themselves
   * (a folder's images, a manifest's images, external weights). Their digests are in the fingerprint.
   */
  readonly sourceFiles?: (params: Readonly<Record<string, unknown>>) => Promise<readonly SourceFile[]>;
}

/** An optional package that is not installed counts with the version `absent`. */
export const libraryNames = [
  "onnxruntime-node",
  "sharp",
  "dcmjs-codecs",
  "h5wasm",
  "@tensorflow/tfjs-node-gpu",
  "@tensorflow/tfjs-node",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
] as const;

export type LibraryName = (typeof libraryNames)[number];

/** One call, one artifact. */
export interface SingleOp extends OpBase {
  readonly shape: "single";
  readonly run: (context: OpContext) => Promise<ArtifactKinds[KindName]>;
}

/**
 * The runner looks every example up by (recipe, example digest) and hands over the missing ones only, in batches; the
 * rows are stored one by one and serve every later data set that holds the same image.
 */
export interface PerExampleOp extends OpBase {
  readonly shape: "per example";
  readonly open: (context: PerExampleContext) => Promise<RowExtractor>;
}

/**
 * At dispatch, never in the plan, the runner gathers the tasks that are ready and differ in the named parameters alone,
 * and calls once. Every answer is stored under its own question, so each must have the bits that it has alone.
 */
export interface FusedOp extends OpBase {
  readonly shape: "fused";
  /** The parameters in which tasks of one call may differ. */
  readonly fusedOver: readonly string[];
  /**
   * Members of one call are cut into several, one a core, where cores have nothing else to do; into none of fewer than this,
   * which would take as long as all of them.
   */
  readonly fewestInCall: number;
  /** One answer for each of `context.members`, in order; what is thrown fails them all. */
  readonly run: (context: FusedContext) => Promise<readonly FusedAnswer[]>;
}

/** One member's answer. That one of them fails leaves the others as they are. */
export type FusedAnswer = { readonly value: ArtifactKinds[KindName] } | { readonly failure: OpError };

/** An opened per-example op (a loaded model): batches in, rows out. */
export interface RowExtractor {
  readonly layout: RowLayout;
  /** How many examples a call should be handed; a batch has two rows at least, padded by the op where there are fewer. */
  readonly batchSize: number;
  /** The provider and the runtime's version that compute the rows, e.g. `cpu onnxruntime 1.30.0`. */
  readonly madeBy: string;
  /** Rows for the examples that could be read; the others come back as failures, never as rows. */
  extract(batch: ExampleBatch): Promise<ExtractedRows>;
  close(): Promise<void>;
}

/** The TypeScript type of a signature's parameters, so that an op's function needs no cast. */
export type ParamsOf<Specs extends Readonly<Record<string, ParamSpec>>> = {
  readonly [Name in keyof Specs]: ValueOf<Specs[Name]> | NullOf<Specs[Name]>;
};

type NullOf<Spec> = Spec extends { readonly default: infer Default } ? (null extends Default ? null : never) : never;

type ValueOf<Spec> = Spec extends { readonly type: "number" | "integer" | "seed" }
  ? number
  : Spec extends { readonly type: "boolean" }
    ? boolean
    : Spec extends { readonly type: "choice"; readonly choices: readonly (infer Choice)[] }
      ? Choice
      : Spec extends { readonly type: "string" | "split" }
        ? string
        : Spec extends { readonly type: "file" | "directory" }
          ? PathValue | (Spec extends { readonly remote: true } ? StoredWeightsValue : never)
          : Spec extends { readonly type: "list"; readonly items: infer Items }
            ? readonly ValueOf<Items>[]
            : Spec extends { readonly type: "weights" }
              ? WeightsValue
              : never;
