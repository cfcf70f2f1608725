import type { EndedRunTask, TaskTimes } from "../../store/store.ts";
import { counter, firstTaskTrack, moment, storeTrack, stretch, type TraceEvent } from "./trace-event.ts";

/** A task that was worked on, ready to be drawn. */
export interface TracedTask extends EndedRunTask {
  readonly label: string;
  readonly op: string;
  readonly times: TaskTimes;
}

/** Tasks of one call, which have their time in common. */
interface Call {
  readonly tasks: readonly TracedTask[];
  readonly track: number;
  readonly started: number;
  /** When it set to work, after it had waited. */
  readonly running: number;
  readonly ended: number;
}

/** Less than this (microseconds) of waiting is not drawn. */
const shownWait = 1000;

/**
 * The tasks on their tracks, and what was stored meanwhile. Tasks that shared one call stand side by side, each with an
 * even share of its time, as in their `seconds`; what the whole call took is among their arguments.
 */
export function taskEvents(tasks: readonly TracedTask[]): readonly TraceEvent[] {
  const calls = groupByCall(tasks);
  return [...calls.flatMap(callEvents), ...shardEvents(tasks), ...workCounters(calls)];
}

function groupByCall(tasks: readonly TracedTask[]): readonly Call[] {
  const groups = new Map<string, TracedTask[]>();
  for (const task of tasks) {
    const { track, startedMs, endedMs } = task.times;
    const key = [track, startedMs, endedMs].join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [task]);
    else group.push(task);
  }
  return [...groups.values()].map((group): Call => {
    const { track, startedMs, endedMs } = group[0]!.times;
    const [started, ended] = [inMicroseconds(startedMs), inMicroseconds(endedMs)];
    const set = group.flatMap(({ times }) => (times.runningMs === null ? [] : [inMicroseconds(times.runningMs)]));
    const running = Math.min(ended, Math.max(started, ...set));
    return { tasks: group, track: firstTaskTrack + track, started, running, ended };
  });
}

function callEvents(call: Call): readonly TraceEvent[] {
  const { tasks, track, started, running, ended } = call;
  const hasWaited = running - started >= shownWait;
  const from = hasWaited ? running : started;
  const edgeOf = (index: number): number => from + Math.floor(((ended - from) * index) / tasks.length);
  const shared = tasks.length === 1 ? {} : { call: { tasks: tasks.length, ts: from, dur: ended - from } };
  const shares = tasks.map((task, index) =>
    stretch({
      name: task.label,
      ts: edgeOf(index),
      dur: edgeOf(index + 1) - edgeOf(index),
      tid: track,
      cat: task.op,
      args: { ...argumentsOf(task), ...shared },
    }),
  );
  if (!hasWaited) return shares;
  const name = `waiting: ${tasks[0]?.label ?? ""}`;
  return [stretch({ name, ts: started, dur: running - started, tid: track, cat: "waiting" }), ...shares];
}

function argumentsOf({ op, fingerprint, outcome, reason, seconds, times }: TracedTask): TraceEvent["args"] {
  return {
    op,
    fingerprint,
    outcome,
    ...(reason === null ? {} : { reason }),
    seconds,
    ...(times.examples === null ? {} : { examples: times.examples }),
    ...(times.shards.length === 0 ? {} : { shards: times.shards.length }),
  };
}

function shardEvents(tasks: readonly TracedTask[]): readonly TraceEvent[] {
  const shards = tasks
    .flatMap(({ label, times }) => times.shards.map((shard) => ({ label, ...shard })))
    .sort((a, b) => a.atMs - b.atMs);
  let stored = 0;
  return shards.flatMap(({ label, atMs, rows, bytes }) => {
    const ts = inMicroseconds(atMs);
    stored += rows;
    return [
      moment({ name: "shard stored", ts, tid: storeTrack, cat: "store", args: { task: label, rows, bytes } }),
      counter("rows stored", ts, stored),
    ];
  });
}

/** How many calls were under way, and how many tasks had ended, at every change. */
function workCounters(calls: readonly Call[]): readonly TraceEvent[] {
  const changes = calls
    .flatMap(({ started, ended, tasks }) => [
      { ts: started, atWork: 1, ended: 0 },
      { ts: ended, atWork: -1, ended: tasks.length },
    ])
    .sort((a, b) => a.ts - b.ts || a.atWork - b.atWork);
  let [atWork, ended] = [0, 0];
  return changes.flatMap((change) => {
    atWork += change.atWork;
    ended += change.ended;
    return [
      counter("slots at work", change.ts, Math.max(0, atWork)),
      ...(change.ended === 0 ? [] : [counter("tasks ended", change.ts, ended)]),
    ];
  });
}

export function inMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
