import { expect, it } from "vitest";
import type { PlannedTask } from "../1-plan/plan.ts";
import { ReadyQueue, type QueueOptions } from "./ready-queue.ts";
import { samplePlan } from "./sample-plan.ts";

/** The order in which tasks start, if each ends before the next one starts. */
function orderOf(
  tasks: readonly PlannedTask[],
  { slots = 2, seconds = {} }: { slots?: number; seconds?: Record<string, number> } = {},
): string {
  const expected: QueueOptions["expected"] = new Map(
    Object.entries(seconds).map(([id, each]) => [id, { seconds: each }]),
  );
  const queue = new ReadyQueue(tasks, { slots, expected });
  const order: string[] = [];
  for (let next = queue.next(); next !== null; next = queue.next()) {
    order.push(next.task.id);
    queue.release(next.task.id);
  }
  return order.join(" ");
}

const chain = { short: [], one: [], two: ["one"], three: ["two"] };

it("starts the longest path first where there are several slots", () => {
  expect(orderOf(samplePlan(chain))).toBe("one two short three");
  expect(orderOf(samplePlan(chain), { slots: 1 })).toBe("short one two three");
});

it("goes by predicted seconds where there are any", () => {
  expect(orderOf(samplePlan(chain), { seconds: { short: 10 } })).toBe("short one two three");
  expect(orderOf(samplePlan({ a: [], b: [], c: [] }), { seconds: { a: 1, b: 2, c: 30 } })).toBe("c b a");
});

it("keeps the plan's order among equal paths", () => {
  expect(orderOf(samplePlan({ a: [], b: [], c: [], d: [] }))).toBe("a b c d");
});

it("goes trial by trial while no path is long against all that is left", () => {
  const trials = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      [`fit${String(index)}`, []],
      [`score${String(index)}`, [`fit${String(index)}`]],
    ]).flat() as [string, string[]][],
  );
  const order = orderOf(samplePlan({ ...trials, long1: [], long2: ["long1"], long3: ["long2"] })).split(" ");
  expect(order.slice(0, 4)).toEqual(["fit0", "score0", "fit1", "score1"]);
  // Before the end, where it alone would be left.
  expect(order.indexOf("long1")).toBeLessThan(order.indexOf("fit37"));
  const urgent = orderOf(samplePlan({ ...trials, long1: [], long2: ["long1"] }), { seconds: { long2: 60 } });
  expect(urgent.split(" ").slice(0, 2)).toEqual(["long1", "long2"]);
});

it("takes back, and hands out together what is wanted together", () => {
  const queue = new ReadyQueue(samplePlan(chain), { slots: 2, expected: new Map() });
  expect(queue.next()?.task.id).toBe("one");
  queue.putBack("one");
  expect(queue.takeAll(() => true).map(({ task }) => task.id)).toEqual(["short", "one"]);
  expect(queue.next()).toBeNull();
  queue.release("one");
  expect(queue.next()?.task.id).toBe("two");
});
