import { expect, it } from "vitest";
import { samplePlan } from "../sample-plan.ts";
import type { TaskPrediction } from "./predict-tasks.ts";
import { simulateRun } from "./simulate-run.ts";

const single: TaskPrediction = {
  seconds: 2,
  bytes: 0,
  basis: "recipe",
  isSpread: false,
  isAssumed: false,
  isBeyond: false,
  peakBytes: null,
};
const spread: TaskPrediction = { ...single, isSpread: true };

function secondsOf(
  tasks: Readonly<Record<string, readonly [prediction: TaskPrediction | null, inputs: readonly string[]]>>,
  machine: Parameters<typeof simulateRun>[2],
): number {
  const entries = Object.entries(tasks);
  const plan = samplePlan(Object.fromEntries(entries.map(([id, [, inputs]]) => [id, inputs])));
  const predicted = new Map(entries.flatMap(([id, [prediction]]) => (prediction === null ? [] : [[id, prediction]])));
  return simulateRun(plan, { predicted }, machine);
}

it("with one job is the sum, with more what the chains and the cores allow", () => {
  const tasks = { a: [single, []], b: [single, []], c: [single, ["a"]], d: [null, ["c"]] } as const;
  expect(secondsOf(tasks, { slots: 1, cores: 4 })).toBe(6);
  expect(secondsOf(tasks, { slots: 2, cores: 4 })).toBe(4);
  expect(secondsOf(tasks, { slots: 8, cores: 1 })).toBeCloseTo(6);
  expect(secondsOf({ a: [single, []], b: [single, ["a"]], c: [single, ["b"]] }, { slots: 8, cores: 8 })).toBe(6);
});

it("gains nothing where each call uses all cores anyway", () => {
  const tasks = { a: [spread, []], b: [spread, []], c: [spread, []] } as const;
  expect(secondsOf(tasks, { slots: 1, cores: 4 })).toBe(6);
  expect(secondsOf(tasks, { slots: 3, cores: 4 })).toBeCloseTo(6);
});
