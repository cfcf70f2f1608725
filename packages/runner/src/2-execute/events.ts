import type { Origin, TaskId } from "@exp-lab/dsl";
import type { Comparison, Ranking, Score } from "@exp-lab/ops";
import type { ChosenDevice } from "./execute-options.ts";
import type { TaskFailure, TaskOutcome } from "./outcome.ts";

/**
 * All that the engine ever says, in the order in which it happens. Reporters fold over it (and over `run.finished`,
 * which carries the tables); nothing else reaches a screen. The command line's contract fixes the names.
 */
export type EngineEvent =
  | RunStarted
  | FilesHashing
  | RunPlanned
  | RunDevice
  | TaskWaiting
  | TaskStarted
  | TaskProgress
  | TaskRetried
  | TaskFinished
  | ScoreKnown
  | ComparisonKnown
  | RankingKnown
  | RunInterrupted;

export interface Timed {
  /** ISO 8601, UTC. */
  readonly time: string;
}

export interface RunStarted extends Timed {
  readonly event: "run.started";
  readonly version: 1;
  readonly run: number;
  readonly program: string;
}

/** What the plan says, before the first task. */
export interface RunPlanned extends Timed {
  readonly event: "run.planned";
  readonly tasks: number;
  readonly hits: number;
  readonly maybes: number;
  readonly misses: number;
  /** The tasks that are not stored, those that may turn out to be the same as before included, in the plan's order. */
  readonly toRun: readonly TaskId[];
}

/** Where backbones run: said once, after the first plan that has images to pass and before any of it runs. */
export interface RunDevice extends Timed, ChosenDevice {
  readonly event: "run.device";
}

/** Input files are being read for their digests, before the plan is known. */
export interface FilesHashing extends Timed {
  readonly event: "files.hashing";
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Another run on the same store is computing the task: this one waits for its answer. Said once of a task. */
export interface TaskWaiting extends Timed {
  readonly event: "task.waiting";
  readonly task: TaskId;
  readonly op: string;
  readonly label: string;
  readonly host: string;
  readonly pid: number;
}

export interface TaskStarted extends Timed {
  readonly event: "task.started";
  readonly task: TaskId;
  readonly op: string;
  readonly label: string;
  /** Per-example ops: how many distinct images have no row yet, and how many there are. */
  readonly examples?: { readonly missing: number; readonly total: number };
}

export interface TaskProgress extends Timed {
  readonly event: "task.progress";
  readonly task: TaskId;
  readonly done: number;
  readonly total: number;
}

/** Part of a task failed for a cause that may pass, and is tried once more, or otherwise. */
export interface TaskRetried extends Timed {
  readonly event: "task.retried";
  readonly task: TaskId;
  readonly label: string;
  /** The code of the failure: `out-of-memory` or `worker-lost`. */
  readonly cause: string;
  /** Images of a batch from now on, where those were too many. */
  readonly batchSize?: number;
}

export interface TaskFinished extends Timed {
  readonly event: "task.finished";
  readonly task: TaskId;
  readonly op: string;
  readonly label: string;
  readonly outcome: TaskOutcome["outcome"];
  readonly reason?: "stored" | "same-bytes";
  readonly seconds: number;
  /** Examples that went through a backbone for this task. */
  readonly forwardPasses?: number;
  readonly failure?: Omit<TaskFailure, "stack"> & { readonly stack?: string };
  /** For `failed`: the declaration that asked for the task. */
  readonly origin?: Origin;
  /** For `skipped`: the failed task that it hangs on. */
  readonly because?: TaskId;
}

/**
 * The value of a score that a table's cell names. Of a stored score right after the plan, before anything runs; of any
 * other right after the end of its task.
 */
export interface ScoreKnown extends Timed {
  readonly event: "score.known";
  readonly task: TaskId;
  readonly score: Score;
}

/** The intervals and tests of the cells that are held against each other; told as scores are. */
export interface ComparisonKnown extends Timed {
  readonly event: "comparison.known";
  readonly task: TaskId;
  readonly comparison: Comparison;
}

/** How a table's rows rank over its data sets; told as scores are. */
export interface RankingKnown extends Timed {
  readonly event: "ranking.known";
  readonly task: TaskId;
  readonly ranking: Ranking;
}

/** Somebody asked to stop: what is running is being finished or dropped. */
export interface RunInterrupted extends Timed {
  readonly event: "run.interrupted";
}

export interface RunSummary {
  readonly tasks: number;
  readonly cached: number;
  readonly computed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cancelled: number;
  readonly forwardPasses: number;
  readonly seconds: number;
}

/** An event before its time is set. */
export type Untimed<Event> = Event extends Timed ? Omit<Event, "time"> : never;

export type Emit = (event: Untimed<EngineEvent>) => void;
