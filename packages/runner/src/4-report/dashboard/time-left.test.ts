import { describe, expect, it } from "vitest";
import { sampleRun } from "../../../../../tests/cli/sample-run.ts";
import type { RunEvent } from "../run-event.ts";
import { foldEvents, initialState } from "./dashboard-state.ts";
import { gatherFacts } from "./task-facts.ts";
import { estimateTimeLeft, type TimeLeft } from "./time-left.ts";

const run = sampleRun({
  ...{ backbones: ["one", "two"], heads: ["linear"], seeds: 5, metrics: ["auroc"], images: 640 },
  seconds: { image: 0.1, fit: 30, score: 0.1 },
});
const facts = gatherFacts(run.graph);

function leftAfter(events: readonly RunEvent[], slots = 1): TimeLeft | null {
  const now = Date.parse(events.at(-1)?.time ?? "");
  return estimateTimeLeft(foldEvents(initialState, events), { facts, slots, now });
}

function endOf(task: string): readonly RunEvent[] {
  const index = run.events.findIndex((event) => event.event === "task.finished" && event.task === task);
  return run.events.slice(0, index + 1);
}

describe("the time that a run has left", () => {
  it("is not said while nothing like what is to come has finished", () => {
    expect(leftAfter(run.events.slice(0, 6))).toBeNull();
    expect(leftAfter(endOf("extract:one"))).toBeNull();
  });

  it("is more than what is known, while some tasks are like none that has finished", () => {
    // Of backbone one: 4 fits and 4 scores; nothing of backbone two is known.
    const left = leftAfter(endOf("auroc:one.linear.0"));
    expect(left?.seconds).toBeCloseTo(4 * 30.1);
    expect(left?.isLowerBound).toBe(true);
  });

  it("is the sum over what is left once everything is known, shared among the slots", () => {
    const events = endOf("auroc:two.linear.0");
    expect(leftAfter(events)?.seconds).toBeCloseTo(4 * 30.1);
    expect(leftAfter(events)?.isLowerBound).toBe(false);
    expect(leftAfter(events, 2)?.seconds).toBeCloseTo(2 * 30.1);
  });

  it("is what runs alone once somebody has asked to stop", () => {
    const index = run.events.findIndex((event) => event.event === "task.progress" && event.done === 320);
    const events = run.events.slice(0, index + 1);
    const time = events.at(-1)?.time ?? "";
    expect(leftAfter([...events, { event: "run.interrupted", time }])?.seconds).toBeCloseTo(32);
  });

  it("is not said of a run that has ended", () => {
    expect(leftAfter(run.events)).toBeNull();
  });
});
