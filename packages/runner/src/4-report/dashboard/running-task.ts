import type { TaskProgress, TaskStarted } from "../../2-execute/events.ts";

/** A task under way, and how fast it has been lately. Times are milliseconds since 1970. */
export interface RunningTask {
  readonly started: TaskStarted;
  readonly startedAt: number;
  /** The last word on how far it is; null before the first. */
  readonly progress: (Mark & { readonly total: number }) | null;
  /** Two earlier marks, at least `rateSpan` apart: the rate is measured from the older one. */
  readonly anchors: readonly [older: Mark, newer: Mark];
}

export interface Mark {
  readonly at: number;
  readonly done: number;
}

/** What a rate is taken over, at least (ms): shorter ones jump about. */
const rateSpan = 10_000;

/** A rate is said once the task has run for so long (ms). */
const patience = 2000;

export function startedTask(started: TaskStarted): RunningTask {
  const startedAt = Date.parse(started.time);
  const mark = { at: startedAt, done: 0 };
  return { started, startedAt, progress: null, anchors: [mark, mark] };
}

export function progressed(task: RunningTask, { done, total, time }: TaskProgress): RunningTask {
  const mark = { at: Date.parse(time), done };
  const [, newer] = task.anchors;
  const isDue = mark.at - newer.at >= rateSpan;
  return { ...task, progress: { ...mark, total }, anchors: isDue ? [newer, mark] : task.anchors };
}

/** Images or steps per second; null while that cannot be told. */
export function rateOf({ progress, anchors: [older] }: RunningTask, now: number): number | null {
  if (progress === null || progress.done <= older.done) return null;
  const lasted = Math.max(now, progress.at) - older.at;
  return lasted < patience ? null : ((progress.done - older.done) * 1000) / lasted;
}

/** How long the task will go on (s); null while that cannot be told. */
export function secondsLeft(task: RunningTask, now: number): number | null {
  const rate = rateOf(task, now);
  const { progress } = task;
  if (rate === null || progress === null || progress.total <= 0) return null;
  const left = (progress.total - progress.done) / rate;
  // What was to be done since the last word is taken off, as far as it goes.
  return Math.max(0, left - Math.max(0, now - progress.at) / 1000);
}

export function secondsSince(at: number, now: number): number {
  return Math.max(0, now - at) / 1000;
}
