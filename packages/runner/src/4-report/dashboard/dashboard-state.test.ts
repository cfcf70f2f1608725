import { describe, expect, it } from "vitest";
import { sampleRun } from "../../../../../tests/cli/sample-run.ts";
import type { RunEvent } from "../run-event.ts";
import { foldEvents, initialState, reduceState } from "./dashboard-state.ts";

const { events } = sampleRun({
  ...{ backbones: ["one", "two", "three"], heads: ["linear"], seeds: 2, metrics: ["auroc"], images: 128 },
  ...{ stored: "one", failing: "three", seconds: { image: 0.01, fit: 1, score: 0.1 } },
});

describe("the state of a dashboard", () => {
  it("counts every task once and keeps scores, failures and what did something", () => {
    const state = foldEvents(initialState, events);
    expect(state.counts).toEqual({ cached: 6, computed: 7, failed: 1, skipped: 4, cancelled: 0 });
    expect(state.running.size).toBe(0);
    expect([...state.scores.values()].map((score) => score.state).sort()).toEqual([
      ...["done", "done", "done", "done"],
      ...["failed", "failed", "failed", "failed", "failed"],
    ]);
    expect(state.failures.map(({ event }) => event.task)).toEqual(["extract:three"]);
    expect(state.log).toHaveLength(8);
    expect(state.summary?.tasks).toBe(18);
  });

  it("is the same whether events come one by one or together, and never changes a state given away", () => {
    const frozen = JSON.stringify(initialState);
    let state = initialState;
    const states = events.map((event) => (state = reduceState(state, event)));
    const counts = states.map(({ counts: of, ended }) => [JSON.stringify(of), ended.size]);
    expect(state).toEqual(foldEvents(initialState, events));
    expect(states.map(({ counts: of, ended }) => [JSON.stringify(of), ended.size])).toEqual(counts);
    expect(JSON.stringify(initialState)).toBe(frozen);
  });

  it("counts a task once that is computed anew because its stored answer was lost", () => {
    const end: RunEvent = {
      ...{ event: "task.finished", time: "2026-01-05T10:00:00.000Z", op: "vit", label: "vit", seconds: 1 },
      ...{ task: "vit:one", outcome: "computed" },
    };
    const state = reduceState(foldEvents(initialState, events), end);
    expect(state.counts).toMatchObject({ cached: 5, computed: 8 });
  });

  it("begins anew when the plan is made a second time", () => {
    const planned = events.find((event) => event.event === "run.planned");
    const state = foldEvents(initialState, planned === undefined ? [] : [...events, planned]);
    expect(state.counts.computed).toBe(0);
    expect(state.failures).toEqual([]);
    expect(state.scores.size).toBe(0);
  });
});

it("knows what waits for another run until it has begun or ended", () => {
  const [first, second] = ["a", "b"].map((task): RunEvent => {
    return { event: "task.waiting", task, op: "linear", label: task, host: "node7", pid: 42, time: now };
  });
  const waiting = foldEvents(initialState, [first!, second!]);
  expect([...waiting.waiting.keys()]).toEqual(["a", "b"]);
  const begun = foldEvents(waiting, [{ event: "task.started", task: "a", op: "linear", label: "a", time: now }]);
  expect([...begun.waiting.keys()]).toEqual(["b"]);
  const end = { event: "task.finished", task: "b", op: "linear", label: "b", outcome: "cached", seconds: 0 } as const;
  expect(foldEvents(begun, [{ ...end, reason: "stored", time: now }]).waiting.size).toBe(0);
});

const now = "2026-01-05T09:00:00.000Z";
