import type { Plan } from "../1-plan/plan.ts";
import type { RunId, Store } from "../store/store.ts";
import type { Emit } from "./events.ts";
import type { Executor } from "./executor.ts";
import type { TaskLeases } from "./task-leases.ts";

/** What carrying out a plan needs. */
export interface ExecuteOptions {
  readonly plan: Plan;
  readonly store: Store;
  readonly executor: Executor;
  /** What this run is computing; other runs on the store leave that alone, and this one what is theirs. */
  readonly leases: TaskLeases;
  readonly run: RunId;
  /** The program's file name: the first half of every slot. */
  readonly program: string;
  readonly emit: Emit;
  /** Whether an answer that was stored and turns out to be lost may be computed anew (by default it may). */
  readonly mayRestore?: boolean;
  /** Aborted: start nothing more, drop or finish what runs, and come back. */
  readonly signal: AbortSignal;
}
