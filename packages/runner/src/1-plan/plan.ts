import type { TableSpec, Task, TaskId } from "@exp-lab/dsl";
import type { Op } from "@exp-lab/ops";
import type { Digest, Fingerprint, Recipe } from "../hash/digests.ts";
import type { WatchedFile } from "./watched-file.ts";

/** A graph with hit or miss decided for every task that the tables need. Nothing has run. */
export interface Plan {
  /** Inputs come first. */
  readonly tasks: readonly PlannedTask[];
  readonly tables: readonly TableSpec[];
  readonly summary: PlanSummary;
}

export interface PlanSummary {
  readonly tasks: number;
  readonly hits: number;
  readonly maybes: number;
  readonly misses: number;
  /** Input files whose digests are not known; what hangs on them counts as a miss. */
  readonly unhashed: { readonly files: number; readonly bytes: number };
}

/**
 * `hit`: an answer is stored. `maybe`: it would be a hit if an upstream that must run gives the bytes it gave before.
 * `miss`: it must run.
 */
export type PlanStatus = "hit" | "maybe" | "miss";

export interface PlannedTask {
  readonly task: Task;
  readonly op: Op;
  readonly status: PlanStatus;
  /** Null where a file that the question hangs on is not hashed. */
  readonly question: PlannedQuestion | null;
  /** The stored answer of a hit. */
  readonly answer: PlannedAnswer | null;
  /** Of a task that must run: the digest of what it gave the last time, or would give if its inputs gave what they gave. */
  readonly former: Digest | null;
  /** Per-example ops only, and only where both the examples and the recipe of the rows are known. */
  readonly examples: { readonly hit: number; readonly miss: number } | null;
}

export interface PlannedQuestion {
  readonly fingerprint: Fingerprint;
  /** The manifest's canonical JSON. */
  readonly text: string;
  readonly contentRecipe: Recipe;
  readonly fileDigests: Readonly<Record<string, Digest>>;
  readonly sourceDigests?: ReadonlyMap<string, Digest>;
  /** The files that the task itself reads. */
  readonly files: readonly WatchedFile[];
  /** A file of its weights that was not here when this was asked; its digest is that which the store remembers. */
  readonly absentWeights?: string;
}

export interface PlannedAnswer {
  readonly kind: string;
  readonly artifact: Digest;
  /** True where the question itself is new, but inputs of the same bytes have been answered. */
  readonly byContent: boolean;
}

/** Names a task across edits of the program: `why` compares the questions that were asked in one slot. */
export function slotOf(program: string, task: Task): string {
  return `${program}#${task.label}`;
}

export type PlannedById = ReadonlyMap<TaskId, PlannedTask>;
