import type { Digest, Fingerprint, Recipe } from "../hash/digests.ts";

/** The part of a store that says what its runs did, when, where and with what. Reading it changes nothing. */
export interface RunHistory {
  findRun(run: RunId): StoredRun | null;
  /** The last `limit` runs, newest first. */
  findRuns(limit: number): readonly StoredRun[];
  /** The tasks that ended in a run, in the order in which they ended; those whose answers were there already are not among them. */
  findTasksOfRun(run: RunId): readonly EndedRunTask[];
  /**
   * All that a run asked, and how it went. A list is kept in parts, each once however many runs share it; yields after each
   * part, so that the caller can let others run.
   */
  saveAskedTasks(run: RunId, tasks: readonly AskedTask[]): Generator<void, void>;
  /** Null where the run has no such list: it did not come to its end, or ran before there were any. */
  readAskedTasks(run: RunId): readonly AskedTask[] | null;
  /** Which providers made the rows of these examples, and in which runs; by run, then by provider. */
  findRowMakers(recipe: Recipe, examples: readonly string[]): readonly RowMaker[];
  /** The providers that made any of the rows that are stored, in the order of their names. */
  findRowProviders(): readonly string[];
  /**
   * What computed tasks of an op took, newest run first. Of the tasks of a run it is those with the lowest fingerprints, which
   * is a fair draw, and the same every time.
   */
  findCosts(query: CostQuery): readonly PastCost[];
  /** What it took to answer these very questions, newest first, any number of times each. Thousands at a time. */
  findCostsOf(fingerprints: readonly Fingerprint[]): readonly PastCost[];
  /** The questions that have this very artifact for an answer, in no order. */
  findQuestionsOf(artifact: Digest): readonly Fingerprint[];
}

export type RunId = number;

export interface StoredRun {
  readonly run: RunId;
  /** The program's file name, without folders. */
  readonly program: string;
  readonly startedAt: Date;
  /** JSON; see `NewRun`. */
  readonly environment: string;
  /** Null where the run did not come to its end. */
  readonly end: RunEnd | null;
}

export interface RunEnd {
  readonly finishedAt: Date;
  /** How it went, as JSON. */
  readonly summary: string;
}

/** One task of a run's plan: what it asked and how it ended. */
export interface AskedTask {
  /** The task's label, unique within a run in nearly every program. */
  readonly label: string;
  readonly fingerprint: Fingerprint;
  readonly outcome: string;
  readonly reason: string | null;
  /** The value of a score that a table names; null for every other task, and where there is no value. */
  readonly score: number | null;
}

export interface EndedRunTask {
  readonly slot: string;
  readonly fingerprint: Fingerprint;
  readonly outcome: string;
  readonly reason: string | null;
  readonly seconds: number;
  /** Null for what was not worked on, or was before times were kept. */
  readonly times: TaskTimes | null;
}

/** When a task was worked on, in milliseconds since its run's start. Tasks of one fused call have the same times. */
export interface TaskTimes {
  /** From 0: tasks of one track never overlap, but for those that share a call. */
  readonly track: number;
  readonly startedMs: number;
  /** When its own work began, after it had waited for others; null where it found its answer instead. */
  readonly runningMs: number | null;
  readonly endedMs: number;
  /** Per-example ops: how many distinct examples had no row, and how many there are. */
  readonly examples: { readonly missing: number; readonly total: number } | null;
  /** The shards of rows that it stored. */
  readonly shards: readonly StoredShard[];
}

export interface StoredShard {
  readonly atMs: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface RowMaker {
  /** The provider and runtime version, e.g. `cpu onnxruntime 1.30.0`. */
  readonly madeBy: string;
  readonly run: RunId;
  /** How many of the examples. */
  readonly rows: number;
}

/** What a computed task took. */
export interface ComputedCost {
  readonly op: string;
  /** The op's version. */
  readonly version: number;
  /** Seconds that it would have taken with the machine to itself: of a fused call, its share. */
  readonly seconds: number;
  /** Tasks that shared its call. */
  readonly members: number;
  /** Per-example ops: how many rows were made, and how many examples there were. */
  readonly examples: { readonly made: number; readonly total: number } | null;
  /** Bytes of the artifact and of the rows that it stored; what an equal artifact shares is not taken off. */
  readonly storedBytes: number;
  /** Bytes of all that it was handed. */
  readonly inputBytes: number;
  /** Bytes of what a task that takes its output is handed. */
  readonly outputBytes: number;
  /** The most memory that its workers held, in bytes; null where that is not known. Of a fused call, that of the whole. */
  readonly peakBytes: number | null;
}

export interface PastCost extends ComputedCost {
  readonly run: RunId;
  readonly fingerprint: Fingerprint;
  /** What was asked, as canonical JSON. */
  readonly manifest: string;
}

export interface CostQuery {
  readonly op: string;
  /** At most so many tasks, */
  readonly tasks: number;
  /** so many of them of one run, */
  readonly tasksOfRun: number;
  /** and only of runs such as these. */
  readonly isWanted: (run: StoredRun) => boolean;
}
