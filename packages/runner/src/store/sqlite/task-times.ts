import type { TaskTimes } from "../store.ts";

/** The columns of `run_task` that hold a task's times; all null where it has none. */
export interface TimeColumns {
  readonly track: number | null;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
  /** JSON of what is only ever shown. */
  readonly details: string | null;
}

export function packTimes(times: TaskTimes | undefined): TimeColumns {
  if (times === undefined) return { track: null, started_ms: null, ended_ms: null, details: null };
  const { track, startedMs, endedMs, ...details } = times;
  return { track, started_ms: startedMs, ended_ms: endedMs, details: JSON.stringify(details) };
}

/** The times in a row that has been verified. */
export function unpackTimes({ track, started_ms, ended_ms, details }: TimeColumns): TaskTimes | null {
  if (track === null || started_ms === null || ended_ms === null || details === null) return null;
  const rest = JSON.parse(details) as Omit<TaskTimes, "track" | "startedMs" | "endedMs">;
  return { track, startedMs: started_ms, endedMs: ended_ms, ...rest };
}
