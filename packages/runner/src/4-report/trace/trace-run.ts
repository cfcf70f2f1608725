import type { Manifest } from "../../1-plan/manifest.ts";
import { environmentOf } from "../../run-environment.ts";
import type { Store, StoredRun } from "../../store/store.ts";
import { inMicroseconds, taskEvents, type TracedTask } from "./task-events.ts";
import {
  firstTaskTrack,
  nameProcess,
  nameTrack,
  runTrack,
  storeTrack,
  stretch,
  type TraceDocument,
  type TraceEvent,
} from "./trace-event.ts";

export interface RunTrace {
  readonly document: TraceDocument;
  /** Tasks that are drawn: those that were worked on, and whose times are known. */
  readonly tasks: number;
}

/** What a run did when, from what is stored of it. What was stored before it has no time, and is not drawn. */
export function traceRun(run: StoredRun, store: Store): RunTrace {
  const tasks = tracedTasks(run, store);
  const tracks = Math.max(0, ...tasks.map(({ times }) => times.track + 1));
  const hasShards = tasks.some(({ times }) => times.shards.length > 0);
  const traceEvents = [
    nameProcess(`exp run ${String(run.run)}: ${run.program}`),
    ...nameTrack(runTrack, "run"),
    ...(hasShards ? nameTrack(storeTrack, "store") : []),
    ...Array.from({ length: tracks }, (_, track) =>
      nameTrack(firstTaskTrack + track, `slot ${String(track + 1)}`),
    ).flat(),
    ...runEvents(run),
    ...taskEvents(tasks),
  ];
  const otherData = {
    run: run.run,
    program: run.program,
    startedAt: run.startedAt.toISOString(),
    environment: environmentOf(run),
  };
  return { document: { traceEvents, displayTimeUnit: "ms", otherData }, tasks: tasks.length };
}

function tracedTasks({ run, program }: StoredRun, store: Store): readonly TracedTask[] {
  return store.findTasksOfRun(run).flatMap((task): readonly TracedTask[] => {
    if (task.times === null) return [];
    const label = task.slot.slice(task.slot.startsWith(`${program}#`) ? program.length + 1 : 0);
    const manifest = store.readManifest(task.fingerprint);
    const op = manifest === null ? "unknown" : (JSON.parse(manifest) as Manifest).op;
    return [{ ...task, times: task.times, label, op }];
  });
}

/** Planning, and then the tasks, of a run that came to its end. */
function runEvents({ end }: StoredRun): readonly TraceEvent[] {
  if (end === null) return [];
  const { plannedMs, ...summary } = JSON.parse(end.summary) as { plannedMs?: number; seconds: number };
  if (plannedMs === undefined) return [];
  const planned = inMicroseconds(plannedMs);
  const common = { tid: runTrack, cat: "run" };
  return [
    stretch({ ...common, name: "plan", ts: 0, dur: planned }),
    stretch({ ...common, name: "tasks", ts: planned, dur: inMicroseconds(summary.seconds * 1000), args: { summary } }),
  ];
}
