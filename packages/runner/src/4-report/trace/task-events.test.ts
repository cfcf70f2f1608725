import { expect, it } from "vitest";
import type { Fingerprint } from "../../hash/digests.ts";
import type { TaskTimes } from "../../store/store.ts";
import { taskEvents, type TracedTask } from "./task-events.ts";

function taskOf(label: string, times: Partial<TaskTimes>): TracedTask {
  return {
    ...{ slot: `a.exp#${label}`, label, op: "fit", fingerprint: label as Fingerprint },
    ...{ outcome: "computed", reason: null, seconds: 1 },
    times: { track: 0, startedMs: 0, runningMs: 0, endedMs: 1, examples: null, shards: [], ...times },
  };
}

/** `name track from-to` of every stretch. */
function stretches(...tasks: readonly TracedTask[]): readonly string[] {
  return taskEvents(tasks).flatMap(({ name, ph, tid, ts, dur }) =>
    ph === "X" ? [`${name} ${String(tid)} ${String(ts)}-${String(ts + dur)}`] : [],
  );
}

it("a task has a stretch of its track", () => {
  expect(stretches(taskOf("a", { track: 3, startedMs: 2.5, runningMs: 2.6, endedMs: 10 }))).toEqual(["a 5 2500-10000"]);
});

it("tasks of one call share its time without a gap", () => {
  const times = { startedMs: 1, runningMs: 1, endedMs: 1.01 };
  expect(stretches(taskOf("a", times), taskOf("b", times), taskOf("c", times))).toEqual([
    "a 2 1000-1003",
    "b 2 1003-1006",
    "c 2 1006-1010",
  ]);
  expect(taskEvents([taskOf("a", times), taskOf("b", times)])[1]?.args["call"]).toEqual({
    tasks: 2,
    ts: 1000,
    dur: 10,
  });
});

it("what waited long before it set to work shows both", () => {
  expect(stretches(taskOf("a", { startedMs: 0, runningMs: 5, endedMs: 9 }))).toEqual([
    "waiting: a 2 0-5000",
    "a 2 5000-9000",
  ]);
});

it("an answer that was found takes no time", () => {
  expect(stretches(taskOf("a", { startedMs: 4, runningMs: null, endedMs: 4 }))).toEqual(["a 2 4000-4000"]);
});

it("counters follow what happened, in order", () => {
  const shards = [
    { atMs: 6, rows: 2, bytes: 8 },
    { atMs: 3, rows: 5, bytes: 20 },
  ];
  const events = taskEvents([
    taskOf("a", { startedMs: 0, endedMs: 8, shards }),
    taskOf("b", { track: 1, startedMs: 4, endedMs: 8.5 }),
    taskOf("c", { startedMs: 8, endedMs: 9 }),
  ]);
  const valuesOf = (name: string): readonly unknown[] =>
    events.flatMap(({ name: found, ph, ts, args }) => (ph === "C" && found === name ? [[ts, args[name]]] : []));
  expect(valuesOf("rows stored")).toEqual([
    [3000, 5],
    [6000, 7],
  ]);
  expect(valuesOf("slots at work")).toEqual([
    [0, 1],
    [4000, 2],
    [8000, 1],
    [8000, 2],
    [8500, 1],
    [9000, 0],
  ]);
  expect(valuesOf("tasks ended").at(-1)).toEqual([9000, 3]);
});
