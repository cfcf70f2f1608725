import type { RowLayout } from "@exp-lab/ops";
import type { ContentKey, Digest, Fingerprint, Recipe } from "../hash/digests.ts";
import type { ComputedCost, RunHistory, RunId, TaskTimes } from "./run-history.ts";
import type { StoreUpkeep } from "./upkeep.ts";

export type * from "./run-history.ts";

/**
 * What the runner keeps between runs: answers, rows, provenance. It may lose entries, it may never lie: bytes are
 * verified on reading, and what does not verify is treated as absent (and counted in `damaged`).
 *
 * All calls are synchronous and short; writes are one transaction each. Two implementations (SQLite, memory) pass one
 * contract suite.
 */
export interface Store extends RunHistory, StoreUpkeep {
  // --- answers -------------------------------------------------------------------------------------------------
  /** The stored answers among these questions. Thousands at a time. */
  findAnswers(fingerprints: readonly Fingerprint[]): ReadonlyMap<Fingerprint, StoredAnswer>;
  /**
   * Question, answer, artifact and content answer in one transaction; an answer that is there already is left as it is. A lease
   * that it is saved under ends with it. False, and nothing is saved, where that lease is no longer held.
   */
  saveAnswer(answer: NewAnswer): boolean;
  /**
   * A question whose inputs turned out to have known bytes gets the artifact that those bytes gave. Where the artifact is
   * not there (any more), the question is stored without an answer.
   */
  linkAnswer(link: AnswerLink): void;
  /** What the same recipe (op, version, parameters, files, libraries) gave on inputs of exactly these bytes. */
  findContentAnswer(contentRecipe: Recipe, key: ContentKey): ContentAnswer | null;
  /** Verified bytes, or null where the artifact is absent or damaged. */
  readArtifact(digest: Digest): StoredArtifact | null;
  /** The same for thousands of small artifacts (scores) at once: all of their bytes come into memory. */
  readArtifacts(digests: readonly Digest[]): ReadonlyMap<Digest, StoredArtifact>;
  /**
   * Forgets an artifact, with every answer and content answer that it was: for bytes that are as they were written, while
   * something that they refer to is lost. The questions, and the history of their tasks, stay. Nothing where it is absent.
   */
  dropArtifact(digest: Digest): void;
  /** The readable document that a fingerprint is the hash of. */
  readManifest(fingerprint: Fingerprint): string | null;

  // --- rows of per-example ops -------------------------------------------------------------------------------
  /** Those of the digests that have no row under the recipe, in the order given, duplicates once. */
  missingRows(recipe: Recipe, examples: readonly string[]): readonly string[];
  /** One shard (aim for 1-4 MB), one transaction. Rows that are there already are left as they are. */
  saveRows(shard: NewShard): void;
  /** How a recipe's rows are divided; null where the recipe has no rows yet. */
  readLayout(recipe: Recipe): RowLayout | null;
  /**
   * Copies rows into `target` (row-major, in the order of `examples`), shard by shard, yielding after each shard so that
   * the caller can let others run. Returns the examples whose row is absent or damaged.
   */
  readRows(recipe: Recipe, examples: readonly string[], target: Float32Array): Generator<void, readonly string[]>;
  /** A check (hex, 16 digits) over the values of each row, in order; null where there is none. */
  readRowChecks(recipe: Recipe, examples: readonly string[]): readonly (string | null)[];

  // --- leases ------------------------------------------------------------------------------------------------------
  /**
   * Claims work for a holder, in one transaction, so that no two processes compute the same. A claim succeeds where nobody
   * holds the work, or whoever holds it let the time run out or is gone. Never waits.
   */
  claimWork(claim: WorkClaim): ReadonlyMap<WorkKey, ClaimedWork>;
  /** Those of the keys that another holder has a live lease of. Writes nothing. */
  findHeldWork(claim: WorkClaim): ReadonlySet<WorkKey>;
  /** Gives all leases of a holder until then. */
  renewLeases(holder: LeaseHolder, until: number): void;
  /** Ends leases before their time. */
  releaseWork(leases: readonly LeaseNumber[]): void;

  // --- provenance ----------------------------------------------------------------------------------------------
  startRun(run: NewRun): RunId;
  finishRun(run: RunId, summary: string): void;
  saveRunTask(task: RunTask): void;
  /**
   * Notes tasks whose answers were there already, where their slot's last question was another one: so that a program
   * that shares another one's answers has a history of its own. One transaction; writes nothing where nothing is new.
   */
  noteStoredTasks(run: RunId, tasks: readonly { readonly slot: string; readonly fingerprint: Fingerprint }[]): void;
  /** The last `limit` times that a task of this slot ended, newest first. */
  findRunTasks(slot: string, limit: number): readonly StoredRunTask[];
  /**
   * What the tasks of these slots gave the last time they gave something, as far as it is stored: the artifact of the
   * latest question that has an answer, among the last eight ends of each slot. Thousands at a time.
   */
  findFormerAnswers(slots: readonly string[]): ReadonlyMap<string, Digest>;
  /** Which run made the answer, and when. */
  findMaker(fingerprint: Fingerprint): AnswerMaker | null;

  // --- files -----------------------------------------------------------------------------------------------------
  /** The digest that was computed when the file had exactly this stat, or null. */
  findFileDigest(stat: FileStat): Digest | null;
  saveFileDigests(entries: readonly { readonly stat: FileStat; readonly digest: Digest }[]): void;
  /** What weights that are downloaded consisted of when they were read last; null where they never were. */
  findWeightSource(source: string): readonly WeightSourceFile[] | null;
  /** @param source the canonical JSON of where they come from; the main file is the first of `files` */
  saveWeightSource(source: string, files: readonly WeightSourceFile[]): void;

  /** 32 random bytes, made once per store: keys the hashes that stand for patient identifiers. Never exported. */
  pseudonymKey(): Uint8Array;
  statistics(): StoreStatistics;
  close(): void;
}

export interface StoredAnswer {
  readonly artifact: Digest;
  readonly kind: string;
}

/** What a lease is of: a question's fingerprint or the recipe of rows. */
export type WorkKey = Fingerprint | Recipe;

/** Names one lease, for good: the next lease of the same work has a higher one. */
export type LeaseNumber = number;

/** One process that computes. */
export interface LeaseHolder {
  /** Unique to the process. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Tells the process from a later one of the same number; null where the system does not say. */
  readonly processStart: string | null;
}

export interface WorkClaim {
  readonly keys: readonly WorkKey[];
  readonly holder: LeaseHolder;
  /** Milliseconds since 1970, and for how long a lease is given from then. */
  readonly now: number;
  readonly milliseconds: number;
  /** Whether a process is known to have ended, so that its leases need not run out first. */
  readonly isGone: (holder: LeaseHolder) => boolean;
}

export type ClaimedWork =
  { readonly state: "ours"; readonly lease: LeaseNumber } | { readonly state: "held"; readonly by: LeaseHolder };

export interface StoredArtifact {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

export interface NewAnswer {
  readonly fingerprint: Fingerprint;
  /** Canonical JSON whose hash is the fingerprint. */
  readonly manifest: string;
  readonly kind: string;
  readonly artifact: Digest;
  readonly bytes: Uint8Array;
  /** Absent for ops that are not deterministic. */
  readonly content?: NewContentAnswer;
  /** The lease that it was computed under. */
  readonly lease?: LeaseNumber;
  readonly run: RunId;
  readonly seconds: number;
}

export interface NewContentAnswer {
  readonly key: ContentKey;
  readonly recipe: Recipe;
  /** The digest of each input's bytes, by input name. */
  readonly inputs: Readonly<Record<string, Digest>>;
}

export interface AnswerLink {
  readonly fingerprint: Fingerprint;
  readonly manifest: string;
  readonly kind: string;
  readonly artifact: Digest;
  readonly run: RunId;
}

export interface ContentAnswer {
  readonly inputs: Readonly<Record<string, Digest>>;
  readonly artifact: Digest;
  readonly kind: string;
}

export interface NewShard {
  readonly recipe: Recipe;
  readonly layout: RowLayout;
  readonly examples: readonly string[];
  /** Row-major float32, one row per example. */
  readonly rows: Float32Array;
  /** The provider and runtime version that computed the rows, e.g. `cpu onnxruntime 1.30.0`. */
  readonly madeBy: string;
  readonly run: RunId;
}

export interface NewRun {
  /** The program's file name, without folders. */
  readonly program: string;
  readonly startedAt: Date;
  /** With what it was computed: tool, libraries, device, arguments, commit; see `RunEnvironment`. JSON. */
  readonly environment: string;
}

export interface RunTask {
  readonly run: RunId;
  /** Names the task across edits of the program: its file and the task's label. */
  readonly slot: string;
  readonly fingerprint: Fingerprint;
  /** Stored even for tasks that failed, so that `why` can compare. */
  readonly manifest: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly seconds: number;
  /** Absent for what was not worked on. */
  readonly times?: TaskTimes;
  /** Of computed tasks alone. */
  readonly cost?: ComputedCost;
}

export interface StoredRunTask {
  readonly run: RunId;
  readonly startedAt: Date;
  readonly fingerprint: Fingerprint;
  readonly outcome: string;
  readonly reason: string | null;
}

export interface AnswerMaker {
  readonly run: RunId;
  readonly program: string;
  readonly startedAt: Date;
  /** 0 where the run found the answer by the bytes of its inputs. */
  readonly seconds: number;
}

/** What tells an unchanged file from a changed one without reading it; times in nanoseconds. */
export interface FileStat {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** One file of weights, as it was. */
export interface WeightSourceFile {
  readonly name: string;
  readonly digest: Digest;
  readonly bytes: number;
  /** The commit of the repository that it is of; null for what does not lie on the hub. */
  readonly revision: string | null;
}

export interface StoreStatistics {
  readonly path: string;
  /** Bytes of all files, with their write-ahead logs. */
  readonly fileBytes: number;
  /** Files of shards beside the main one, and their bytes. */
  readonly shardFiles: number;
  readonly shardFileBytes: number;
  readonly answers: number;
  readonly artifacts: number;
  readonly artifactBytes: number;
  readonly rows: number;
  readonly rowBytes: number;
  readonly runs: number;
  /** Entries that did not verify on reading since the store was opened. */
  readonly damaged: number;
}

/**
 * The store cannot be opened, read or written: the disk is full, the folder is read-only, the file is another program's or
 * damaged where no single entry could be given up for it. Exit code 4.
 */
export class StoreError extends Error {
  readonly code: "store-full" | "store-unwritable" | "store-busy" | "store-newer" | "store-foreign" | "store-damaged";
  readonly hint: string;

  constructor(code: StoreError["code"], message: string, hint: string) {
    super(message);
    this.name = "StoreError";
    this.code = code;
    this.hint = hint;
  }
}
