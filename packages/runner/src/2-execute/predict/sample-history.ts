import type { Fingerprint } from "../../hash/digests.ts";
import type { PastTask } from "./estimate-cost.ts";
import type { TaskTraits } from "./task-traits.ts";

/** Hand-made tasks for tests: what is not given is alike in all of them. */
export interface SampleTask {
  readonly name?: string;
  readonly version?: number;
  readonly params?: Readonly<Record<string, number | string>>;
  readonly members?: number;
  readonly rows?: number;
  readonly inputBytes?: number | null;
}

export function sampleTraits(task: SampleTask = {}): TaskTraits {
  const { name = "new", version = 1, params = {}, members = 1, rows = null, inputBytes = 1000 } = task;
  return {
    ...{ fingerprint: name as Fingerprint, version, members, rows, inputBytes },
    recipe: JSON.stringify([version, params]),
    params: new Map(Object.entries(params)),
  };
}

/** A past task of a run that took so many seconds, and stored ten bytes for each. */
export function samplePast(run: number, seconds: number, task: SampleTask = {}): PastTask {
  const name = task.name ?? `past ${String(run)} ${String(seconds)}`;
  return {
    run,
    traits: sampleTraits({ ...task, name }),
    cost: { seconds, storedBytes: 10 * seconds, outputBytes: 5, peakBytes: 7 },
  };
}
