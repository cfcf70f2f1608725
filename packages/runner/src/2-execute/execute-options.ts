import type { Device } from "@exp-lab/ops";
import type { Plan } from "../1-plan/plan.ts";
import type { RunId, Store } from "../store/store.ts";
import type { Emit } from "./events.ts";
import type { Executor } from "./executor.ts";
import type { ExpectedSeconds } from "./remaining-paths.ts";
import type { TaskLeases } from "./task-leases.ts";

/**
 * `continue`: everything goes on that does not hang on what failed. `finish`: what has begun is finished, nothing else begins.
 * `stop`: what has begun is dropped too.
 */
export type FailureMode = "continue" | "finish" | "stop";

/** Where the graphs of backbones run, and why there. */
export interface ChosenDevice {
  readonly device: Device;
  /** e.g. `NVIDIA H100 80GB HBM3`; null where it is not known. */
  readonly name: string | null;
  /** Faster ones that cannot be used, with few words on each. */
  readonly passedOver: readonly { readonly device: Device; readonly why: string }[];
}

/** What carrying out a plan needs. */
export interface ExecuteOptions {
  readonly plan: Plan;
  readonly store: Store;
  readonly executor: Executor;
  /** What this run is computing; other runs on the store leave that alone, and this one what is theirs. */
  readonly leases: TaskLeases;
  readonly run: RunId;
  /** Where the graphs of per-example ops run (by default the CPU). */
  readonly device?: Device;
  /** Cores that the run can use (by default as many as the executor has slots): for what is noted of the tasks' time. */
  readonly cores?: number;
  /** What tasks should take, as far as that is known: for the order in which they start and what runs side by side. */
  readonly expected?: ExpectedSeconds;
  /** Memory that tasks which run side by side may be expected to hold (by default as much as they like). */
  readonly memoryBytes?: number;
  /** Milliseconds since the run's start. */
  readonly sinceStart: () => number;
  /** The program's file name: the first half of every slot. */
  readonly program: string;
  readonly emit: Emit;
  /** Whether an answer that was stored and turns out to be lost may be computed anew (by default it may). */
  readonly mayRestore?: boolean;
  /** What becomes of the rest when a task fails (by default `continue`). */
  readonly onFailure?: FailureMode;
  /** Seconds that a task may take; it fails after that (by default as long as it likes). */
  readonly taskSeconds?: number;
  /** Aborted: start nothing more, drop or finish what runs, and come back. */
  readonly signal: AbortSignal;
}
